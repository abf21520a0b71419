/** From few and large to many and small; sizes in rem, gap included, as wall.css draws them. */
export const DENSITIES = [
  { name: 'hero', widthRem: 24, heightRem: 13.5, atMost: 6 },
  { name: 'roomy', widthRem: 17, heightRem: 8.6, atMost: 60 },
  { name: 'normal', widthRem: 13.5, heightRem: 6.6, atMost: 160 },
  { name: 'compact', widthRem: 10.5, heightRem: 3.5, atMost: 400 },
  { name: 'dense', widthRem: 8.25, heightRem: 2.15, atMost: Number.POSITIVE_INFINITY },
] as const

export type Density = (typeof DENSITIES)[number]['name']

/** A phone scrolls anyway: there the tiles are rows across the screen, low when they are many. */
const PHONE_WIDTH_REM = 40
const PHONE_ROOMY_AT_MOST = 6

/**
 * The roomiest tiles with which `count` of them fit into the space without scrolling; where none fits, the smallest,
 * and the worst stand on top.
 */
export function chooseDensity(count: number, widthRem: number, heightRem: number): Density {
  if (widthRem < PHONE_WIDTH_REM) return count <= PHONE_ROOMY_AT_MOST ? 'roomy' : 'compact'
  for (const density of DENSITIES) {
    const columns = Math.max(1, Math.floor(widthRem / density.widthRem))
    if (count <= density.atMost && Math.ceil(count / columns) * density.heightRem <= heightRem) return density.name
  }
  return 'dense'
}
