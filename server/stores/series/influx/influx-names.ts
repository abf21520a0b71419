// How a series is called in InfluxDB: the metric is the measurement, labels are tags, and "subject" and "agent" are tags
// beside them, so that Grafana and people find what they know. Pure, and reversible for any text.
import type { SeriesKey } from '../series-store.ts'

export const VALUE_FIELD = 'value'
const LABEL_PREFIX = 'label_'
/** Names of ours, and what InfluxQL or JavaScript understands in its own way. */
const TAKEN = new Set(['subject', 'agent', 'time', VALUE_FIELD, '__proto__'])

// No tag value may be empty, hold a line end or end in a backslash; a measurement must not begin like a comment.
const SPECIAL = /[%\\#\p{Cc}]/gu
const EMPTY = '%'

export function encodeText(text: string): string {
  if (text === '') return EMPTY
  return text.replace(SPECIAL, char => `%${char.charCodeAt(0).toString(16).padStart(2, '0')}`)
}

export function decodeText(text: string): string {
  if (text === EMPTY) return ''
  return text.replace(/%([0-9a-f]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)))
}

export function tagName(label: string): string {
  return encodeText(TAKEN.has(label) || label.startsWith(LABEL_PREFIX) ? `${LABEL_PREFIX}${label}` : label)
}

function labelOf(tag: string): string {
  const name = decodeText(tag)
  return name.startsWith(LABEL_PREFIX) ? name.slice(LABEL_PREFIX.length) : name
}

export function tagsOf({ subjectId, agentId, labels }: SeriesKey): Record<string, string> {
  const tags = Object.entries(labels).map(([label, value]): [string, string] => [tagName(label), encodeText(value)])
  return { subject: encodeText(subjectId), agent: encodeText(agentId), ...Object.fromEntries(tags) }
}

/** `tags` as an answer grouped by all tags has them: an empty value means that the series has no such tag. */
export function keyOf(measurement: string, tags: Readonly<Record<string, string>>): SeriesKey {
  const { subject = '', agent = '', ...others } = tags
  const labels = Object.entries(others)
    .filter(([, value]) => value !== '')
    .map(([tag, value]): [string, string] => [labelOf(tag), decodeText(value)])
  return {
    subjectId: decodeText(subject),
    metric: decodeText(measurement),
    labels: Object.fromEntries(labels),
    agentId: decodeText(agent),
  }
}

/** A name in InfluxQL. */
export function quoted(name: string): string {
  return `"${name.replace(/[\\"]/g, '\\$&').replaceAll('\n', '\\n')}"`
}

/** A text in InfluxQL. */
export function literal(text: string): string {
  return `'${text.replace(/[\\']/g, '\\$&').replaceAll('\n', '\\n')}'`
}
