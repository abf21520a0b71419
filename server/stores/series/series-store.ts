// The port of the series store: samples in, windows out. Each implementation passes the suite in test/contract/series-store.
import type { Labels } from '../../../protocol/shapes.ts'
import type { Aggregate } from '../../../protocol/vocabulary.ts'

/** What makes a series one series: two agents that see the same thing are two series. */
export type SeriesKey = { subjectId: string; metric: string; labels: Labels; agentId: string }

/** [UTC milliseconds, value]. The value is finite; minus zero is kept as zero. */
export type Sample = readonly [at: number, value: number]

export type SeriesEntry = { key: SeriesKey; samples: readonly Sample[] }

/** How many samples went where; the four add up to what was handed in. */
export type AppendReport = {
  stored: number
  /** The series has a sample at this instant already. The first one stays, whatever the second says. */
  duplicates: number
  /** Older than 30 days, or older than what `forgetBefore` let go. */
  tooLate: number
  /** More than 10 minutes ahead of the collector's clock. */
  tooEarly: number
}

/** `labels` chooses series that carry all of these (and maybe more); left out, all. */
export type SeriesSelection = { subjectId: string; metric: string; labels?: Labels; agentId?: string }

export type LatestSample = { key: SeriesKey; at: number; value: number }

/** Half-open: [from, to). Buckets begin at multiples of stepMs since 1970, so the same instant falls in the same bucket for everyone. */
export type RangeQuery = SeriesSelection & { from: number; to: number; stepMs: number; aggregate: Aggregate }

/** One point a bucket, at the bucket's start; null where nothing was measured. */
export type RangeSeries = { key: SeriesKey; points: [at: number, value: number | null][] }

export type RawQuery = SeriesSelection & { from: number; to: number }
export type RawSeries = { key: SeriesKey; samples: [at: number, value: number][] }

export type SeriesListFilter = { subjectIds?: readonly string[]; metrics?: readonly string[] }

/** `samples` and `bytes` include what is hidden by `forgetBefore` but whose file still stands. */
export type SeriesStoreSize = { series: number; samples: number; bytes: number }

export type SeriesStoreHealth = { ok: boolean; problems: { code: string; message: string }[] }

/** Every refusal is a StorageError with a code (storage-error.ts). A refused append may be repeated as it is. */
export type SeriesStore = {
  /** Resolves when the samples are durable. Idempotent by (series, instant). */
  append(entries: readonly SeriesEntry[]): Promise<AppendReport>
  /** The newest sample of each series. */
  latest(filter?: SeriesListFilter): Promise<LatestSample[]>
  /** Series without a sample in the window are left out. At most 10,000 buckets and 1,000,000 points in all. */
  range(query: RangeQuery): Promise<RangeSeries[]>
  /** Samples as stored, oldest first. At most 1,000,000 in all. Series without a sample in the window are left out. */
  raw(query: RawQuery): Promise<RawSeries[]>
  /** Series that hold at least one sample. */
  listSeries(filter?: SeriesListFilter): Promise<SeriesKey[]>
  /** Lets go of what is older than `at`, for good; such samples are too late from then on. */
  forgetBefore(at: number): Promise<void>
  size(): Promise<SeriesStoreSize>
  /** Tries a real write. Never rejects. */
  check(): Promise<SeriesStoreHealth>
  close(): Promise<void>
}
