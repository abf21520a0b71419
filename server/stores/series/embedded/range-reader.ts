// Aggregates over a window, for many series at once: each piece of it from the coarsest tier that says exactly the same as the
// samples would, the rest from the samples. Where only tiers are left, from the finest of them, a row to the step it begins in.
import type { Aggregate } from '../../../../protocol/vocabulary.ts'
import type { BucketWindow } from '../buckets.ts'
import type { SampleColumns } from './codec/sample-block.ts'
import type { TierRows } from './codec/tier-block.ts'
import type { RawReader } from './raw-reader.ts'
import type { TierFiles } from './tier-files.ts'
import { LEVELS, type Level, startOf, TIERS } from './windows.ts'

/** One row a series, one column a bucket. A bucket with count 0 is empty. */
export type RangeParts = { counts: Float64Array; values: Float64Array; buckets: number }

type Piece = { ids: Uint32Array; from: number; to: number }

/** Coarsest first. */
const COARSE_FIRST: readonly Level[] = [...LEVELS].reverse()

export function createRangeReader(deps: { raw: RawReader; tiers: TierFiles; rawFrom: () => number }) {
  const { raw, tiers } = deps

  /** `ids` ascending; nothing before `visibleFrom`. avg and sum gather sums, count nothing but counts. */
  return function readRange(
    ids: Uint32Array,
    window: BucketWindow,
    aggregate: Aggregate,
    visibleFrom: number,
  ): RangeParts {
    const { from, to, stepMs } = window
    const first = Math.floor(from / stepMs)
    const buckets = from >= to ? 0 : Math.ceil(to / stepMs) - first
    const parts: RangeParts = {
      counts: new Float64Array(ids.length * buckets),
      values: new Float64Array(ids.length * buckets),
      buckets,
    }
    const rowOf = new Map(Array.from(ids, (id, row) => [id, row]))

    function add(cell: number, count: number, value: number): void {
      const { counts, values } = parts
      const before = counts[cell] ?? 0
      counts[cell] = before + count
      const known = values[cell] ?? 0
      if (aggregate === 'avg' || aggregate === 'sum') values[cell] = known + value
      else if (before === 0 || aggregate === 'last') values[cell] = value
      else if (aggregate === 'min') values[cell] = Math.min(known, value)
      else if (aggregate === 'max') values[cell] = Math.max(known, value)
    }

    function addSamples(id: number, { times, values, length }: SampleColumns): void {
      const row = (rowOf.get(id) ?? 0) * buckets - first
      for (let index = 0; index < length; index++) {
        add(row + Math.floor((times[index] ?? 0) / stepMs), 1, values[index] ?? 0)
      }
    }

    function addRows(id: number, rows: TierRows, slotMs: number, least: number, end: number): void {
      const row = (rowOf.get(id) ?? 0) * buckets - first
      const column = aggregate === 'avg' ? rows.sum : rows[aggregate]
      for (let index = 0; index < rows.length; index++) {
        const at = (rows.slots[index] ?? 0) * slotMs
        if (at >= least && at < end) {
          add(row + Math.floor(at / stepMs), rows.count[index] ?? 0, column[index] ?? 0)
        }
      }
    }

    function fromSamples({ ids: some, from: least, to: end }: Piece): void {
      raw.walk(some, least, end, (place, columns) => addSamples(some[place] ?? 0, columns))
    }

    /** Exactly, with tiers from `COARSE_FIRST[depth]` on. */
    function cover({ ids: some, from: least, to: end }: Piece, depth: number): void {
      if (least >= end || some.length === 0) return
      const level = COARSE_FIRST[depth]
      if (level === undefined) {
        fromSamples({ ids: some, from: least, to: end })
        return
      }
      const { slotMs, spanMs } = TIERS[level]
      if (stepMs % slotMs !== 0) {
        cover({ ids: some, from: least, to: end }, depth + 1)
        return
      }
      // What no span covers is put together, so that finer levels see it in one piece.
      let uncovered = least
      for (let span = startOf(least, spanMs); span < end; span += spanMs) {
        const inside = { from: Math.max(least, span), to: Math.min(end, span + spanMs) }
        const start = Math.ceil(inside.from / slotMs) * slotMs
        const stop = Math.floor(inside.to / slotMs) * slotMs
        if (start >= stop || tiers.cutOf(level, span) === 0) continue
        const current = tiers.current(level, span, some)
        if (current.length === 0) continue
        const isCurrent = new Set(current)
        cover({ ids: some, from: uncovered, to: inside.from }, depth + 1)
        cover({ ids: some.filter(id => !isCurrent.has(id)), ...inside }, depth + 1)
        cover({ ids: current, from: inside.from, to: start }, depth + 1)
        tiers.rows(level, span, current, (id, rows) => addRows(id, rows, slotMs, start, stop))
        cover({ ids: current, from: stop, to: inside.to }, depth + 1)
        uncovered = inside.to
      }
      cover({ ids: some, from: uncovered, to: end }, depth + 1)
    }

    /** What is gone as samples: of each span the finest tier that has it. */
    function coverFromTiers({ ids: some, from: least, to: end }: Piece, depth: number): void {
      const level = LEVELS[depth]
      if (level === undefined || least >= end) return
      const { slotMs, spanMs } = TIERS[level]
      let uncovered = least
      for (let span = startOf(least, spanMs); span < end; span += spanMs) {
        if (tiers.cutOf(level, span) === 0) continue
        const inside = { from: Math.max(least, span), to: Math.min(end, span + spanMs) }
        coverFromTiers({ ids: some, from: uncovered, to: inside.from }, depth + 1)
        tiers.rows(level, span, some, (id, rows) => addRows(id, rows, slotMs, inside.from, inside.to))
        uncovered = inside.to
      }
      coverFromTiers({ ids: some, from: uncovered, to: end }, depth + 1)
    }

    const least = Math.max(from, visibleFrom)
    const border = Math.min(Math.max(deps.rawFrom(), least), to)
    coverFromTiers({ ids, from: least, to: border }, 0)
    cover({ ids, from: border, to }, 0)
    return parts
  }
}
