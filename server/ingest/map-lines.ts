// What lines say, in the words of the house: hosts, and the series of each. Pure; time comes in as an argument.
import type { WireSeries } from '../../protocol/batch.ts'
import { BATCH_LIMITS } from '../../protocol/wire.ts'
import { EARLY_MS, LATE_MS } from '../stores/series/append-limits.ts'
import { seriesKeyText } from '../stores/series/series-key.ts'
import type { LinePoint, LineProblem } from './line-protocol.ts'

/** One line as what it adds to one host. */
export type MappedLine = {
  line: number
  host: string
  at: number
  labels: Record<string, string>
  values: { metric: string; value: number | string }[]
  /** Fields with text in them, which no series can hold. */
  textFields: number
}

export type MappedLines = { lines: MappedLine[]; problems: LineProblem[] }

const HOST_TAGS = ['host', 'hostname'] as const
const NAME_LENGTH = { metric: 200, label: 100, value: 1024, host: 253 } as const

/** Lines whose time is missing get `receivedAt`; lines that the series store would not take are refused here, by number. */
export function mapLines(points: readonly LinePoint[], receivedAt: number): MappedLines {
  const lines: MappedLine[] = []
  const problems: LineProblem[] = []
  for (const point of points) {
    const mapped = mapLine(point, receivedAt)
    if (typeof mapped === 'string') problems.push({ line: point.line, message: mapped })
    else lines.push(mapped)
  }
  return { lines, problems }
}

/** Answers the reason where a line can't be kept. */
function mapLine(point: LinePoint, receivedAt: number): MappedLine | string {
  const at = point.at ?? receivedAt
  if (at < receivedAt - LATE_MS) return 'the time is more than 30 days ago: is "precision" the unit of the times?'
  if (at > receivedAt + EARLY_MS) return 'the time is more than 10 minutes ahead: is "precision" the unit of the times?'
  const hostTag = HOST_TAGS.find(tag => point.tags.some(([name]) => name === tag))
  const host = point.tags.find(([name]) => name === hostTag)?.[1].trim() ?? ''
  if (host === '') return 'there is no tag "host" or "hostname": nobody could tell which server this is about'
  if (host.length > NAME_LENGTH.host || /\p{Cc}/u.test(host)) return 'the tag with the host is no host name'
  const labels = labelsOf(point.tags.filter(([name]) => name !== hostTag))
  if (typeof labels === 'string') return labels
  const values: MappedLine['values'] = []
  let textFields = 0
  for (const [field, value] of point.fields) {
    if (typeof value === 'string') {
      textFields++
      continue
    }
    const metric = nameOf(`${point.measurement}_${field}`, /[^a-zA-Z0-9_:]/g)
    if (metric.length > NAME_LENGTH.metric)
      return `measurement and field are longer than ${NAME_LENGTH.metric} together`
    if (values.some(known => known.metric === metric)) return `two fields would both be called ${metric}`
    // Digits of a large integer travel as text, as in every batch.
    values.push({ metric, value: typeof value === 'bigint' ? String(value) : Number(value) })
  }
  return { line: point.line, host, at, labels, values, textFields }
}

function labelsOf(tags: LinePoint['tags']): Record<string, string> | string {
  const labels: [string, string][] = []
  for (const [tag, value] of tags) {
    const name = nameOf(tag, /[^a-zA-Z0-9_]/g)
    if (name.length > NAME_LENGTH.label) return `the name of a tag is longer than ${NAME_LENGTH.label}`
    if (value.length > NAME_LENGTH.value) return `the value of the tag ${name} is longer than ${NAME_LENGTH.value}`
    // Legal by its letters, but as a property of an object it is a trap.
    if (name === '__proto__') return 'no tag may be called __proto__'
    if (labels.some(([known]) => known === name)) return `two tags would both be called ${name}`
    labels.push([name, value])
  }
  return Object.fromEntries(labels)
}

/** Other letters become "_", as they do everywhere on the way from InfluxDB to Prometheus. */
function nameOf(text: string, foreign: RegExp): string {
  const name = text.replace(foreign, '_')
  return /^\d/.test(name) ? `_${name}` : name
}

/** What makes a series of a host one: for counting them, and for putting points of many lines together. */
export function hostSeriesName(host: string, metric: string, labels: Record<string, string>): string {
  return seriesKeyText({ subjectId: host, metric, labels, agentId: '' })
}

/** The series of one host's lines, cut into lists that one batch may hold. */
export function seriesLists(lines: readonly MappedLine[]): WireSeries[][] {
  const open = new Map<string, WireSeries & { kind: 'gauge' }>()
  const series: WireSeries[] = []
  for (const { host, at, labels, values } of lines) {
    for (const { metric, value } of values) {
      const name = hostSeriesName(host, metric, labels)
      const known = open.get(name)
      if (known !== undefined && known.points.length < BATCH_LIMITS.pointsPerSeries) known.points.push([at, value])
      else {
        const made = { kind: 'gauge' as const, metric, labels, points: [[at, value] as [number, number | string]] }
        open.set(name, made)
        series.push(made)
      }
    }
  }
  const lists: WireSeries[][] = []
  for (let from = 0; from < series.length; from += BATCH_LIMITS.series) {
    lists.push(series.slice(from, from + BATCH_LIMITS.series))
  }
  return lists
}
