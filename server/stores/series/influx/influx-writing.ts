// Appends that come together go together: one look at what is stored already, where order leaves a doubt, and one write.
// The first value of an instant stays, as in every store, though InfluxDB itself would keep the last.
import { type Timeliness, timeliness } from '../append-limits.ts'
import { seriesKeyText } from '../series-key.ts'
import type { AppendReport, SeriesEntry, SeriesKey } from '../series-store.ts'
import type { InfluxClient, InfluxPoint } from './influx-client.ts'
import { encodeText, literal, quoted, tagsOf, VALUE_FIELD } from './influx-names.ts'
import { keyOfRows } from './influx-reading.ts'
import { RAW_POLICY } from './influx-setup.ts'
import type { KnownSeries } from './known-series.ts'

/** Large enough that the cost of a request does not count, small enough that a write fits into its deadline. */
const POINTS_A_WRITE = 10_000
/** Longer lists of subjects make InfluxQL slow to read. */
const SUBJECTS_A_QUESTION = 200

type Taken = Map<string, Set<number>>

/** What one group of appends does, in their order. Rejects with a StorageError; then all of it may be repeated. */
export async function writeGroup(
  deps: { client: InfluxClient; database: string; known: KnownSeries; now: number; horizon: number },
  group: readonly (readonly SeriesEntry[])[],
): Promise<AppendReport[]> {
  const { client, known, now, horizon } = deps
  const timeOf = (at: number): Timeliness => timeliness(at, now, horizon)
  const taken = await readTaken(deps, group.flat(), at => timeOf(at) === 'in-time')
  const points: InfluxPoint[] = []
  const fresh: { key: SeriesKey; text: string; at: number; value: number }[] = []
  const reports = group.map(entries => {
    const report: AppendReport = { stored: 0, duplicates: 0, tooLate: 0, tooEarly: 0 }
    for (const { key, samples } of entries) {
      const text = seriesKeyText(key)
      const own = { measurement: encodeText(key.metric), tags: tagsOf(key) }
      let instants = taken.get(text)
      for (const [at, given] of samples) {
        const time = timeOf(at)
        if (time === 'too-late') report.tooLate++
        else if (time === 'too-early') report.tooEarly++
        else if (instants?.has(at)) report.duplicates++
        else {
          instants ??= new Set()
          taken.set(text, instants.add(at))
          report.stored++
          const value = given + 0
          points.push({ ...own, at, value })
          fresh.push({ key: { ...key, labels: { ...key.labels } }, text, at, value })
        }
      }
    }
    return report
  })
  try {
    for (let from = 0; from < points.length; from += POINTS_A_WRITE) {
      await client.write(points.slice(from, from + POINTS_A_WRITE), RAW_POLICY)
    }
  } catch (error) {
    for (const { text, at } of fresh) known.doubt(text, at)
    throw error
  }
  for (const { key, at, value } of fresh) known.saw(key, at, value)
  return reports
}

/** Instants of these samples that are stored already, as far as there is a doubt. */
async function readTaken(
  deps: { client: InfluxClient; database: string; known: KnownSeries },
  entries: readonly SeriesEntry[],
  isWanted: (at: number) => boolean,
): Promise<Taken> {
  const { client, database, known } = deps
  const doubts = new Map<string, { subjects: Set<string>; from: number; to: number }>()
  for (const { key, samples } of entries) {
    const text = seriesKeyText(key)
    for (const [at] of samples) {
      if (!isWanted(at) || !known.mayHold(text, at)) continue
      const doubt = doubts.get(key.metric) ?? { subjects: new Set(), from: at, to: at }
      doubt.subjects.add(key.subjectId)
      doubt.from = Math.min(doubt.from, at)
      doubt.to = Math.max(doubt.to, at)
      doubts.set(key.metric, doubt)
    }
  }
  const taken: Taken = new Map()
  for (const [metric, { subjects, from, to }] of doubts) {
    const table = `${quoted(database)}.${quoted(RAW_POLICY)}.${quoted(encodeText(metric))}`
    const asked = [...subjects]
    for (let first = 0; first < asked.length; first += SUBJECTS_A_QUESTION) {
      const some = asked.slice(first, first + SUBJECTS_A_QUESTION)
      const whose = some.map(subject => `"subject" = ${literal(encodeText(subject))}`).join(' OR ')
      const rows = await client.query(
        `SELECT ${VALUE_FIELD} FROM ${table} WHERE time >= ${from}ms AND time <= ${to}ms AND (${whose}) GROUP BY *`,
      )
      for (const row of rows) {
        taken.set(seriesKeyText(keyOfRows(row)), new Set(row.values.map(([at]) => Number(at))))
      }
    }
  }
  return taken
}
