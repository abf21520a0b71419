// The door for routers that push: turns raw counters into a batch and hands it to the same journal as everything else.
import { z } from 'zod'
import { LANE_HEADER, SENT_AT_HEADER, WIRE_VERSION } from '../../protocol/wire.ts'
import type { Records } from '../stores/records/records.ts'
import type { Acceptance, AcceptBatch } from './accept-batch.ts'
import { type PushState, seriesOfPush } from './push-growth.ts'
import { parsePush } from './push-text.ts'
import { createThrottle } from './throttle.ts'

export type Push = { agentId: string; body: Buffer }

export type AcceptPush = (push: Push) => Promise<Acceptance | { kind: 'again'; receivedAt: number }>

/** A router pushes each minute; a script that hangs in a loop must not fill the journal. */
const PUSH_LIMITS_PER_ROUTER = { ratePerS: 0.5, burst: 10 }

const kept = z.strictObject({
  uptimeMs: z.number(),
  counters: z.record(z.string(), z.strictObject({ value: z.string(), index: z.string().nullable() })),
})

export function createAcceptPush(deps: { records: Records; acceptBatch: AcceptBatch; now: () => number }): AcceptPush {
  const { records, acceptBatch, now } = deps
  const throttle = createThrottle(PUSH_LIMITS_PER_ROUTER)
  const turns = new Map<string, Promise<unknown>>()

  async function accept({ agentId, body }: Push): ReturnType<AcceptPush> {
    const at = now()
    const waitMs = throttle.take(agentId, at)
    if (waitMs > 0) return { kind: 'problem', code: 'too-many-requests', retryAfterS: Math.ceil(waitMs / 1000) }
    const parsed = parsePush(body.toString('utf8'))
    if (parsed.kind === 'issues') return { kind: 'problem', code: 'bad-batch', issues: parsed.issues }

    const row = await records.selectFrom('push_state').selectAll().where('agent_id', '=', agentId).executeTakeFirst()
    const before: PushState | null = row === undefined ? null : kept.parse(JSON.parse(row.counters))
    const grown = seriesOfPush(before, parsed.report, at)
    if (grown.kind === 'again') return { kind: 'again', receivedAt: at }
    const number = (row?.number ?? 0) + 1
    const { version, interval_ms: intervalMs } = await records
      .selectFrom('agent')
      .select(['version', 'interval_ms'])
      .where('id', '=', agentId)
      .executeTakeFirstOrThrow()
    // Kept before it is journalled: a crash between the two costs one interval of rates and never counts one twice.
    const counters = JSON.stringify(grown.state)
    await records
      .insertInto('push_state')
      .values({ agent_id: agentId, number, counters })
      .onConflict(conflict => conflict.column('agent_id').doUpdateSet({ number, counters }))
      .execute()
    const batch = {
      wire: WIRE_VERSION,
      agentVersion: version,
      spool: agentId,
      number,
      intervalMs,
      series: grown.series,
    }
    return await acceptBatch({
      agentId,
      headers: { [SENT_AT_HEADER]: String(at), [LANE_HEADER]: 'fresh' },
      body: Buffer.from(JSON.stringify(batch)),
      contentEncoding: undefined,
    })
  }

  return async push => {
    // One push of a router at a time: the second must see what the first kept.
    const before = turns.get(push.agentId) ?? Promise.resolve()
    const turn = before.catch(() => undefined).then(() => accept(push))
    turns.set(push.agentId, turn)
    try {
      return await turn
    } finally {
      if (turns.get(push.agentId) === turn) turns.delete(push.agentId)
    }
  }
}
