// What the embedded engine is asked, in numbers: series by id, samples and points in blocks that are handed over, not copied.
import type { Aggregate } from '../../../../protocol/vocabulary.ts'
import type { BucketWindow } from '../buckets.ts'
import type { GrowthWay } from '../growth.ts'
import type { AppendReport, SeriesBackup, SeriesStoreHealth, SeriesStoreSize } from '../series-store.ts'
import type { Columns } from './column-pool.ts'
import type { SeriesName } from './ledger.ts'

/** One sample a place. `names`: of series that the engine may not know yet. `now`: the collector's clock. Nobody reads it after the answer. */
export type PackedAppend = Columns & { now: number; names: SeriesName[] }

/** For the series at `ids[i]`: points [i * buckets, (i + 1) * buckets); NaN is a gap. */
export type PackedPoints = { ids: Uint32Array; points: Float64Array; buckets: number }
/** For the series at `ids[i]`: the next `counts[i]` samples. */
export type PackedSamples = { ids: Uint32Array; counts: Uint32Array; times: Float64Array; values: Float64Array }
export type PackedLatest = { ids: Uint32Array; ats: Float64Array; values: Float64Array }
export type PackedPercentiles = { ids: Uint32Array; values: Float64Array; points: Uint32Array }

export type PointsOf = { aggregate: Aggregate } | GrowthWay

/** `ids` ascending. */
export type EngineRange = { ids: Uint32Array; window: BucketWindow; of: PointsOf }

export type EngineCalls = {
  /** `unnamed`: nothing was taken, because these of its series have no name any more, and never will have one again. */
  append: { request: PackedAppend; response: AppendReport | { unnamed: readonly number[] } }
  points: { request: EngineRange; response: PackedPoints }
  percentiles: { request: EngineRange & { percentile: number }; response: PackedPercentiles }
  samples: { request: { ids: Uint32Array; from: number; to: number }; response: PackedSamples }
  /** Of series that have a sample; null: of all. */
  latest: { request: Uint32Array | null; response: PackedLatest }
  /** `nextId`: see Ledger. */
  names: { request: null; response: { names: SeriesName[]; nextId: number } }
  /** Lets go of samples and tiers for good. */
  forgetBefore: { request: number; response: null }
  /** Lets go of what each kind has kept long enough. Answers with series whose names were dropped since the question before. */
  retain: { request: { now: number }; response: Uint32Array }
  size: { request: null; response: SeriesStoreSize }
  check: { request: null; response: SeriesStoreHealth }
  backup: { request: string; response: SeriesBackup }
  /** Reads everything there is against its checksums, so that `check` names all damage. */
  verify: { request: null; response: SeriesStoreHealth }
}

/** How long each kind of data is kept; null: for good. */
export type SeriesRetention = {
  rawMs: number | null
  minuteMs: number | null
  quarterMs: number | null
  hourMs: number | null
  dayMs: number | null
}

export const KEEP_ALL: SeriesRetention = { rawMs: null, minuteMs: null, quarterMs: null, hourMs: null, dayMs: null }

export type EngineOptions = { directory: string; memoryLimitBytes: number; retention: SeriesRetention }
