// What is remembered of the copies of the collector: when, where to, and of a try that failed why.
import { type OwnCopiesView, ownCopiesView } from '../../protocol/own-copies.ts'
import { bilingual } from '../../protocol/shapes.ts'
import type { Bilingual } from '../../protocol/vocabulary.ts'
import { COLLECTOR } from '../access/actor.ts'
import { appendAudit } from '../access/audit.ts'
import { newId } from '../platform/ids.ts'
import type { Records } from '../stores/records/records.ts'

export type NotedCopy = {
  begunAt: number
  endedAt: number
  path: string
  outcome: { bytes: number; files: number; flaws: readonly string[] } | { reason: Bilingual }
}

/** Whoever runs the command is not known to the collector: the audit log says that it did so itself. */
export async function noteOwnCopy(records: Records, { begunAt, endedAt, path, outcome }: NotedCopy): Promise<void> {
  const isGood = 'bytes' in outcome
  const reason = isGood ? flawWords(outcome.flaws) : outcome.reason
  await records.transaction().execute(async tx => {
    await tx
      .insertInto('own_copy')
      .values({
        ...{ id: newId(endedAt), begun_at: begunAt, ended_at: endedAt, path },
        ...{ bytes: isGood ? outcome.bytes : null, files: isGood ? outcome.files : null },
        reason: reason === null ? null : JSON.stringify(reason),
      })
      .execute()
    await appendAudit(tx, {
      ...{ at: endedAt, actor: COLLECTOR, subject: null },
      action: isGood ? 'own-copy.make' : 'own-copy.fail',
      detail: isGood ? { path, ...outcome } : { path, reason: outcome.reason.en },
    })
  })
}

const FLAWS_SHOWN = 5

/** Null when there are none. The sentences themselves are English, as those of `pantau evidence verify`. */
function flawWords(flaws: readonly string[]): Bilingual | null {
  if (flaws.length === 0) return null
  const list = flaws.slice(0, FLAWS_SHOWN).join('; ')
  const more = flaws.length - FLAWS_SHOWN
  return more > 0 ? { en: `${list}; and ${more} more`, id: `${list}; dan ${more} lainnya` } : { en: list, id: list }
}

/** Who copies once a week is well; a day more than that is for a machine that was off. */
const OLD_AFTER_MS = 8 * 86_400_000

/** Of a try that failed why, of a copy what does not hold in it. */
const wordsOf = (reason: string | null): Bilingual | null =>
  reason === null ? null : bilingual.parse(JSON.parse(reason))

export async function readOwnCopies(records: Records, at: number): Promise<OwnCopiesView> {
  const last = records.selectFrom('own_copy').selectAll().orderBy('begun_at', 'desc').orderBy('id', 'desc').limit(1)
  const tried = await last.executeTakeFirst()
  const good = await last.where('bytes', 'is not', null).executeTakeFirst()
  return ownCopiesView.parse({
    state: good === undefined ? 'never' : at - good.begun_at > OLD_AFTER_MS ? 'old' : 'fresh',
    newest:
      good === undefined
        ? null
        : {
            ...{ at: good.begun_at, path: good.path, bytes: good.bytes ?? 0, files: good.files ?? 0 },
            flaws: wordsOf(good.reason),
          },
    failed:
      tried?.reason == null || tried.bytes !== null
        ? null
        : { at: tried.begun_at, path: tried.path, reason: wordsOf(tried.reason) },
  })
}
