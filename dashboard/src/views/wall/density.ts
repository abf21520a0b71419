/** From few and large to many and small; sizes in rem at scale 1, gap included, as tile.css draws them. */
export const DENSITIES = [
  { name: 'hero', widthRem: 24, heightRem: 14.3, atMost: 6 },
  { name: 'roomy', widthRem: 17, heightRem: 7.9, atMost: 60 },
  { name: 'normal', widthRem: 15, heightRem: 6.9, atMost: 160 },
  { name: 'compact', widthRem: 10.5, heightRem: 3.6, atMost: 400 },
  { name: 'dense', widthRem: 8.2, heightRem: 2.15, atMost: Number.POSITIVE_INFINITY },
] as const

export type Density = (typeof DENSITIES)[number]['name']
export type Fit = { density: Density; scale: number }

/** A phone scrolls anyway: there the tiles are rows across the screen, low when they are many. */
const PHONE_WIDTH_REM = 40
const PHONE_ROOMY_AT_MOST = 6
/** Tiles grow to fill the wall, but not beyond what still looks like one of many. */
const SCALES = [1.6, 1.45, 1.35, 1.25, 1.15, 1.08, 1] as const
/** Very many shrink instead, as long as their letters stay as large as on a desk. */
const SMALLER = [0.92, 0.84, 0.76, 0.68, 0.6] as const
const DESK_REM_PX = 16

/**
 * What a tile is wider than its scale alone would make it: where a name shares its line with marks, larger letters alone
 * would leave less of it.
 */
export function stretchOf(density: Density, scale: number): number {
  return density === 'compact' ? Math.max(1, Math.sqrt(scale)) : 1
}

/**
 * The roomiest and largest tiles with which `count` of them fit into the space without scrolling; where none fits, the
 * smallest, and the worst stand on top. `remPx` tells a wall (large) from a desk (16).
 */
export function chooseDensity(count: number, widthRem: number, heightRem: number, remPx: number): Fit {
  if (widthRem < PHONE_WIDTH_REM) return { density: count <= PHONE_ROOMY_AT_MOST ? 'roomy' : 'compact', scale: 1 }
  const fits = (density: (typeof DENSITIES)[number], scale: number) => {
    const columns = Math.max(1, Math.floor(widthRem / (density.widthRem * scale * stretchOf(density.name, scale))))
    return Math.ceil(count / columns) * density.heightRem * scale <= heightRem
  }
  for (const density of DENSITIES) {
    if (count > density.atMost) continue
    for (const scale of SCALES) if (fits(density, scale)) return { density: density.name, scale }
  }
  const dense = DENSITIES[4]
  const allowed = SMALLER.filter(scale => scale * remPx >= DESK_REM_PX)
  const scale = allowed.find(smaller => fits(dense, smaller)) ?? allowed.at(-1) ?? 1
  return { density: dense.name, scale }
}
