import type { OutageView } from '../../protocol/links.ts'
import type { Records } from '../stores/records/records.ts'
import { causeOf } from './cause.ts'
import { type Interval, union } from './intervals.ts'
import { type LineSeen, readLineUp } from './line-up.ts'
import { readCompanions, type SharedOutage, sharedAt } from './shared-outages.ts'
import type { SubjectHistory } from './subject-history.ts'

/** An outage that reaches to the present moment lasts. */
const LASTS_UNTIL_NOW_MS = 1

type Remark = { at: number; cause: OutageView['cause'] | null; reason: string; ticket: string | null; by: string }

/** Outages of a subject that touch `window`, newest first, with cause, evidence and what people said of them. */
export async function readOutages(
  records: Records,
  history: SubjectHistory,
  window: Interval,
  at: number,
): Promise<OutageView[]> {
  const rows = await records
    .selectFrom('outage_remark')
    .leftJoin('user_account', 'user_account.id', 'outage_remark.noted_by')
    .selectAll('outage_remark')
    .select('user_account.display_name')
    .where('subject_id', '=', history.subject.id)
    .orderBy('noted_at')
    .orderBy('outage_remark.id')
    .execute()
  const remarks = rows.map(
    (row): Remark => ({
      ...{ at: row.at_ms, cause: row.cause, reason: row.reason, ticket: row.ticket },
      by: row.display_name ?? row.noted_by,
    }),
  )
  const times = timesOf(history, window)
  if (times.length === 0) return []
  const lineUp = await readLineUp(records, history.subject, times, window)
  const { own, others } = await readCompanions(records, history.subject.id, window)
  const known = { lineUp, sharedAt: (outage: Interval) => sharedAt(outage, own, others) }
  return outagesOf(history, known, remarks, window, at)
}

const timesOf = (history: SubjectHistory, window: Interval): Interval[] =>
  union([...history.down, ...history.unreachable]).filter(({ from, to }) => from < window.to && to > window.from)

/** Pure. `known` is what others saw of it, and who failed with it. */
export function outagesOf(
  history: SubjectHistory,
  known: { lineUp: readonly LineSeen[]; sharedAt: (outage: Interval) => SharedOutage[] },
  remarks: readonly Remark[],
  window: Interval,
  at: number,
): OutageView[] {
  return timesOf(history, window)
    .map(outage => {
      const measured = causeOf({
        ...{ outage, planned: history.planned, upstream: history.unreachable, boots: history.boots },
        ...{ lineUp: known.lineUp, shared: known.sharedAt(outage) },
      })
      const said = remarks.filter(remark => remark.at >= outage.from && remark.at <= outage.to)
      const correction = said.findLast(remark => remark.cause !== null)
      const last = said.at(-1)
      const lasts = outage.to >= at - LASTS_UNTIL_NOW_MS
      const wasCut = history.unreachable.some(({ from, to }) => from < outage.to && to > outage.from)
      return {
        ...{ subjectId: history.subject.id, from: outage.from, to: lasts ? null : outage.to },
        state: wasCut ? ('unreachable' as const) : ('down' as const),
        cause: correction?.cause ?? measured.cause,
        source: correction === undefined ? ('measured' as const) : ('person' as const),
        ...{ measuredCause: measured.cause, evidence: measured.evidence },
        reason: (correction ?? last)?.reason ?? null,
        by: (correction ?? last)?.by ?? null,
        ticket: said.findLast(remark => remark.ticket !== null)?.ticket ?? null,
      }
    })
    .sort((left, right) => right.from - left.from)
}
