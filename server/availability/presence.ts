// Who was heard when, for many at once. Nearly every batch only says "still here": its subject's newest interval grows.
// Those intervals are known in memory and written together; every other word goes the whole way of heard.ts.
import { sql } from 'kysely'
import type { RecordsTransaction } from '../stores/records/records.ts'
import { recordHeard } from './heard.ts'
import type { Interval } from './intervals.ts'

/** `times` in order. */
export type Heard = { subjectId: string; times: readonly number[]; patienceMs: number; bootedAt: number | null }

export type Presence = {
  /**
   * Writes what was heard; `onClosed` is told each silence that it closed. Call the answer after the commit: before it
   * nothing is believed, so a transaction that fails changes nothing here.
   */
  record(
    tx: RecordsTransaction,
    heard: readonly Heard[],
    onClosed: (closed: Interval & { subjectId: string }) => Promise<void>,
  ): Promise<() => void>
}

/**
 * The newest interval of a subject, in which it was up; `before`: where the one before it ends; `bootedAt`: of the last word in it,
 * null where that is not known.
 */
type Newest = Interval & { before: number; bootedAt: number | null }

/** Nobody else may write the intervals of these subjects while this lives. */
export function createPresence(): Presence {
  const known = new Map<string, Newest>()
  return {
    async record(tx, heard, onClosed) {
      const changed = new Map<string, Newest | null>()
      const grown = new Map<string, Newest>()
      const recorded = await recordedAmong(
        tx,
        heard.flatMap(({ subjectId }) => (known.has(subjectId) ? [] : [subjectId])),
      )
      for (const one of heard) {
        const { subjectId } = one
        const before = changed.has(subjectId) ? changed.get(subjectId) : known.get(subjectId)
        const isNew = before === undefined && !known.has(subjectId) && !recorded.has(subjectId)
        const after = isNew ? beginningOf(one) : before === undefined || before === null ? null : growthOf(before, one)
        if (after !== null) {
          changed.set(subjectId, after)
          grown.set(subjectId, after)
          continue
        }
        const waiting = grown.get(subjectId)
        if (waiting !== undefined) await writeGrown(tx, new Map([[subjectId, waiting]]))
        grown.delete(subjectId)
        for (const closed of await recordHeard(tx, one)) await onClosed({ subjectId, ...closed })
        changed.set(subjectId, await readNewest(tx, one))
      }
      if (grown.size > 0) await writeGrown(tx, grown)
      return () => {
        for (const [subjectId, newest] of changed) {
          if (newest === null) known.delete(subjectId)
          else known.set(subjectId, newest)
        }
      }
    },
  }
}

/** Those of whom anything is recorded. */
async function recordedAmong(tx: RecordsTransaction, subjectIds: readonly string[]): Promise<Set<string>> {
  if (subjectIds.length === 0) return new Set()
  const { rows } = await sql<{ id: string }>`
    select value as id from json_each(${JSON.stringify(subjectIds)})
    where exists (select 1 from state_interval where subject_id = value)`.execute(tx)
  return new Set(rows.map(({ id }) => id))
}

/** The first interval of all; null when the words are too far apart for one. */
function beginningOf({ times, patienceMs, bootedAt }: Heard): Newest | null {
  const [from, to] = [times[0], times.at(-1)]
  if (from === undefined || to === undefined) return null
  const isOne = times.every((at, place) => place === 0 || at - (times[place - 1] ?? at) <= patienceMs)
  return isOne ? { from, to, before: Number.NEGATIVE_INFINITY, bootedAt } : null
}

/** The interval with these words in it; null when they do more than make it longer at its end. */
function growthOf(newest: Newest, { times, patienceMs, bootedAt }: Heard): Newest | null {
  const bootIsNews = bootedAt !== null && bootedAt !== newest.bootedAt && bootedAt <= newest.from
  if (bootIsNews) return null
  let { to } = newest
  for (const at of times) {
    // Outside of it, or near enough to the one before to join both.
    if (at < newest.from || at > to + patienceMs || at - patienceMs <= newest.before) return null
    to = Math.max(to, at)
  }
  return { ...newest, to }
}

async function readNewest(tx: RecordsTransaction, { subjectId, times, bootedAt }: Heard): Promise<Newest | null> {
  const row = await tx
    .selectFrom('state_interval')
    .select(['state', 'from_ms', 'to_ms'])
    .where('subject_id', '=', subjectId)
    .orderBy('from_ms', 'desc')
    .limit(1)
    .executeTakeFirst()
  if (row?.state !== 'up') return null
  const { before } = await tx
    .selectFrom('state_interval')
    .select(eb => eb.fn.max('to_ms').as('before'))
    .where('subject_id', '=', subjectId)
    .where('state', '=', 'up')
    .where('from_ms', '<', row.from_ms)
    .executeTakeFirstOrThrow()
  const isItsWord = (times.at(-1) ?? Number.NEGATIVE_INFINITY) >= row.from_ms
  return {
    ...{ from: row.from_ms, to: row.to_ms, before: before ?? Number.NEGATIVE_INFINITY },
    bootedAt: isItsWord ? bootedAt : null,
  }
}

/** In one statement, however many they are. */
async function writeGrown(tx: RecordsTransaction, grown: ReadonlyMap<string, Newest>): Promise<void> {
  const rows = JSON.stringify([...grown].map(([subjectId, { from, to }]) => [subjectId, from, to]))
  await sql`
    insert into state_interval (subject_id, state, from_ms, to_ms, cause)
    select value ->> 0, 'up', value ->> 1, value ->> 2, null from json_each(${rows}) where true
    on conflict (subject_id, from_ms) do update set to_ms = excluded.to_ms`.execute(tx)
}
