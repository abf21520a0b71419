export type Rate = {
  /** So many bytes were added at this moment (monotonic milliseconds). */
  add(bytes: number, atMs: number): void
  /** Bytes a second, of late; undefined until a second reading. */
  bytesPerSecond(): number | undefined
}

/** Weighs what was added in the last hour most, so that one tick with facts does not shorten the promise. */
const MEMORY_MS = 3_600_000

export function createRate(): Rate {
  let sinceMs: number | undefined
  let lastMs = 0
  let bytes = 0
  let spanMs = 0
  return {
    add(more, atMs) {
      if (sinceMs === undefined) {
        sinceMs = atMs
        lastMs = atMs
        return
      }
      const gapMs = Math.max(0, atMs - lastMs)
      const kept = Math.exp(-gapMs / MEMORY_MS)
      bytes = bytes * kept + more
      spanMs = spanMs * kept + gapMs
      lastMs = atMs
    },
    bytesPerSecond: () => (spanMs > 0 ? (bytes * 1_000) / spanMs : undefined),
  }
}

/** How long the room lasts when nothing is delivered; undefined while no rate is known. */
export function secondsLeft(roomBytes: number, bytesPerSecond: number | undefined): number | undefined {
  if (bytesPerSecond === undefined || bytesPerSecond <= 0) return undefined
  return Math.round(Math.max(0, roomBytes) / bytesPerSecond)
}
