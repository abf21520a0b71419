// Strict parsing of a delivered batch: it follows the wire contract, or the first 20 places where it does not are named.
import { TextDecoder } from 'node:util'
import { z } from 'zod'
import { BATCH_LIMITS, type Batch, batch, wireFact, wireSeries } from '../../protocol/batch.ts'
import type { ProblemIssue } from '../../protocol/problem.ts'
import { isWellFormed } from './well-formed.ts'

export type ParsedBatch = { kind: 'batch'; batch: Batch } | { kind: 'issues'; issues: ProblemIssue[] }

export const MAX_ISSUES = 20
const MAX_TEXT_LENGTH = 200
/** A valid batch is five deep. */
const MAX_DEPTH = 8
/** What a smaller body can nest costs the JSON parser nothing to speak of; the contract then refuses it by its shape. */
const DEPTH_CHECKED_FROM_BYTES = 64 * 1024

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

/** The batch with its long lists unread: those are read one by one, and no further than the limit of issues. */
const envelope = z.strictObject({
  ...batch.shape,
  series: z.array(z.unknown()).max(BATCH_LIMITS.series),
  facts: z.array(z.unknown()).max(BATCH_LIMITS.facts).optional(),
})

function shortened(text: string): string {
  return text.length <= MAX_TEXT_LENGTH ? text : `${text.slice(0, MAX_TEXT_LENGTH)}…`
}

/** Whether arrays and objects are nested deeper than allowed; looks at the bytes only, before any parser works on them. */
export function isTooDeep(json: Uint8Array, maxDepth = MAX_DEPTH): boolean {
  let depth = 0
  let inText = false
  for (let index = 0; index < json.length; index++) {
    const byte = json[index]
    if (inText) {
      if (byte === 0x5c) index++
      else if (byte === 0x22) inText = false
    } else if (byte === 0x22) inText = true
    else if (byte === 0x5b || byte === 0x7b) {
      if (++depth > maxDepth) return true
    } else if (byte === 0x5d || byte === 0x7d) depth--
  }
  return false
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null
}

/** Collects issues: each once, short, and no more than the limit. */
function createIssueList() {
  const issues: ProblemIssue[] = []
  const seen = new Set<string>()
  const isFull = () => issues.length >= MAX_ISSUES

  function add(path: readonly PropertyKey[], message: string): void {
    const issue = { path: shortened(path.map(String).join('.')), message: shortened(message) }
    const text = JSON.stringify(issue)
    if (isFull() || seen.has(text)) return
    seen.add(text)
    issues.push(issue)
  }

  function addAll(error: z.ZodError, prefix: readonly PropertyKey[]): void {
    for (const { path, message } of error.issues) {
      if (isFull()) return
      add([...prefix, ...path], message)
    }
  }

  return { issues, isFull, add, addAll }
}

type IssueList = ReturnType<typeof createIssueList>

function parseOneSeries(raw: unknown, path: readonly PropertyKey[], list: IssueList) {
  if (isObject(raw)) {
    // Before the contract looks at each point: the list may be a bomb.
    if (Array.isArray(raw.points) && raw.points.length > BATCH_LIMITS.pointsPerSeries) {
      return list.add([...path, 'points'], `Too big: expected array to have <=${BATCH_LIMITS.pointsPerSeries} items`)
    }
    // A legal label name by its letters, but as a property it is a trap; the record parser would drop it silently.
    if (isObject(raw.labels) && Object.hasOwn(raw.labels, '__proto__')) {
      return list.add([...path, 'labels', '__proto__'], 'Not allowed as the name of a label')
    }
  }
  const parsed = wireSeries.safeParse(raw)
  if (parsed.success) return parsed.data
  list.addAll(parsed.error, path)
}

function parseJson(body: Uint8Array): { value: unknown } | { issue: string } {
  try {
    if (body.byteLength >= DEPTH_CHECKED_FROM_BYTES && isTooDeep(body)) return { issue: 'The JSON is nested too deep' }
    return { value: JSON.parse(utf8.decode(body)) }
  } catch (error) {
    // The parser's own message repeats what was sent; only the position is of use.
    const position = error instanceof SyntaxError ? /at position \d+/.exec(error.message)?.[0] : undefined
    return { issue: `Not valid JSON in UTF-8${position === undefined ? '' : ` ${position}`}` }
  }
}

export function parseBatch(body: Uint8Array): ParsedBatch {
  const list = createIssueList()
  const json = parseJson(body)
  if ('issue' in json) {
    list.add([], json.issue)
    return { kind: 'issues', issues: list.issues }
  }
  if (isWellFormed(json.value)) return { kind: 'batch', batch: json.value }
  const outer = envelope.safeParse(json.value)
  if (!outer.success) {
    list.addAll(outer.error, [])
    return { kind: 'issues', issues: list.issues }
  }

  const series: Batch['series'] = []
  for (const [index, raw] of outer.data.series.entries()) {
    if (list.isFull()) break
    const parsed = parseOneSeries(raw, ['series', index], list)
    if (parsed !== undefined) series.push(parsed)
  }
  const facts: NonNullable<Batch['facts']> = []
  for (const [index, raw] of (outer.data.facts ?? []).entries()) {
    if (list.isFull()) break
    const parsed = wireFact.safeParse(raw)
    if (parsed.success) facts.push(parsed.data)
    else list.addAll(parsed.error, ['facts', index])
  }
  if (list.issues.length > 0) return { kind: 'issues', issues: list.issues }
  const { facts: hadFacts, ...rest } = outer.data
  return { kind: 'batch', batch: { ...rest, series, ...(hadFacts === undefined ? {} : { facts }) } }
}
