// Questions to InfluxDB in InfluxQL, and its answers as what the port promises.
import type { Aggregate } from '../../../../protocol/vocabulary.ts'
import { bucketPoints, checkPoints, checkWindow, countBuckets, MAX_BUCKETS, MAX_POINTS } from '../buckets.ts'
import { growthPoints, maxGapOf } from '../growth.ts'
import { listOf } from '../series-key.ts'
import type { GrowthQuery, RangeQuery, RangeSeries, RawQuery, RawSeries, SeriesSelection } from '../series-store.ts'
import type { InfluxClient, InfluxRows } from './influx-client.ts'
import { encodeText, keyOf, literal, quoted, tagName, VALUE_FIELD } from './influx-names.ts'
import { RAW_POLICY } from './influx-setup.ts'

const FUNCTIONS: Record<Aggregate, string> = {
  ...{ avg: 'mean', min: 'min', max: 'max', last: 'last', sum: 'sum', count: 'count' },
}

/** Samples that are in memory at once while growth is worked out. */
const SAMPLES_AT_ONCE = 500_000

export type InfluxReader = {
  /** `since`: what is older was let go. */
  range(query: RangeQuery, since: number): Promise<RangeSeries[]>
  raw(query: RawQuery, since: number): Promise<RawSeries[]>
  growth(query: GrowthQuery, since: number): Promise<RangeSeries[]>
  /** All samples of the store. */
  count(): Promise<number>
}

export function createInfluxReader(deps: { client: InfluxClient; database: string }): InfluxReader {
  const { client, database } = deps
  const place = `${quoted(database)}.${quoted(RAW_POLICY)}`

  /** null when nothing is asked for. */
  function fromWhere(selection: SeriesSelection, from: number, to: number): string | null {
    const metrics = listOf(selection.metric)
    const subjects = listOf(selection.subjectId)
    if (metrics.length === 0 || subjects.length === 0 || from >= to) return null
    const conditions = [
      `time >= ${from}ms AND time < ${to}ms`,
      anyOf('subject', subjects),
      ...(selection.agentId === undefined ? [] : [anyOf('agent', [selection.agentId])]),
      ...Object.entries(selection.labels ?? {}).map(([label, value]) => anyOf(tagName(label), [value])),
    ]
    const tables = metrics.map(metric => `${place}.${quoted(encodeText(metric))}`)
    return `FROM ${tables.join(', ')} WHERE ${conditions.join(' AND ')}`
  }

  async function countSamples(selection: SeriesSelection, from: number, to: number): Promise<RawCount[]> {
    const source = fromWhere(selection, from, to)
    if (source === null) return []
    const rows = await client.query(`SELECT count(${VALUE_FIELD}) ${source} GROUP BY *`)
    return rows.map(row => ({ key: keyOfRows(row), count: Number(row.values[0]?.[1] ?? 0) }))
  }

  async function readSamples(selection: SeriesSelection, from: number, to: number): Promise<RawSeries[]> {
    const source = fromWhere(selection, from, to)
    if (source === null) return []
    const rows = await client.query(`SELECT ${VALUE_FIELD} ${source} GROUP BY *`)
    return rows.map(row => ({ key: keyOfRows(row), samples: samplesOf(row) }))
  }

  return {
    async range(query, since) {
      const buckets = countBuckets(query)
      const { stepMs, aggregate } = query
      const source = fromWhere(query, Math.max(query.from, since), query.to)
      if (source === null) return []
      // One more series than there may be is enough to know that there are too many.
      const seriesAtMost = Math.max(1, Math.floor(MAX_POINTS / Math.max(1, buckets)))
      const statement = `SELECT ${FUNCTIONS[aggregate]}(${VALUE_FIELD}) ${source} GROUP BY time(${stepMs}ms), * fill(none)`
      const rows = await client.query(`${statement} SLIMIT ${seriesAtMost + 1}`)
      checkPoints(rows.length * buckets)
      return rows.map(row => {
        const parts = samplesOf(row).map(([at, value]): [number, { count: number; value: number }] => [
          Math.floor(at / stepMs),
          { count: 1, value },
        ])
        return { key: keyOfRows(row), points: bucketPoints(query, 'last', new Map(parts)) }
      })
    },

    async raw(query, since) {
      checkWindow(query)
      const from = Math.max(query.from, since)
      const counts = await countSamples(query, from, query.to)
      checkPoints(counts.reduce((total, { count }) => total + count, 0))
      return counts.length === 0 ? [] : await readSamples(query, from, query.to)
    },

    async growth(query, since) {
      const buckets = countBuckets(query)
      const from = Math.max(0, since, query.from - maxGapOf(query))
      const answer: RangeSeries[] = []
      const counts = await countSamples(query, from, query.to)
      for (const { subjects, metrics } of portions(counts)) {
        const portion = { ...query, subjectId: subjects, metric: metrics }
        for (const { key, samples } of await readSamples(portion, from, query.to)) {
          const times = samples.map(([at]) => at)
          const values = samples.map(([, value]) => value)
          const points = growthPoints(times, values, samples.length, query, query)
          if (points !== null) answer.push({ key, points })
        }
        checkPoints(answer.length * Math.min(buckets, MAX_BUCKETS))
      }
      return answer
    },

    async count() {
      const rows = await client.query(`SELECT count(${VALUE_FIELD}) FROM ${place}./.*/`)
      return rows.reduce((total, { values }) => total + Number(values[0]?.[1] ?? 0), 0)
    },
  }
}

type RawCount = { key: RawSeries['key']; count: number }

/** Subjects and metrics whose samples are read together: a metric of as many subjects as memory has room for. */
function* portions(counts: readonly RawCount[]): Iterable<{ subjects: string[]; metrics: string[] }> {
  for (const [metric, ofMetric] of Map.groupBy(counts, ({ key }) => key.metric)) {
    let subjects: string[] = []
    let samples = 0
    for (const [subject, ofSubject] of Map.groupBy(ofMetric, ({ key }) => key.subjectId)) {
      const own = ofSubject.reduce((total, { count }) => total + count, 0)
      if (subjects.length > 0 && samples + own > SAMPLES_AT_ONCE) {
        yield { subjects, metrics: [metric] }
        subjects = []
        samples = 0
      }
      subjects.push(subject)
      samples += own
    }
    if (subjects.length > 0) yield { subjects, metrics: [metric] }
  }
}

function anyOf(tag: string, values: readonly string[]): string {
  return `(${values.map(value => `${quoted(tag)} = ${literal(encodeText(value))}`).join(' OR ')})`
}

export function keyOfRows({ name, tags }: InfluxRows): RawSeries['key'] {
  return keyOf(name ?? '', tags ?? {})
}

export function samplesOf({ values }: InfluxRows): [at: number, value: number][] {
  return values.flatMap(([at, value]): [number, number][] =>
    typeof at === 'number' && typeof value === 'number' ? [[at, value]] : [],
  )
}
