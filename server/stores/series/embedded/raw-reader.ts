// Samples of many series between two instants, out of blocks and head, oldest first and each instant once.
import type { BlockFiles } from './block-files.ts'
import type { BlockReader } from './block-reader.ts'
import { createSampleColumns, readSamples, type SampleColumns } from './codec/sample-block.ts'
import type { Head } from './head.ts'
import { startOf, WINDOW_MS } from './windows.ts'

export type RawReader = {
  /**
   * `ids` ascending; [from, to). One entry an id, good until the next call. `enough` is asked after each window with how many
   * there are; it may throw.
   */
  read(ids: ArrayLike<number>, from: number, to: number, enough?: (total: number) => void): SampleColumns[]
  /** Whether blocks have a sample of the series at this instant. */
  blocksHave(id: number, at: number): boolean
  /** To be called when blocks were added. */
  forget(): void
  memoryBytes(): number
}

/** Times of a series in the blocks of a window, for those who ask about single instants again and again. */
const CACHED_TIMES_BYTES = 1024 * 1024

/**
 * Puts [from, length) in order of time and leaves out repeated instants; the first of them stays. By insertion: late samples are
 * few, and each of the runs that stand behind each other is in order already.
 */
function order(columns: SampleColumns, from: number): void {
  const { times, values } = columns
  let end = from
  for (let index = from; index < columns.length; index++) {
    const at = times[index] ?? 0
    const value = values[index] ?? 0
    let place = end
    while (place > from && (times[place - 1] ?? 0) > at) place--
    if (place > from && times[place - 1] === at) continue
    if (place < end) {
      times.copyWithin(place + 1, place, end)
      values.copyWithin(place + 1, place, end)
    }
    times[place] = at
    values[place] = value
    end++
  }
  columns.length = end
}

/** Cuts what lies outside [from, to) off an ordered column. */
function clip(columns: SampleColumns, from: number, to: number): void {
  const { times, values } = columns
  let end = columns.length
  while (end > 0 && (times[end - 1] ?? 0) >= to) end--
  let start = 0
  while (start < end && (times[start] ?? 0) < from) start++
  if (start > 0) {
    times.copyWithin(0, start, end)
    values.copyWithin(0, start, end)
  }
  columns.length = end - start
}

export function createRawReader(deps: { head: Head; files: BlockFiles; reader: BlockReader }): RawReader {
  const { head, files, reader } = deps
  const pooled: SampleColumns[] = []
  const cachedTimes = new Map<number, Float64Array>()
  let cachedBytes = 0
  const scratch = createSampleColumns()

  function columnsFor(count: number): SampleColumns[] {
    // Columns that a large question made wide are not kept for small ones.
    if (pooled.reduce((total, { times }) => total + times.length, 0) > 1_000_000) pooled.length = 0
    while (pooled.length < count) pooled.push(createSampleColumns(256))
    const columns = pooled.slice(0, count)
    for (const column of columns) column.length = 0
    return columns
  }

  function readWindow(window: number, ids: ArrayLike<number>, placeOf: Map<number, number>, columns: SampleColumns[]) {
    const file = files.at(window)
    const sheets = file?.sheets(window) ?? []
    const heads = head.at(window)
    if (sheets.length === 0 && heads.length === 0) return
    const before = Float64Array.from(columns, ({ length }) => length)
    const disordered = new Set<number>()

    function appended(place: number, from: number): void {
      const column = columns[place]
      if (column === undefined || from === (before[place] ?? 0)) return
      if ((column.times[from] ?? 0) <= (column.times[from - 1] ?? 0)) disordered.add(place)
    }

    if (file !== null) {
      for (const sheet of sheets) {
        reader.blocks(file, sheet, ids, (id, source) => {
          const place = placeOf.get(id) ?? -1
          const column = columns[place]
          if (column === undefined) return
          const from = column.length
          readSamples(source, window, column)
          appended(place, from)
        })
      }
    }
    for (const part of heads) {
      for (const [id, place] of placeOf) {
        const column = columns[place]
        if (column === undefined || !part.hasSeries(id)) continue
        const from = column.length
        part.gather(id, window, column)
        appended(place, from)
      }
    }
    for (const place of disordered) {
      const column = columns[place]
      if (column !== undefined) order(column, before[place] ?? 0)
    }
  }

  function forget(): void {
    cachedTimes.clear()
    cachedBytes = 0
  }

  return {
    read(ids, from, to, enough) {
      const columns = columnsFor(ids.length)
      const placeOf = new Map(Array.from(ids, (id, place) => [id, place]))
      for (const window of windowsBetween(files, head, from, to)) {
        readWindow(window, ids, placeOf, columns)
        enough?.(columns.reduce((total, { length }) => total + length, 0))
      }
      for (const column of columns) clip(column, from, to)
      return columns
    },

    blocksHave(id, at) {
      const window = startOf(at, WINDOW_MS)
      const file = files.at(window)
      if (file === null) return false
      const sheets = file.sheets(window)
      if (sheets.length === 0) return false
      const key = (window / WINDOW_MS) * 4294967296 + id
      let times = cachedTimes.get(key)
      if (times === undefined) {
        scratch.length = 0
        for (const sheet of sheets) {
          reader.blocks(file, sheet, [id], (_, source) => readSamples(source, window, scratch))
        }
        times = scratch.times.slice(0, scratch.length)
        if (cachedBytes > CACHED_TIMES_BYTES) forget()
        cachedTimes.set(key, times)
        cachedBytes += times.byteLength + 64
      }
      return times.includes(at)
    },

    forget,
    memoryBytes: () => pooled.reduce((total, { times }) => total + times.length * 16, cachedBytes),
  }
}

/** Windows that have anything at all, ascending: empty years cost nothing. */
function windowsBetween(files: BlockFiles, head: Head, from: number, to: number): number[] {
  if (from >= to) return []
  const found = new Set<number>()
  const first = startOf(from, WINDOW_MS)
  for (const period of files.periods()) {
    if (period.to <= from || period.from >= to) continue
    for (const span of files.at(period.from)?.spans() ?? []) if (span >= first && span < to) found.add(span)
  }
  for (const window of [...head.live(), ...(head.frozen() === null ? [] : [head.frozen() as { from: number }])]) {
    if (window.from >= first && window.from < to) found.add(window.from)
  }
  return [...found].sort((a, b) => a - b)
}
