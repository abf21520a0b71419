import { type Labels, type Series, seriesKey } from './series.ts'
import type { GraphLine } from './server-graphs.ts'

const LINES_AT_MOST = 6
const TONES = [1, 2, 3, 4, 5, 6] as const

/** The series of one metric as lines, the highest first, named by the labels in which they differ; `more` are not drawn. */
export function otherLines(all: ReadonlyMap<string, Series>, metric: string): { lines: GraphLine[]; more: number } {
  const found = [...all.values()].filter(series => series.metric === metric)
  const telling = tellingLabels(found.map(({ labels }) => labels))
  const newest = (series: Series) => series.points.findLast(([, value]) => value !== null)?.[1] ?? 0
  const sorted = found
    .map(series => ({ series, height: Math.abs(newest(series)), key: seriesKey(metric, series.labels) }))
    .sort((a, b) => b.height - a.height || (a.key < b.key ? -1 : 1))
  const lines = sorted.slice(0, LINES_AT_MOST).map(
    ({ series: { labels, points } }, index): GraphLine => ({
      name: telling.map(label => labels[label] ?? '–').join(' ') || metric,
      points,
      tone: TONES[index] ?? 1,
      fill: 'none',
    }),
  )
  return { lines, more: sorted.length - lines.length }
}

/** Names of the labels that do not say the same of every series. */
function tellingLabels(sets: readonly Labels[]): string[] {
  const names = [...new Set(sets.flatMap(labels => Object.keys(labels)))].sort()
  return names.filter(name => new Set(sets.map(labels => labels[name])).size > 1)
}
