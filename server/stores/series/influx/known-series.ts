// What the store knows of its series without asking: the newest sample of each. Whoever writes in order never has to ask
// InfluxDB whether an instant is taken already.
import { listFilter, seriesKeyText } from '../series-key.ts'
import type { LatestSample, SeriesKey, SeriesListFilter } from '../series-store.ts'

export type KnownSeries = {
  saw(key: SeriesKey, at: number, value: number): void
  /** A write of this series up to `at` failed, and may have been done all the same. */
  doubt(text: string, at: number): void
  /** Whether something may be stored at this instant already. */
  mayHold(text: string, at: number): boolean
  latest(filter: SeriesListFilter, since: number): LatestSample[]
  /** Metrics that have any series. */
  metrics(): string[]
  forgetBefore(at: number): void
  count(since: number): number
}

export function createKnownSeries(): KnownSeries {
  const newest = new Map<string, LatestSample>()
  const doubtfulUntil = new Map<string, number>()
  return {
    saw(key, at, value) {
      const text = seriesKeyText(key)
      const before = newest.get(text)
      if (before === undefined || before.at <= at) newest.set(text, { key, at, value })
      if ((doubtfulUntil.get(text) ?? Number.POSITIVE_INFINITY) <= at) doubtfulUntil.delete(text)
    },
    doubt(text, at) {
      doubtfulUntil.set(text, Math.max(at, doubtfulUntil.get(text) ?? 0))
    },
    mayHold(text, at) {
      return at <= Math.max(newest.get(text)?.at ?? -1, doubtfulUntil.get(text) ?? -1)
    },
    latest(filter, since) {
      const wanted = listFilter(filter)
      return [...newest.values()].filter(({ key, at }) => at >= since && wanted(key)).map(sample => ({ ...sample }))
    },
    metrics: () => [...new Set([...newest.values()].map(({ key }) => key.metric))],
    forgetBefore(at) {
      for (const [text, sample] of newest) if (sample.at < at) newest.delete(text)
    },
    count(since) {
      let count = 0
      for (const { at } of newest.values()) if (at >= since) count++
      return count
    },
  }
}
