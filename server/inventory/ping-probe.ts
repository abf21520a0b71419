import { PROBE_DEFAULTS } from '../../protocol/probe-words.ts'
import type { ProbeCheck } from '../../protocol/probes.ts'
import { newId } from '../platform/ids.ts'
import type { RecordsTransaction } from '../stores/records/records.ts'

export const PING = 'icmp'

/** Timing of a probe whose timing nobody set. */
export const DEFAULT_TIMING = {
  ...{ everyMs: PROBE_DEFAULTS.everyMs, timeoutMs: PROBE_DEFAULTS.timeoutMs },
  ...{ figuresEveryMs: PROBE_DEFAULTS.figuresEveryMs, failures: PROBE_DEFAULTS.failures },
  ...{ retryEveryMs: PROBE_DEFAULTS.retryEveryMs, successes: PROBE_DEFAULTS.successes },
}

export function pingOf(address: string): ProbeCheck {
  return { kind: 'icmp', address, packets: PROBE_DEFAULTS.packets, packetGapMs: PROBE_DEFAULTS.packetGapMs }
}

/** The probe "icmp" of a subject follows its address: made, changed or, with null, ended. */
export async function keepPing(tx: RecordsTransaction, subjectId: string, address: string | null, at: number) {
  const present = await tx
    .selectFrom('probe')
    .select(['id', 'settings'])
    .where('subject_id', '=', subjectId)
    .where('name', '=', PING)
    .where('removed_at', 'is', null)
    .executeTakeFirst()
  if (address === null) {
    if (present !== undefined)
      await tx.updateTable('probe').set({ removed_at: at }).where('id', '=', present.id).execute()
    return
  }
  if (present !== undefined) {
    const settings = JSON.stringify({ ...JSON.parse(present.settings), check: pingOf(address) })
    await tx.updateTable('probe').set({ settings }).where('id', '=', present.id).execute()
    return
  }
  const settings = JSON.stringify({ ...DEFAULT_TIMING, check: pingOf(address) })
  await tx
    .insertInto('probe')
    .values({
      ...{ id: newId(at), subject_id: subjectId, name: PING, decides: 'state', settings, agent_ids: '[]' },
      ...{ created_at: at, removed_at: null },
    })
    .execute()
}
