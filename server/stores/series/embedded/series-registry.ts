// Which series there are and the newest sample of each, in memory: the wall's first query asks no disk.
import { isSelected, listFilter, listOf, parseSeriesKeyText } from '../series-key.ts'
import type { LatestSample, SeriesKey, SeriesListFilter, SeriesSelection } from '../series-store.ts'

type KnownSeries = { text: string; key: SeriesKey; at: number; value: number }

export type SeriesRegistry = {
  /** Tells of a sample that is durable. */
  note(text: string, at: number, value: number): void
  latest(filter: SeriesListFilter): LatestSample[]
  select(selection: SeriesSelection): { text: string; key: SeriesKey }[]
  /** Drops series whose newest sample is older. */
  forgetBefore(at: number): void
  size(): number
}

export function createSeriesRegistry(): SeriesRegistry {
  const byText = new Map<string, KnownSeries>()
  const bySubject = new Map<string, Set<KnownSeries>>()

  function add(text: string, at: number, value: number): void {
    const series = { text, key: parseSeriesKeyText(text), at, value }
    byText.set(text, series)
    const siblings = bySubject.get(series.key.subjectId)
    if (siblings === undefined) bySubject.set(series.key.subjectId, new Set([series]))
    else siblings.add(series)
  }

  function remove(series: KnownSeries): void {
    byText.delete(series.text)
    const siblings = bySubject.get(series.key.subjectId)
    siblings?.delete(series)
    if (siblings?.size === 0) bySubject.delete(series.key.subjectId)
  }

  function candidates(subjectIds: readonly string[] | undefined): KnownSeries[] {
    if (subjectIds === undefined) return [...byText.values()]
    return [...new Set(subjectIds)].flatMap(subjectId => [...(bySubject.get(subjectId) ?? [])])
  }

  return {
    note(text, at, value) {
      const known = byText.get(text)
      if (known === undefined) add(text, at, value)
      else if (at > known.at) Object.assign(known, { at, value })
    },

    latest(filter) {
      const wanted = listFilter(filter)
      return candidates(filter.subjectIds)
        .filter(({ key }) => wanted(key))
        .map(({ key, at, value }) => ({ key, at, value }))
    },

    select: selection => candidates(listOf(selection.subjectId)).filter(({ key }) => isSelected(key, selection)),

    forgetBefore(at) {
      for (const series of byText.values()) if (series.at < at) remove(series)
    },

    size: () => byText.size,
  }
}
