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
}

/**
 * Writes what the batch tells; contact and sample times only move forward, and version and rhythm are those of the newest
 * sample, so a late batch spoils nothing.
 */
export async function recordObservation(tx: RecordsTransaction, seen: AgentObservation): Promise<void> {
  await tx
    .updateTable('agent')
    .set({ version: seen.version, interval_ms: seen.intervalMs })
    .where('id', '=', seen.agentId)
    .where(eb =>
      eb.or([
        eb('last_sample_at', 'is', null),
        eb('last_sample_at', '<=', seen.newestSampleAt ?? Number.MAX_SAFE_INTEGER),
      ]),
    )
    .execute()
  await tx
    .updateTable('agent')
    .set(eb => ({
      skew_ms: seen.skewMs,
      last_contact_at: eb.fn<number>('max', [eb.fn.coalesce('last_contact_at', eb.lit(0)), eb.val(seen.receivedAt)]),
      last_sample_at:
        seen.newestSampleAt === null
          ? eb.ref('last_sample_at')
          : eb.fn<number>('max', [eb.fn.coalesce('last_sample_at', eb.lit(0)), eb.val(seen.newestSampleAt)]),
    }))
    .where('id', '=', seen.agentId)
    .execute()
}

/** Slowly changing truths; an older one never takes the place of a newer one. */
export async function recordFacts(
  tx: RecordsTransaction,
  facts: readonly (WireFact & { subject: string })[],
): Promise<void> {
  for (const fact of facts) {
    await tx
      .insertInto('fact')
      .values({ subject_id: fact.subject, name: fact.name, value: JSON.stringify(fact.value), at: fact.at })
      .onConflict(conflict =>
        conflict
          .columns(['subject_id', 'name'])
          .doUpdateSet(eb => ({ value: eb.ref('excluded.value'), at: eb.ref('excluded.at') }))
          .whereRef('fact.at', '<=', 'excluded.at'),
      )
      .execute()
  }
}
