// Where on the globe: how far two places lie apart, and whether a place lies in Indonesia. Pure.

export type Coordinates = { latitude: number; longitude: number }

/** Haversine on a sphere of 6,371 km: off by at most half a per cent. */
export function distanceKm(from: Coordinates, to: Coordinates): number {
  const radians = (degrees: number) => (degrees * Math.PI) / 180
  const [latitude, longitude] = [radians(to.latitude - from.latitude), radians(to.longitude - from.longitude)]
  const h =
    Math.sin(latitude / 2) ** 2 +
    Math.cos(radians(from.latitude)) * Math.cos(radians(to.latitude)) * Math.sin(longitude / 2) ** 2
  return 2 * 6371 * Math.asin(Math.sqrt(h))
}

type Corner = readonly [latitude: number, longitude: number]

/**
 * What lies inside Indonesia's bounds and is another country, roughly: off by some 10 km along the borders, which is
 * enough to tell Batam from Singapore. Who stands closer to a border says the country in the register of placements.
 */
const NEIGHBOURS: readonly (readonly Corner[])[] = [
  // The Malay peninsula and Singapore, along the middle of the strait.
  [
    ...([
      [6.3, 98.9],
      [5, 99.5],
      [4, 100.2],
      [3, 100.9],
      [2.1, 101.9],
      [1.75, 102.45],
      [1.18, 103.35],
    ] as const),
    ...([
      [1.16, 103.8],
      [1.23, 104.05],
      [1.27, 104.3],
      [1.35, 104.6],
      [6.3, 104.6],
    ] as const),
  ],
  // Sarawak, Brunei and Sabah, along the border on Borneo.
  [
    ...([
      [2.09, 109.62],
      [1.4, 109.8],
      [0.98, 110.3],
      [0.87, 110.8],
      [1.05, 111.85],
      [1.5, 112.2],
    ] as const),
    ...([
      [1.25, 113.7],
      [1.5, 114.6],
      [2.8, 115.1],
      [4.15, 115.85],
      [4.33, 116.3],
      [4.3, 117.2],
    ] as const),
    ...([
      [4.17, 117.6],
      [4.15, 118.4],
      [7, 119.5],
      [7, 109.62],
    ] as const),
  ],
  // The south of the Philippines.
  [
    [4.6, 118.5],
    [4.6, 121.5],
    [5.2, 124.5],
    [5.2, 126],
    [5.9, 126],
    [7, 127],
    [7, 118.5],
  ],
  // Timor-Leste with Atauro.
  [
    ...([
      [-8.95, 124.93],
      [-8.5, 125.1],
      [-8.1, 125.4],
      [-8.1, 125.75],
      [-8.35, 126.3],
      [-8.25, 127],
    ] as const),
    ...([
      [-8.3, 127.45],
      [-8.7, 127.3],
      [-9.55, 125.6],
      [-9.48, 125.1],
    ] as const),
  ],
  // Christmas Island.
  [
    [-10.2, 105.3],
    [-10.2, 106],
    [-10.8, 106],
    [-10.8, 105.3],
  ],
]

/** Whether a place lies in Indonesia, as far as coordinates can tell. */
export function isInIndonesia({ latitude, longitude }: Coordinates): boolean {
  const isWithinBounds = latitude >= -11.1 && latitude <= 6.2 && longitude >= 94.9 && longitude <= 141.05
  return isWithinBounds && !NEIGHBOURS.some(corners => isInside(corners, latitude, longitude))
}

/** Ray casting: a ray to the east crosses the outline an odd number of times. */
function isInside(corners: readonly Corner[], latitude: number, longitude: number): boolean {
  return (
    corners.filter(([top, left], index) => {
      const [bottom, right] = corners[(index + 1) % corners.length] ?? [top, left]
      if (top > latitude === bottom > latitude) return false
      return longitude < left + ((latitude - top) / (bottom - top)) * (right - left)
    }).length %
      2 ===
    1
  )
}
