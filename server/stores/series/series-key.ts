// One text a series, the same for the same labels in any order: the key of every map and dictionary of series.
import type { Labels } from '../../../protocol/shapes.ts'
import type { SeriesKey, SeriesListFilter, SeriesSelection } from './series-store.ts'

export function seriesKeyText(key: SeriesKey): string {
  const pairs = Object.entries(key.labels).sort(([a], [b]) => (a < b ? -1 : 1))
  return JSON.stringify([key.subjectId, key.metric, key.agentId, pairs])
}

export function parseSeriesKeyText(text: string): SeriesKey {
  const [subjectId, metric, agentId, pairs] = JSON.parse(text) as [string, string, string, [string, string][]]
  return { subjectId, metric, labels: Object.fromEntries(pairs), agentId }
}

/** A copy that nobody can change. */
export function frozenKey({ subjectId, metric, labels, agentId }: SeriesKey): SeriesKey {
  return Object.freeze({ subjectId, metric, labels: Object.freeze({ ...labels }), agentId })
}

/** Whether both are the same series, whatever order their labels are in. */
export function isSameKey(a: SeriesKey, b: SeriesKey): boolean {
  if (a.metric !== b.metric || a.subjectId !== b.subjectId || a.agentId !== b.agentId) return false
  let count = 0
  for (const name in a.labels) {
    if (b.labels[name] !== a.labels[name]) return false
    count++
  }
  for (const _ in b.labels) count--
  return count === 0
}

function carriesLabels(carried: Labels, asked: Labels): boolean {
  return Object.entries(asked).every(([name, value]) => Object.hasOwn(carried, name) && carried[name] === value)
}

/** One or several, as a list without repetitions. */
export function listOf(asked: string | readonly string[]): readonly string[] {
  return typeof asked === 'string' ? [asked] : [...new Set(asked)]
}

const isAsked = (value: string, asked: string | readonly string[]) =>
  typeof asked === 'string' ? value === asked : asked.includes(value)

export function isSelected(key: SeriesKey, selection: SeriesSelection): boolean {
  return (
    isAsked(key.subjectId, selection.subjectId) &&
    isAsked(key.metric, selection.metric) &&
    (selection.agentId === undefined || key.agentId === selection.agentId) &&
    (selection.labels === undefined || carriesLabels(key.labels, selection.labels))
  )
}

/** A test for many keys: the lists become sets once. */
export function listFilter({ subjectIds, metrics }: SeriesListFilter): (key: SeriesKey) => boolean {
  const subjectSet = subjectIds && new Set(subjectIds)
  const metricSet = metrics && new Set(metrics)
  return key =>
    (subjectSet === undefined || subjectSet.has(key.subjectId)) &&
    (metricSet === undefined || metricSet.has(key.metric))
}
