import { sql } from 'kysely'
import type { WireFact } from '../../protocol/batch.ts'
import type { RecordsTransaction } from '../stores/records/records.ts'

/** What one batch tells of the agent that sent it. */
export type AgentObservation = {
  agentId: string
  deviceId: string
  version: string
  intervalMs: number
  receivedAt: number
  /** Newest sample of the batch by the collector's clock; null for a batch without samples. */
  newestSampleAt: number | null
  skewMs: number
  facts: readonly WireFact[]
}

/**
 * Writes what the batches tell, in their order; contact and sample times only move forward, and version and rhythm are
 * those of the newest sample, so a late batch spoils nothing.
 */
export async function recordObservations(tx: RecordsTransaction, seen: readonly AgentObservation[]): Promise<void> {
  for (const round of roundsOf(seen)) await updateAgents(tx, round)
  for (const { deviceId, facts } of seen) await recordFacts(tx, deviceId, facts)
}

/** Each agent at most once a round, its batches in their order. */
function roundsOf(seen: readonly AgentObservation[]): AgentObservation[][] {
  const rounds: AgentObservation[][] = []
  const times = new Map<string, number>()
  for (const one of seen) {
    const round = times.get(one.agentId) ?? 0
    times.set(one.agentId, round + 1)
    const others = rounds[round]
    if (others === undefined) rounds[round] = [one]
    else others.push(one)
  }
  return rounds
}

/** One statement for all of them: a collector hears of a thousand agents a second. */
async function updateAgents(tx: RecordsTransaction, seen: readonly AgentObservation[]): Promise<void> {
  const rows = JSON.stringify(
    seen.map(one => [one.agentId, one.version, one.intervalMs, one.skewMs, one.receivedAt, one.newestSampleAt]),
  )
  await sql`
    with seen as materialized (
      select value ->> 0 as id, value ->> 1 as version, value ->> 2 as interval_ms, value ->> 3 as skew_ms,
        value ->> 4 as received_at, value ->> 5 as newest from json_each(${rows}))
    update agent set
      version = case when last_sample_at > seen.newest then agent.version else seen.version end,
      interval_ms = case when last_sample_at > seen.newest then agent.interval_ms else seen.interval_ms end,
      skew_ms = seen.skew_ms,
      last_contact_at = max(coalesce(last_contact_at, 0), seen.received_at),
      last_sample_at = case when seen.newest is null then last_sample_at
        else max(coalesce(last_sample_at, 0), seen.newest) end
    from seen where agent.id = seen.id`.execute(tx)
}

async function recordFacts(tx: RecordsTransaction, deviceId: string, facts: readonly WireFact[]): Promise<void> {
  for (const fact of facts) {
    await tx
      .insertInto('fact')
      .values({ subject_id: deviceId, name: fact.name, value: JSON.stringify(fact.value), at: fact.at })
      .onConflict(conflict =>
        conflict
          .columns(['subject_id', 'name'])
          .doUpdateSet(eb => ({ value: eb.ref('excluded.value'), at: eb.ref('excluded.at') }))
          .whereRef('fact.at', '<=', 'excluded.at'),
      )
      .execute()
  }
}
