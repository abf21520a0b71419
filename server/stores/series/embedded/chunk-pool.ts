// Memory of the head: small chunks of samples out of large slabs, given back and used again, so that taking and letting go of
// millions of samples makes no work for the garbage collector. The slabs are shared: another thread packs what is in them.
import { reserveSamples, type SampleColumns } from './codec/sample-block.ts'

/** Samples a chunk. */
export const CHUNK = 8
const SLAB_CHUNKS_BITS = 14
const SLAB_CHUNKS = 1 << SLAB_CHUNKS_BITS
const IN_SLAB = SLAB_CHUNKS - 1

/** Time as ms since its window's start, and value: sample i of chunk c is at ((c & IN_SLAB) * CHUNK + i) of slab c >> BITS. */
export type Slab = { values: Float64Array; times: Int32Array; before: Int32Array }

const SLAB_BYTES = SLAB_CHUNKS * (CHUNK * 12 + 4)

export function slabOf(memory: SharedArrayBuffer): Slab {
  const count = SLAB_CHUNKS * CHUNK
  return {
    values: new Float64Array(memory, 0, count),
    times: new Int32Array(memory, count * 8, count),
    before: new Int32Array(memory, count * 12, SLAB_CHUNKS),
  }
}

/** Appends the samples of the chunks that end with `newest` to `columns`, oldest first, their times from `base` on. */
export function gatherChunks(
  slabs: readonly Slab[],
  { newest, count, base }: { newest: number; count: number; base: number },
  columns: SampleColumns,
): void {
  reserveSamples(columns, count)
  const { times, values } = columns
  let chunk = newest
  let place = (count - 1) % CHUNK
  for (let end = columns.length + count - 1; end >= columns.length; ) {
    const slab = slabs[chunk >>> SLAB_CHUNKS_BITS] as Slab
    const start = (chunk & IN_SLAB) * CHUNK
    for (let from = start + place; from >= start; from--, end--) {
      times[end] = (slab.times[from] ?? 0) + base
      values[end] = slab.values[from] ?? 0
    }
    place = CHUNK - 1
    chunk = slab.before[chunk & IN_SLAB] ?? -1
  }
  columns.length += count
}

export type ChunkPool = {
  /** A chunk that follows `before` (-1: none). */
  take(before: number): number
  /** Gives back a chunk and all before it. */
  giveBack(chunk: number): void
  before(chunk: number): number
  time(chunk: number, place: number): number
  value(chunk: number, place: number): number
  set(chunk: number, place: number, time: number, value: number): void
  slabs(): readonly Slab[]
  /** The same as memory that another thread can look at. */
  shared(): SharedArrayBuffer[]
  /** Of chunks in use. */
  usedBytes(): number
  /** Of all slabs. */
  memoryBytes(): number
}

export function createChunkPool(): ChunkPool {
  const slabs: Slab[] = []
  const shared: SharedArrayBuffer[] = []
  let free = -1
  let used = 0
  let fresh = 0

  const slabWith = (chunk: number) => slabs[chunk >>> SLAB_CHUNKS_BITS] as Slab

  function makeSlab(): void {
    const memory = new SharedArrayBuffer(SLAB_BYTES)
    shared.push(memory)
    slabs.push(slabOf(memory))
  }

  return {
    take(before) {
      used++
      let chunk = free
      if (chunk >= 0) free = slabWith(chunk).before[chunk & IN_SLAB] ?? -1
      else {
        if (fresh === slabs.length * SLAB_CHUNKS) makeSlab()
        chunk = fresh++
      }
      slabWith(chunk).before[chunk & IN_SLAB] = before
      return chunk
    },
    giveBack(chunk) {
      for (let next = chunk; next >= 0; ) {
        const { before } = slabWith(next)
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
        shared.length = 0
        free = -1
        fresh = 0
      }
    },
    before: chunk => slabWith(chunk).before[chunk & IN_SLAB] ?? -1,
    time: (chunk, place) => slabWith(chunk).times[(chunk & IN_SLAB) * CHUNK + place] ?? 0,
    value: (chunk, place) => slabWith(chunk).values[(chunk & IN_SLAB) * CHUNK + place] ?? 0,
    set(chunk, place, time, value) {
      const slab = slabWith(chunk)
      const at = (chunk & IN_SLAB) * CHUNK + place
      slab.times[at] = time
      slab.values[at] = value
    },
    slabs: () => slabs,
    shared: () => [...shared],
    usedBytes: () => used * (CHUNK * 12 + 4),
    memoryBytes: () => slabs.length * SLAB_BYTES,
  }
}
