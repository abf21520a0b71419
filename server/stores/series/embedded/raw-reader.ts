// Samples of many series between two instants, out of blocks and head, oldest first and each instant once.
import type { BlockReader, SheetData } from './block-reader.ts'
import { createSampleColumns, readSamples, reserveSamples, type SampleColumns } from './codec/sample-block.ts'
import type { Head } from './head.ts'
import type { HeadWindow } from './head-window.ts'
import type { SheetHeader } from './sheet-format.ts'
import { startOf, WINDOW_MS } from './windows.ts'

/** `place` in the ids that were asked for; `columns` good until the call returns. */
export type VisitSamples = (place: number, columns: SampleColumns) => void

export type RawReader = {
  /**
   * `ids` ascending; [from, to). Visits each series once a window that has samples of it, windows in order of time: what is held at
   * a time are the samples of one window.
   */
  walk(ids: ArrayLike<number>, from: number, to: number, visit: VisitSamples): void
  /** The same in one piece, one entry an id, good until the next call. `enough` is asked after each window with how many there are; it may throw. */
  read(ids: ArrayLike<number>, from: number, to: number, enough?: (total: number) => void): SampleColumns[]
  /** Whether blocks have a sample of the series at this instant. */
  blocksHave(id: number, at: number): boolean
  /** To be called when blocks were added. */
  forget(): void
  memoryBytes(): number
}

/** Times of a series in the blocks of a window, for those who ask about single instants again and again. */
const CACHED_TIMES_BYTES = 1024 * 1024
/** Samples of a series for which there is memory from one call of `read` to the next. */
const KEPT_SAMPLES = 2048
/** Series of a window that are put in order together. */
const TOGETHER = 256

/** Block files of samples; those of an engine, or of one task. */
export type SampleFiles = {
  at(window: number): (SheetData & { sheets(span: number): readonly SheetHeader[] }) | null
  spansBetween(from: number, to: number): readonly number[]
}

type Group = { first: number; ids: Uint32Array; placeOf: Map<number, number> }
type WindowParts = { file: SheetData | null; sheets: readonly SheetHeader[]; heads: readonly HeadWindow[] }

/**
 * Puts them in order of time and leaves out repeated instants; the first of them stays. By insertion: late samples are few, and
 * each of the runs that stand behind each other is in order already.
 */
function order(columns: SampleColumns): void {
  const { times, values } = columns
  let end = 0
  for (let index = 0; index < columns.length; index++) {
    const at = times[index] ?? 0
    const value = values[index] ?? 0
    let place = end
    while (place > 0 && (times[place - 1] ?? 0) > at) place--
    if (place > 0 && times[place - 1] === at) continue
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

export type ReadHead = Pick<Head, 'at' | 'live' | 'frozen'>

export function createRawReader(deps: { head: ReadHead; files: SampleFiles; reader: BlockReader }): RawReader {
  const { head, files, reader } = deps
  const pooled: SampleColumns[] = []
  const cachedTimes = new Map<number, Float64Array>()
  let cachedBytes = 0
  const scratch = createSampleColumns()
  let kept: SampleColumns[] = []

  function columnsFor(count: number): SampleColumns[] {
    while (pooled.length < count) pooled.push(createSampleColumns(256))
    const columns = pooled.slice(0, count)
    for (const column of columns) column.length = 0
    return columns
  }

  /** Samples of a window that lie in one sheet and nowhere else: nothing has to be put in order. */
  function walkSheet(file: SheetData, sheet: SheetHeader, ids: ArrayLike<number>, window: number, visit: VisitSamples) {
    let place = 0
    reader.blocks(file, sheet, ids, (id, source) => {
      while ((ids[place] ?? id) < id) place++
      scratch.length = 0
      readSamples(source, window, scratch)
      visit(place, scratch)
    })
  }

  /** Samples of a window from all over: late ones have sheets of their own, and the newest are in the head. */
  function walkParts(parts: WindowParts, { ids, placeOf }: Group, window: number, visit: VisitSamples) {
    const { file, sheets, heads } = parts
    const columns = columnsFor(ids.length)
    const disordered = new Set<number>()

    function appended(place: number, from: number): void {
      const column = columns[place]
      if (column === undefined || from === 0) return
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
    for (const [place, column] of columns.entries()) {
      if (disordered.has(place)) order(column)
      if (column.length > 0) visit(place, column)
    }
  }

  function walk(ids: ArrayLike<number>, from: number, to: number, visit: VisitSamples): void {
    const groups = groupsOf(ids)
    for (const window of windowsBetween(files, head, from, to)) {
      const file = files.at(window)
      const sheets = file?.sheets(window) ?? []
      const heads = head.at(window)
      const isWhole = from <= window && window + WINDOW_MS <= to
      const visitInside: VisitSamples = isWhole
        ? visit
        : (place, columns) => {
            clip(columns, from, to)
            if (columns.length > 0) visit(place, columns)
          }
      if (file !== null && heads.length === 0 && areApart(sheets)) {
        for (const sheet of sheets) walkSheet(file, sheet, ids, window, visitInside)
        continue
      }
      for (const group of groups) {
        walkParts({ file, sheets, heads }, group, window, (place, columns) => visitInside(group.first + place, columns))
      }
    }
  }

  function forget(): void {
    cachedTimes.clear()
    cachedBytes = 0
  }

  return {
    walk,

    read(ids, from, to, enough) {
      const found = Array.from(ids, (_, place) => {
        const column = kept[place] ?? createSampleColumns(256)
        column.length = 0
        return column
      })
      let total = 0
      let window = Number.NEGATIVE_INFINITY
      walk(ids, from, to, (place, { times, values, length }) => {
        const column = found[place]
        if (column === undefined) return
        const began = startOf(times[0] ?? 0, WINDOW_MS)
        if (began > window) enough?.(total)
        window = began
        reserveSamples(column, length)
        column.times.set(times.subarray(0, length), column.length)
        column.values.set(values.subarray(0, length), column.length)
        column.length += length
        total += length
      })
      enough?.(total)
      kept = found.filter(({ times }) => times.length <= KEPT_SAMPLES)
      return found
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
    memoryBytes: () => [...pooled, ...kept].reduce((total, { times }) => total + times.length * 16, cachedBytes),
  }
}

function groupsOf(ids: ArrayLike<number>): Group[] {
  const all = Uint32Array.from(ids)
  return Array.from({ length: Math.ceil(all.length / TOGETHER) }, (_, number) => {
    const first = number * TOGETHER
    const some = all.subarray(first, first + TOGETHER)
    return { first, ids: some, placeOf: new Map(Array.from(some, (id, place) => [id, place])) }
  })
}

/** Whether no series can be in two of them: one flush writes its sheets in the order of ids. */
function areApart(sheets: readonly SheetHeader[]): boolean {
  return sheets.every(({ firstId }, number) => number === 0 || (sheets[number - 1]?.lastId ?? 0) < firstId)
}

/** Windows that have anything at all, ascending: empty years cost nothing. */
function windowsBetween(files: SampleFiles, head: ReadHead, from: number, to: number): number[] {
  if (from >= to) return []
  const first = startOf(from, WINDOW_MS)
  const found = new Set(files.spansBetween(first, to))
  for (const window of [...head.live(), head.frozen()]) {
    if (window !== null && window.from >= first && window.from < to) found.add(window.from)
  }
  return [...found].sort((a, b) => a - b)
}
