// What the main thread may ask of the worker that owns the files.
import type {
  AppendReport,
  LatestSample,
  RangeQuery,
  RangeSeries,
  RawQuery,
  RawSeries,
  SeriesKey,
  SeriesListFilter,
  SeriesStoreHealth,
  SeriesStoreSize,
} from '../series-store.ts'
import type { PackedAppend } from './packed-append.ts'

export type SeriesCalls = {
  append: { request: PackedAppend; response: AppendReport }
  latest: { request: SeriesListFilter; response: LatestSample[] }
  range: { request: RangeQuery; response: RangeSeries[] }
  raw: { request: RawQuery; response: RawSeries[] }
  listSeries: { request: SeriesListFilter; response: SeriesKey[] }
  forgetBefore: { request: number; response: null }
  size: { request: null; response: SeriesStoreSize }
  check: { request: null; response: SeriesStoreHealth }
}

export type SeriesWorkerData = { directory: string; groupMs: number }
