// The door for line protocol: throttle, read, parse, sort by host, journal a batch a host; only then acknowledge. Good
// lines are kept when others are bad. A body that comes twice is harmless: each point counts once by series and time.
import { randomUUID } from 'node:crypto'
import { TextDecoder } from 'node:util'
import type { Batch } from '../../protocol/batch.ts'
import type { ProblemCode } from '../../protocol/problem.ts'
import type { LinePrecision } from '../../protocol/vocabulary.ts'
import { WIRE_VERSION } from '../../protocol/wire.ts'
import type { WriterIdentity } from '../access/writer-keys.ts'
import type { HostAnswer, WriterHosts } from '../inventory/writer-hosts.ts'
import { packBatch } from './decode-batch.ts'
import type { Journal } from './journal.ts'
import { journalProblem } from './journal-problem.ts'
import { type LineProblem, parseLines } from './line-protocol.ts'
import { hostSeriesName, type MappedLine, mapLines, seriesLists } from './map-lines.ts'
import { readBody } from './read-body.ts'
import type { SeriesAllowance } from './series-allowance.ts'
import { shapeOf } from './series-shapes.ts'
import type { Throttle, ThrottleLimits } from './throttle.ts'

export type LinesDelivery = {
  writer: WriterIdentity
  body: Buffer
  contentEncoding: string | undefined
  precision: LinePrecision
  /** What the client calls itself, for people to see. */
  client: string
}

/** `problems` in the order of the lines; the other `kept` lines are on disk. */
export type LinesAcceptance =
  | { kind: 'accepted'; kept: number; problems: LineProblem[]; textFields: number }
  | { kind: 'problem'; code: ProblemCode; detail?: string; retryAfterS?: number }

export type AcceptLines = (delivery: LinesDelivery) => Promise<LinesAcceptance>

/** A Telegraf or Icinga that catches up sends a few requests a second. */
export const REQUESTS_PER_WRITER: ThrottleLimits = { ratePerS: 20, burst: 200 }

export type AcceptLinesDeps = {
  journal: Pick<Journal, 'append'>
  hosts: Pick<WriterHosts, 'find'>
  throttle: Throttle
  allowance: SeriesAllowance
  now: () => number
}

const utf8 = new TextDecoder('utf-8')
const BROKEN_LETTER = '\ufffd'

/** Rejects only when the journal is broken (StorageError storage-failed, damaged); a refusal is a `problem`. */
export function createAcceptLines(deps: AcceptLinesDeps): AcceptLines {
  const { journal, hosts, throttle, allowance, now } = deps
  // One numbering for each start: the journal keeps which numbers it had, and points are known by their time anyway.
  const spool = randomUUID()
  const numbers = new Map<string, number>()

  function nextNumber(agentId: string): number {
    const number = (numbers.get(agentId) ?? 0) + 1
    numbers.set(agentId, number)
    return number
  }

  async function keep(delivery: LinesDelivery, receivedAt: number, lines: readonly MappedLine[]) {
    const { writer, client } = delivery
    const problems: LineProblem[] = []
    const orders: { agentId: string; batch: Batch }[] = []
    for (const [hostname, hostLines] of Map.groupBy(lines, ({ host }) => host)) {
      const answer = await hosts.find(writer, hostname, client)
      if (answer.kind !== 'host') {
        for (const { line } of hostLines) problems.push({ line, message: refusalOf(answer, writer) })
        continue
      }
      const { agentId, deviceId } = answer.host
      const allowed = hostLines.filter(({ line, labels, values }) => {
        const fits = values.every(({ metric }) =>
          allowance.take({
            ...{ writerId: writer.id, deviceId, at: receivedAt },
            series: hostSeriesName(deviceId, metric, labels),
          }),
        )
        if (!fits) problems.push({ line, message: 'this writer has as many series as it may: is a tag always new?' })
        return fits
      })
      for (const series of seriesLists(allowed)) {
        const head = { wire: WIRE_VERSION, agentVersion: client, spool, number: nextNumber(agentId) } as const
        orders.push({ agentId, batch: { ...head, intervalMs: writer.intervalMs, series } })
      }
    }
    // Together, so that they share one write to the disk.
    const appended = await Promise.allSettled(
      orders.map(({ agentId, batch }) =>
        journal.append({
          ...{ agentId, spool, number: batch.number, lane: 'fresh', sentAt: receivedAt, receivedAt },
          ...{ body: Buffer.from(JSON.stringify(batch)), packed: packBatch(batch, shapeOf(batch.series), 0) },
        }),
      ),
    )
    for (const outcome of appended) if (outcome.status === 'rejected') throw outcome.reason
    return problems
  }

  return async delivery => {
    const receivedAt = now()
    const waitMs = throttle.take(delivery.writer.id, receivedAt)
    if (waitMs > 0) return { kind: 'problem', code: 'too-many-requests', retryAfterS: Math.ceil(waitMs / 1000) }
    const read = await readBody(delivery.body, delivery.contentEncoding)
    if (read.kind === 'too-large') return { kind: 'problem', code: 'too-large' }
    if (read.kind === 'unsupported-encoding') return { kind: 'problem', code: 'unsupported-media-type' }
    if (read.kind === 'broken-gzip') return { kind: 'problem', code: 'bad-request', detail: 'Not valid gzip' }

    const parsed = parseLines(utf8.decode(read.body), delivery.precision)
    const readable = parsed.points.filter(point => !isBroken(point))
    const unreadable = parsed.points.filter(isBroken).map(({ line }) => ({ line, message: 'it is not valid UTF-8' }))
    const mapped = mapLines(readable, receivedAt)
    try {
      const refused = await keep(delivery, receivedAt, mapped.lines)
      const problems = [...parsed.problems, ...unreadable, ...mapped.problems, ...refused]
      const textFields = mapped.lines.reduce((sum, line) => sum + line.textFields, 0)
      return {
        kind: 'accepted',
        kept: mapped.lines.length - refused.length,
        problems: problems.sort((left, right) => left.line - right.line),
        textFields,
      }
    } catch (error) {
      return journalProblem(error)
    }
  }
}

function isBroken({ measurement, tags, fields }: { measurement: string; tags: string[][]; fields: unknown[][] }) {
  const texts = [measurement, ...tags.flat(), ...fields.flat()]
  return texts.some(text => typeof text === 'string' && text.includes(BROKEN_LETTER))
}

function refusalOf({ kind }: HostAnswer & { kind: 'removed' | 'too-many' }, { maxHosts }: WriterIdentity): string {
  return kind === 'removed'
    ? 'this host was taken off the wall by a person'
    : `this writer may have ${maxHosts} hosts, and this would be one more`
}
