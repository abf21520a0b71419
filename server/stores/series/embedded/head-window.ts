// The samples of one window that are not yet in blocks: durable in the log, in memory in the order of their times.
import { CHUNK, type ChunkPool, gatherChunks } from './chunk-pool.ts'
import type { SampleColumns } from './codec/sample-block.ts'
import { createSlotTable } from './slot-table.ts'

/**
 * What a window holds, for another thread to read: the samples of series `ids[i]` (ascending) are the `counts[i]` of the chunks that
 * end with `newest[i]` in memory. Good as long as nothing is added to the window.
 */
export type WindowSamples = {
  ids: Uint32Array
  newest: Int32Array
  counts: Int32Array
  memory: readonly SharedArrayBuffer[]
}

export type HeadWindow = {
  /** Beginning of the window, UTC milliseconds. */
  from: number
  /** Log segment of its first sample: the log is needed from there on. */
  segment: number
  /** When its first sample came, by the collector's clock. */
  since: number
  /** Whether the sample is new; a second one at the same instant is not taken. `at` lies in the window. */
  add(id: number, at: number, value: number): boolean
  has(id: number, at: number): boolean
  hasSeries(id: number): boolean
  samples(): WindowSamples
  /** Appends the series' samples, oldest first, to `columns`, their times from `base` on. */
  gather(id: number, base: number, columns: SampleColumns): void
  sampleCount(): number
  /** Beside the pool's chunks. */
  memoryBytes(): number
  /** Gives its chunks back. */
  drop(): void
}

export function createHeadWindow(
  pool: ChunkPool,
  { from, segment, since }: { from: number; segment: number; since: number },
): HeadWindow {
  const slots = createSlotTable()
  /** The newest chunk of each slot, and how many samples there are: those before fill whole chunks. */
  let newest = new Int32Array(64)
  let counts = new Int32Array(64)
  let total = 0

  function widen(slot: number): void {
    const wider = (old: Int32Array<ArrayBuffer>) => {
      const array = new Int32Array(slot * 2)
      array.set(old)
      return array
    }
    newest = wider(newest)
    counts = wider(counts)
  }

  function slotFor(id: number): number {
    const slot = slots.slotFor(id)
    if (slot >= newest.length) widen(slot)
    if (counts[slot] === 0) newest[slot] = -1
    return slot
  }

  /** Whether a sample at `time` is there, looking from the newest on. */
  function holds(slot: number, time: number): boolean {
    let chunk = newest[slot] ?? -1
    for (let index = (counts[slot] ?? 0) - 1; index >= 0; index--) {
      const place = index % CHUNK
      const found = pool.time(chunk, place)
      if (found <= time) return found === time
      if (place === 0) chunk = pool.before(chunk)
    }
    return false
  }

  /** Opens a place at the end, then moves what is later than `time` up by one. */
  function insert(slot: number, time: number, value: number): void {
    const count = counts[slot] ?? 0
    let place = count % CHUNK
    if (place === 0) newest[slot] = pool.take(newest[slot] ?? -1)
    let chunk = newest[slot] ?? -1
    counts[slot] = count + 1
    total++
    for (let index = count - 1; index >= 0; index--) {
      const beforePlace = index % CHUNK
      const beforeChunk = place === 0 ? pool.before(chunk) : chunk
      const found = pool.time(beforeChunk, beforePlace)
      if (found < time) break
      pool.set(chunk, place, found, pool.value(beforeChunk, beforePlace))
      chunk = beforeChunk
      place = beforePlace
    }
    pool.set(chunk, place, time, value)
  }

  return {
    from,
    segment,
    since,
    add(id, at, value) {
      const slot = slotFor(id)
      const time = at - from
      const count = counts[slot] ?? 0
      const isNewest = count === 0 || pool.time(newest[slot] ?? -1, (count - 1) % CHUNK) < time
      if (!isNewest && holds(slot, time)) return false
      insert(slot, time, value)
      return true
    },
    has(id, at) {
      const slot = slots.find(id)
      return slot >= 0 && holds(slot, at - from)
    },
    hasSeries: id => slots.find(id) >= 0,
    samples() {
      const ids = slots.ids().slice().sort()
      const ofEach = (column: Int32Array) => Int32Array.from(ids, id => column[slots.find(id)] ?? 0)
      return { ids, newest: ofEach(newest), counts: ofEach(counts), memory: pool.shared() }
    },
    gather(id, base, columns) {
      const slot = slots.find(id)
      if (slot < 0) return
      gatherChunks(pool.slabs(), { newest: newest[slot] ?? -1, count: counts[slot] ?? 0, base }, columns)
    },
    sampleCount: () => total,
    memoryBytes: () => slots.memoryBytes() + newest.byteLength + counts.byteLength,
    drop() {
      for (let slot = 0; slot < slots.count(); slot++) pool.giveBack(newest[slot] ?? -1)
    },
  }
}
