// Append number n: the same samples whoever makes it, in several series and in two weeks.
import type { SeriesEntry } from '../../../server/stores/series/series-store.ts'
import { DAY_MS, seriesKey } from './support.ts'

export const SERIES = ['a', 'b', 'c'] as const

export function numberedSamples(number: number, now: number): [at: number, value: number][] {
  return [
    [now - 10 * DAY_MS + number, number / 7],
    [now - DAY_MS + number, -number],
  ]
}

export function numberedEntries(number: number, now: number): SeriesEntry[] {
  return SERIES.map(device => ({ key: seriesKey({ labels: { device } }), samples: numberedSamples(number, now) }))
}
