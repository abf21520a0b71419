// Where it is kept what observers saw of a subject. The words of a probe are its debounced votes; see PROBE_METRICS.up.
import { COLLECTOR } from '../access/actor.ts'
import { appendAudit } from '../access/audit.ts'
import type { RecordsTransaction } from '../stores/records/records.ts'
import { type BootRun, isSameBoot, withBoot } from './cause.ts'
import { clip, type Interval, totalMs } from './intervals.ts'
import type { Vote } from './quorum.ts'
import { sightingsOf, type Word } from './sightings.ts'
import { evidenceLastsMs } from './subject-state.ts'

/** Words this much further apart than the rhythm leave a gap, so that what comes late finds its place. */
const JOIN_FACTOR = 1.5

export type Told = {
  subjectId: string
  /** Agent and probe: "AGENT/icmp". */
  observer: string
  words: readonly Word[]
  intervalMs: number
  /** When it was delivered. */
  at: number
  /** First word of what has come late so far, while a gap is being filled; the answer of the call before. */
  lateSince: number | null
}

/**
 * Lays words into the record; the same ones again change nothing. What comes so late that the subject was `unknown` meanwhile
 * corrects the record, and as soon as the last gap is closed that is told in the audit log. Answers since when late words
 * have come for a gap that is still open.
 */
export async function recordSightings(tx: RecordsTransaction, told: Told): Promise<number | null> {
  const times = told.words.map(({ at }) => at)
  const [first, last] = [Math.min(...times), Math.max(...times)]
  const joinMs = JOIN_FACTOR * told.intervalMs
  const own = tx
    .selectFrom('sighting')
    .selectAll()
    .where('subject_id', '=', told.subjectId)
    .where('observer', '=', told.observer)
  const rows = await own
    .where('to_ms', '>=', first - joinMs)
    .where('from_ms', '<=', last + joinMs)
    .orderBy('from_ms')
    .execute()
  const known = rows.map(({ from_ms: from, to_ms: to, vote }) => ({ from, to, vote }))
  const merged = sightingsOf(known, told.words, joinMs)
  if (JSON.stringify(merged) === JSON.stringify(known)) return told.lateSince
  for (const { from } of known) {
    await tx
      .deleteFrom('sighting')
      .where('subject_id', '=', told.subjectId)
      .where('observer', '=', told.observer)
      .where('from_ms', '=', from)
      .execute()
  }
  const patienceMs = evidenceLastsMs(told.intervalMs)
  for (const { from, to, vote } of merged) {
    await tx
      .insertInto('sighting')
      .values({
        ...{ subject_id: told.subjectId, observer: told.observer, from_ms: from, to_ms: to, vote },
        patience_ms: patienceMs,
      })
      .execute()
  }
  const isLate = told.at - last > patienceMs
  const after = known.find(({ from }) => from >= last)
  if (!isLate) return null
  if (after === undefined) return Math.min(first, told.lateSince ?? first)
  // The last gap is closed: of all that came late it is now known what it was.
  const window = { from: told.lateSince ?? first, to: after.from }
  const upMs = await heardMs(tx, told, 'up', window)
  const downMs = await heardMs(tx, told, 'down', window)
  await appendAudit(tx, {
    ...{ at: told.at, actor: COLLECTOR, action: 'state.correct', subject: told.subjectId },
    detail: { ...window, observer: told.observer, was: 'unknown', upMs, downMs },
  })
  return null
}

async function heardMs(tx: RecordsTransaction, told: Told, vote: Vote, window: Interval): Promise<number> {
  const rows = await tx
    .selectFrom('sighting')
    .select(['from_ms as from', 'to_ms as to'])
    .where('subject_id', '=', told.subjectId)
    .where('observer', '=', told.observer)
    .where('vote', '=', vote)
    .where('to_ms', '>', window.from)
    .where('from_ms', '<', window.to)
    .execute()
  return totalMs(clip(rows, window))
}

/** Keeps when a subject was seen to run since which boot; instants by the collector's clock. */
export async function recordBoot(
  tx: RecordsTransaction,
  seen: { subjectId: string; bootedAt: number; seenAt: number },
): Promise<void> {
  const rows = await tx.selectFrom('boot_run').selectAll().where('subject_id', '=', seen.subjectId).execute()
  const runs = rows.map((row): BootRun => ({ bootedAt: row.booted_at, seenFrom: row.seen_from, seenTo: row.seen_to }))
  const run = withBoot(runs, seen).find(one => isSameBoot(one.bootedAt, seen.bootedAt))
  if (run === undefined) return
  await tx
    .insertInto('boot_run')
    .values({ subject_id: seen.subjectId, booted_at: run.bootedAt, seen_from: run.seenFrom, seen_to: run.seenTo })
    .onConflict(conflict =>
      conflict.columns(['subject_id', 'booted_at']).doUpdateSet({ seen_from: run.seenFrom, seen_to: run.seenTo }),
    )
    .execute()
}
