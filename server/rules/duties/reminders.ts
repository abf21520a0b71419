// Tells ahead what falls due, and which exemptions end: one notice a day through the outbox, each thing once. The notice
// is closed when all that it named is done.
import type { Bilingual } from '../../../protocol/vocabulary.ts'
import { applySignal } from '../../incidents/apply.ts'
import type { Records, RecordsTransaction } from '../../stores/records/records.ts'
import { dayNumber } from '../civil-date.ts'
import { sheetOf } from '../measures/catalogue.ts'
import type { DutyState } from './duty-state.ts'
import { CITY_ID } from './snapshot.ts'

export const REMINDER_RULE = 'duty-calendar'
export const EXEMPTION_ENDS_IN_DAYS = 30

type Due = { ruleId: string; subjectId: string; part: string; dueOn: string; title: Bilingual }

/** Answers the ids of the notices that were opened or closed. */
export async function tellWhatIsDue(
  records: Records,
  { state, at }: { state: DutyState; at: number },
): Promise<string[]> {
  const due = whatIsDue(state)
  const told = await records.selectFrom('duty_reminder').selectAll().execute()
  const known = new Set(told.map(keyOfRow))
  const news = due.filter(one => !known.has(keyOf(one)))
  const open = new Set(due.map(keyOf))
  const notices = await records
    .selectFrom('incident')
    .select('part')
    .where('rule_id', '=', REMINDER_RULE)
    .where('active_key', 'is not', null)
    .execute()
  const openParts = new Set(notices.map(({ part }) => part))
  const stillDue = new Set(told.filter(row => open.has(keyOfRow(row))).map(row => row.told_at))
  const finished = [...new Set(told.map(row => row.told_at))].filter(
    toldAt => openParts.has(partOf(toldAt)) && !stillDue.has(toldAt),
  )
  if (news.length === 0 && finished.length === 0) return []
  return await records.transaction().execute(async tx => {
    const changed: (string | null)[] = []
    for (const toldAt of finished) changed.push(await applySignal(tx, signal('clear', toldAt, []), at))
    if (news.length > 0) {
      await remember(tx, news, at)
      changed.push(await applySignal(tx, signal('raise', at, news), at))
    }
    return changed.filter(id => id !== null)
  })
}

/** What is at risk or late on a day of the calendar, and exemptions about to end. */
export function whatIsDue({ snapshot, duties, standings }: DutyState): Due[] {
  const ofDuties = duties.flatMap(({ rule }) => {
    const from = sheetOf(rule.measure)?.judgedFrom
    if (from !== 'calendar' && rule.measure !== 'document') return []
    return standings
      .ofRule(rule.id)
      .flatMap(({ subjectId, part, verdict, dueOn }) =>
        dueOn !== null && (verdict === 'at-risk' || verdict === 'unmet')
          ? [{ ruleId: rule.id, subjectId, part, dueOn, title: rule.title }]
          : [],
      )
  })
  const today = dayNumber(snapshot.today)
  const ending = snapshot.registers.all('exemption').flatMap(record => {
    const daysLeft = record.validUntil === null ? null : dayNumber(record.validUntil) - today
    if (record.validUntil === null || daysLeft === null || daysLeft < 0 || daysLeft > EXEMPTION_ENDS_IN_DAYS) return []
    const title = { id: `Pengecualian "${record.title}" berakhir`, en: `The exemption "${record.title}" ends` }
    return [{ ruleId: 'exemption', subjectId: record.recordId, part: '', dueOn: record.validUntil, title }]
  })
  return [...ofDuties, ...ending]
}

async function remember(tx: RecordsTransaction, news: readonly Due[], at: number): Promise<void> {
  for (let index = 0; index < news.length; index += 500) {
    await tx
      .insertInto('duty_reminder')
      .values(
        news.slice(index, index + 500).map(one => ({
          ...{ rule_id: one.ruleId, subject_id: one.subjectId, part: one.part, due_on: one.dueOn, told_at: at },
        })),
      )
      .execute()
  }
}

function signal(kind: 'raise' | 'clear', toldAt: number, news: readonly Due[]) {
  const first = [...news].sort((left, right) => (left.dueOn < right.dueOn ? -1 : 1))[0]
  return {
    ...{ kind, ruleId: REMINDER_RULE, subjectId: CITY_ID, part: partOf(toldAt) },
    title: {
      id: `Jatuh tempo: ${news.length} kewajiban; terdekat ${first?.dueOn ?? ''}: ${first?.title.id ?? ''}`,
      en: `Due: ${news.length} duties; first ${first?.dueOn ?? ''}: ${first?.title.en ?? ''}`,
    },
    // Nobody is woken for a paper: it waits for office hours.
    ...({ unmetKind: 'finding', severity: 'medium', unit: 'duties' } as const),
    ...{ value: news.length, threshold: null, evidenceId: null },
  }
}

function keyOf({ ruleId, subjectId, part, dueOn }: Omit<Due, 'title'>): string {
  return JSON.stringify([ruleId, subjectId, part, dueOn])
}

function keyOfRow(row: { rule_id: string; subject_id: string; part: string; due_on: string }): string {
  return keyOf({ ruleId: row.rule_id, subjectId: row.subject_id, part: row.part, dueOn: row.due_on })
}

/** A notice is known by when it was told. */
function partOf(toldAt: number): string {
  return new Date(toldAt).toISOString()
}
