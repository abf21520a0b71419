// The port of the series store: samples in, windows out. Each implementation passes the suite in test/contract/series-store.
import type { Labels } from '../../../protocol/shapes.ts'
import type { Aggregate } from '../../../protocol/vocabulary.ts'

/** What makes a series one series: two agents that see the same thing are two series. Answers may share keys: they are frozen. */
export type SeriesKey = Readonly<{ subjectId: string; metric: string; labels: Readonly<Labels>; agentId: string }>

/** [UTC milliseconds, value]. The value is finite; minus zero is kept as zero. */
export type Sample = readonly [at: number, value: number]

export type SeriesEntry = { key: SeriesKey; samples: readonly Sample[] }

/**
 * Many samples without an object each: sample i is `values[i]` at `ats[i]` of the series `keys[i]`; all three are as long. They
 * stay as they are until the append has answered. Keys that come from `ownKey` cost least.
 */
export type SeriesColumns = { keys: readonly SeriesKey[]; ats: Float64Array; values: Float64Array }

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

/** Several subjects or metrics are several series in one answer. `labels`: those that carry all of these; left out, all. */
export type SeriesSelection = {
  subjectId: string | readonly string[]
  metric: string | readonly string[]
  labels?: Labels
  agentId?: string
}

export type LatestSample = { key: SeriesKey; at: number; value: number }

/** Half-open: [from, to). Buckets begin at multiples of stepMs since 1970, so the same instant falls in the same bucket for everyone. */
export type RangeQuery = SeriesSelection & { from: number; to: number; stepMs: number; aggregate: Aggregate }

/** One point a bucket, at the bucket's start; null where nothing was measured. */
export type RangeSeries = { key: SeriesKey; points: [at: number, value: number | null][] }

/** For series whose values are readings of a counter; buckets as in RangeQuery. */
export type GrowthQuery = SeriesSelection & {
  from: number
  to: number
  stepMs: number
  /** What the counter grew by, or that by the seconds between the readings. */
  as: 'increase' | 'rate'
  /** A counter of so many bits that falls from its last quarter to its first went over its end; else it began anew at 0. */
  counterBits?: 32 | 64
  /** Readings further apart are a gap: nobody knows what happened between them. Left out, an hour. */
  maxGapMs?: number
}

/** The percentile of the points that range() or growth() has for the same question; gaps do not count. */
export type PercentileQuery = SeriesSelection & {
  from: number
  to: number
  stepMs: number
  /** Above 0 up to 100. */
  percentile: number
  /** What a point is: an aggregate, or the growth of a counter. */
  of: { aggregate: Aggregate } | Pick<GrowthQuery, 'as' | 'counterBits' | 'maxGapMs'>
}

/** `value` is one of the points (nearest rank): the least that `percentile` of 100 of them do not exceed. */
export type SeriesPercentile = { key: SeriesKey; value: number; points: number }

export type RawQuery = SeriesSelection & { from: number; to: number }
export type RawSeries = { key: SeriesKey; samples: [at: number, value: number][] }

export type SeriesListFilter = { subjectIds?: readonly string[]; metrics?: readonly string[] }

/** `samples` and `bytes` include what is hidden by `forgetBefore` but whose file still stands. */
export type SeriesStoreSize = {
  series: number
  samples: number
  /** On disk. */
  bytes: number
  /** What the store holds in this process, as it reckons itself. */
  memoryBytes: number
  /** What it was told to stay under with all that grows with the samples; null where nothing bounds it. */
  memoryLimitBytes: number | null
}

/** What a backup wrote. */
export type SeriesBackup = { files: number; bytes: number }

export type SeriesStoreHealth = { ok: boolean; problems: { code: string; message: string }[] }

/** Every refusal is a StorageError with a code (storage-error.ts). A refused append may be repeated as it is. */
export type SeriesStore = {
  /** Resolves when the samples are durable. Idempotent by (series, instant). */
  append(entries: readonly SeriesEntry[]): Promise<AppendReport>
  /** The same for those who have thousands at a time: what lives no longer than a sample costs the collector's thread pauses. */
  appendColumns(columns: SeriesColumns): Promise<AppendReport>
  /** The store's own copy of a key, frozen: a series that comes with it again and again is known without a comparison. */
  ownKey(key: SeriesKey): SeriesKey
  /** The newest sample of each series. */
  latest(filter?: SeriesListFilter): Promise<LatestSample[]>
  /**
   * Series without a sample in the window are left out. At most 10,000 buckets and 1,000,000 points in all. Of what is
   * kept in tiers only, a bucket has what began in it.
   */
  range(query: RangeQuery): Promise<RangeSeries[]>
  /**
   * What counters grew by, in the bucket of the later of two readings; the last one before `from` counts as the earlier
   * one of the first. Series without two readings that belong together are left out. Limits as for range.
   */
  growth(query: GrowthQuery): Promise<RangeSeries[]>
  /** One number a series, many series at once. Series without a point are left out. Limits as for range. */
  percentile(query: PercentileQuery): Promise<SeriesPercentile[]>
  /** Samples as stored, oldest first. At most 1,000,000 in all. Series without a sample in the window are left out. */
  raw(query: RawQuery): Promise<RawSeries[]>
  /** Series that hold at least one sample. */
  listSeries(filter?: SeriesListFilter): Promise<SeriesKey[]>
  /** Lets go of what is older than `at`, for good; such samples are too late from then on. */
  forgetBefore(at: number): Promise<void>
  size(): Promise<SeriesStoreSize>
  /**
   * Writes all that was acknowledged before the call into `directory` (new or empty), from which a store can be opened.
   * Appends and queries go on meanwhile. A store that has tools of its own for this rejects with not-supported.
   */
  backup(directory: string): Promise<SeriesBackup>
  /** Tries a real write, and tells of all damage that was met so far. Never rejects. */
  check(): Promise<SeriesStoreHealth>
  close(): Promise<void>
}
