// Where it is kept when a subject was heard. Two samples no further apart than the subject's patience span the time
// between them; what lies open between two such spans is silence.
import type { RecordsTransaction } from '../stores/records/records.ts'
import type { Interval } from './intervals.ts'

/** The collector's own wakefulness is kept like that of any subject, under this id. */
export const COLLECTOR_SUBJECT = '00000000-0000-0000-0000-000000000000'

/**
 * Adds the times at which a subject was heard (UTC ms, any order, late ones too). `patienceMs` joins neighbours.
 * `bootedAt` turns the silence before a restart into a known outage: the machine itself was off or restarting.
 */
export async function recordHeard(
  tx: RecordsTransaction,
  heard: { subjectId: string; times: readonly number[]; patienceMs: number; bootedAt: number | null },
): Promise<void> {
  for (const span of spansOf(heard.times, heard.patienceMs)) {
    const near = await tx
      .selectFrom('state_interval')
      .select(['from_ms', 'to_ms'])
      .where('subject_id', '=', heard.subjectId)
      .where('state', '=', 'up')
      .where('to_ms', '>=', span.from - heard.patienceMs)
      .where('from_ms', '<=', span.to + heard.patienceMs)
      .execute()
    const from = Math.min(span.from, ...near.map(row => row.from_ms))
    const to = Math.max(span.to, ...near.map(row => row.to_ms))
    // Whatever else was believed of this time is overruled: somebody heard the subject.
    await tx
      .deleteFrom('state_interval')
      .where('subject_id', '=', heard.subjectId)
      .where('from_ms', '>', from)
      .where('from_ms', '<=', to)
      .execute()
    await insertInterval(tx, heard.subjectId, 'up', { from, to }, null)
    if (heard.bootedAt !== null && heard.bootedAt < from) await recordOffTime(tx, heard.subjectId, heard.bootedAt, from)
  }
}

/** The silence that ended with a boot was an outage of the machine: from the last word before it to the boot. */
async function recordOffTime(tx: RecordsTransaction, subjectId: string, bootedAt: number, heardAgainAt: number) {
  const before = await tx
    .selectFrom('state_interval')
    .select('to_ms')
    .where('subject_id', '=', subjectId)
    .where('state', '=', 'up')
    .where('from_ms', '<', heardAgainAt)
    .orderBy('from_ms', 'desc')
    .limit(1)
    .executeTakeFirst()
  if (before === undefined || before.to_ms >= bootedAt) return
  await insertInterval(tx, subjectId, 'down', { from: before.to_ms + 1, to: bootedAt }, 'power')
}

async function insertInterval(
  tx: RecordsTransaction,
  subjectId: string,
  state: 'up' | 'down',
  { from, to }: Interval,
  cause: string | null,
): Promise<void> {
  await tx
    .insertInto('state_interval')
    .values({ subject_id: subjectId, state, from_ms: from, to_ms: to, cause })
    .onConflict(conflict => conflict.columns(['subject_id', 'from_ms']).doUpdateSet({ state, to_ms: to, cause }))
    .execute()
}

function spansOf(times: readonly number[], patienceMs: number): Interval[] {
  const spans: Interval[] = []
  for (const at of [...times].sort((left, right) => left - right)) {
    const last = spans.at(-1)
    if (last !== undefined && at - last.to <= patienceMs) last.to = at
    else spans.push({ from: at, to: at })
  }
  return spans
}
