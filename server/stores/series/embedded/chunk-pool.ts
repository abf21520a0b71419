// Memory of the head: small chunks of samples out of large slabs, given back and used again, so that taking and letting go of
// millions of samples makes no work for the garbage collector.

/** Samples a chunk. */
export const CHUNK = 8
const SLAB_CHUNKS_BITS = 14
const SLAB_CHUNKS = 1 << SLAB_CHUNKS_BITS
const IN_SLAB = SLAB_CHUNKS - 1

/** Time as ms since its window's start, and value: sample i of chunk c is at ((c & IN_SLAB) * CHUNK + i) of slab c >> BITS. */
type Slab = { times: Int32Array; values: Float64Array; before: Int32Array }

const SLAB_BYTES = SLAB_CHUNKS * (CHUNK * 12 + 4)

export type ChunkPool = {
  /** A chunk that follows `before` (-1: none). */
  take(before: number): number
  /** Gives back a chunk and all before it. */
  giveBack(chunk: number): void
  before(chunk: number): number
  time(chunk: number, place: number): number
  value(chunk: number, place: number): number
  set(chunk: number, place: number, time: number, value: number): void
  /** Of chunks in use. */
  usedBytes(): number
  /** Of all slabs. */
  memoryBytes(): number
}

export function createChunkPool(): ChunkPool {
  const slabs: Slab[] = []
  let free = -1
  let used = 0
  let fresh = 0

  const slabOf = (chunk: number) => slabs[chunk >>> SLAB_CHUNKS_BITS] as Slab

  function makeSlab(): void {
    slabs.push({
      times: new Int32Array(SLAB_CHUNKS * CHUNK),
      values: new Float64Array(SLAB_CHUNKS * CHUNK),
      before: new Int32Array(SLAB_CHUNKS),
    })
  }

  return {
    take(before) {
      used++
      let chunk = free
      if (chunk >= 0) free = slabOf(chunk).before[chunk & IN_SLAB] ?? -1
      else {
        if (fresh === slabs.length * SLAB_CHUNKS) makeSlab()
        chunk = fresh++
      }
      slabOf(chunk).before[chunk & IN_SLAB] = before
      return chunk
    },
    giveBack(chunk) {
      for (let next = chunk; next >= 0; ) {
        const { before } = slabOf(next)
        const place = next & IN_SLAB
        const further = before[place] ?? -1
        before[place] = free
        free = next
        used--
        next = further
      }
      if (used === 0) {
        // Nothing is in use: a burst's memory goes back to the system.
        slabs.length = 0
        free = -1
        fresh = 0
      }
    },
    before: chunk => slabOf(chunk).before[chunk & IN_SLAB] ?? -1,
    time: (chunk, place) => slabOf(chunk).times[(chunk & IN_SLAB) * CHUNK + place] ?? 0,
    value: (chunk, place) => slabOf(chunk).values[(chunk & IN_SLAB) * CHUNK + place] ?? 0,
    set(chunk, place, time, value) {
      const slab = slabOf(chunk)
      const at = (chunk & IN_SLAB) * CHUNK + place
      slab.times[at] = time
      slab.values[at] = value
    },
    usedBytes: () => used * (CHUNK * 12 + 4),
    memoryBytes: () => slabs.length * SLAB_BYTES,
  }
}
