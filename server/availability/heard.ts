// Where it is kept when a subject was heard. Two samples no further apart than the subject's patience span the time
// between them; what lies open between two such spans is silence.
import type { RecordsTransaction } from '../stores/records/records.ts'
import type { Interval } from './intervals.ts'

/** The collector's own wakefulness is kept like that of any subject, under this id. */
export const COLLECTOR_SUBJECT = '00000000-0000-0000-0000-000000000000'

/**
 * Adds the times at which a subject was heard (UTC ms, any order, late ones too). `patienceMs` joins neighbours.
 * `bootedAt` turns the silence before a restart into a known outage: the machine itself was off or restarting. Answers the
 * silences that these words closed: late truth, which somebody must be told.
 */
export async function recordHeard(
  tx: RecordsTransaction,
  heard: { subjectId: string; times: readonly number[]; patienceMs: number; bootedAt: number | null },
): Promise<Interval[]> {
  const { subjectId, patienceMs, bootedAt } = heard
  const closed: Interval[] = []
  for (const span of spansOf(heard.times, patienceMs)) {
    const near = await tx
      .selectFrom('state_interval')
      .selectAll()
      .where('subject_id', '=', subjectId)
      .where('to_ms', '>=', span.from - patienceMs)
      .where('from_ms', '<=', span.to + patienceMs)
      .orderBy('from_ms')
      .execute()
    const joined = near.filter(row => row.state === 'up')
    for (const [index, row] of joined.entries()) {
      const before = joined[index - 1]
      if (before !== undefined) closed.push({ from: before.to_ms, to: row.from_ms })
    }
    const from = Math.min(span.from, ...joined.map(row => row.from_ms))
    const to = Math.max(span.to, ...joined.map(row => row.to_ms))
    // Whatever else was believed of this time is overruled: somebody heard the subject.
    const overruled = near.filter(row => row.state !== 'up' && row.to_ms > from && row.from_ms <= to)
    for (const row of [...joined, ...overruled]) {
      await tx
        .deleteFrom('state_interval')
        .where('subject_id', '=', subjectId)
        .where('from_ms', '=', row.from_ms)
        .execute()
    }
    await insertInterval(tx, subjectId, 'up', { from, to }, null)
    // An outage that ended later is shorter than was believed: it began after this word.
    for (const { to_ms: end, cause } of overruled) {
      if (end > to) await insertInterval(tx, subjectId, 'down', { from: to + 1, to: end }, cause)
    }
    if (bootedAt !== null && bootedAt <= from) await recordOffTime(tx, subjectId, bootedAt, from)
  }
  return closed
}

/**
 * The silence that ended with a boot was an outage of the machine: from the last word before it to the boot. It is kept
 * from one millisecond later, because two intervals of a subject can't begin at once; readers put that back.
 */
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
