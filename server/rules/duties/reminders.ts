// Tells ahead what falls due, and which exemptions end: one notice a day and office through the outbox, each thing once. A
// notice is closed when all that it named is done.
import type { Party } from '../../../protocol/duty-words.ts'
import type { Bilingual } from '../../../protocol/vocabulary.ts'
import { applySignal } from '../../incidents/apply.ts'
import { PARTY_LABELS } from '../../registers/kinds/papers.ts'
import type { Records, RecordsTransaction } from '../../stores/records/records.ts'
import { dayNumber } from '../civil-date.ts'
import { sheetOf } from '../measures/catalogue.ts'
import type { DutyState } from './duty-state.ts'
import { isInForce, textOf } from './register-index.ts'
import { CITY_ID, type Snapshot } from './snapshot.ts'

export const REMINDER_RULE = 'duty-calendar'
/** Notices of the duties themselves: no disruptions of anything. */
export const NOTICE_RULES = [REMINDER_RULE, 'duty-unmeasured']
export const EXEMPTION_ENDS_IN_DAYS = 30

type Due = {
  ruleId: string
  subjectId: string
  part: string
  dueOn: string
  title: Bilingual
  /** Another office that owes it; null for Diskominfo's own. */
  office: Party | null
}
type Notice = { toldAt: number; office: Party | null }

/** What Diskominfo answers for itself, and what can only be passed on to another office. */
export const OURS: readonly Party[] = ['diskominfo', 'data-centre', 'city-government']

const OWED_BY_AGENCIES: readonly Party[] = [
  ...(['agencies', 'service-owners', 'system-operators', 'independent-agencies'] as const),
]
/** A notice names this many people; the calendar has all. */
const NAMED_AT_MOST = 5

/** Answers the ids of the notices that were opened or closed. */
export async function tellWhatIsDue(
  records: Records,
  { state, at }: { state: DutyState; at: number },
): Promise<string[]> {
  const due = whatIsDue(state)
  const told = await records.selectFrom('duty_reminder').selectAll().execute()
  const known = new Set(told.map(keyOfRow))
  const news = Map.groupBy(
    due.filter(one => !known.has(keyOf(one))),
    ({ office }) => office,
  )
  const open = new Map(due.map(one => [keyOf(one), one]))
  const notices = await records
    .selectFrom('incident')
    .select('part')
    .where('rule_id', '=', REMINDER_RULE)
    .where('active_key', 'is not', null)
    .execute()
  const stillDue = new Set(
    told.flatMap(row => {
      const one = open.get(keyOfRow(row))
      return one === undefined ? [] : [partOf({ toldAt: row.told_at, office: one.office })]
    }),
  )
  const finished = notices.filter(({ part }) => !stillDue.has(part))
  if (news.size === 0 && finished.length === 0) return []
  return await records.transaction().execute(async tx => {
    const changed: (string | null)[] = []
    for (const { part } of finished) changed.push(await applySignal(tx, clear(part), at))
    for (const [office, list] of news) {
      await remember(tx, list, at)
      changed.push(await applySignal(tx, notice({ toldAt: at, office }, list, state), at))
    }
    return changed.filter(id => id !== null)
  })
}

/** What is at risk or late on a day of the calendar, and exemptions about to end. */
export function whatIsDue({ snapshot, duties, standings }: DutyState): Due[] {
  const ofDuties = duties.flatMap(({ rule }) => {
    const from = sheetOf(rule.measure)?.judgedFrom
    if (from !== 'calendar' && rule.measure !== 'document') return []
    const office = OURS.includes(rule.duty.owedBy) ? null : rule.duty.owedBy
    return standings
      .ofRule(rule.id)
      .flatMap(({ subjectId, part, verdict, dueOn }) =>
        dueOn !== null && (verdict === 'at-risk' || verdict === 'unmet')
          ? [{ ruleId: rule.id, subjectId, part, dueOn, title: rule.title, office }]
          : [],
      )
  })
  const today = dayNumber(snapshot.today)
  const ending = snapshot.registers.all('exemption').flatMap(record => {
    const daysLeft = record.validUntil === null ? null : dayNumber(record.validUntil) - today
    if (record.validUntil === null || daysLeft === null || daysLeft < 0 || daysLeft > EXEMPTION_ENDS_IN_DAYS) return []
    const title = { id: `Pengecualian "${record.title}" berakhir`, en: `The exemption "${record.title}" ends` }
    return [
      { ruleId: 'exemption', subjectId: record.recordId, part: '', dueOn: record.validUntil, title, office: null },
    ]
  })
  return [...ofDuties, ...ending]
}

/**
 * Whom to tell in an office: contacts on record that answer for it, and for what an agency owes itself (`agencyId`) those
 * of the agency.
 */
export function contactsOf(
  office: Party,
  agencyId: string | null,
  { registers, today }: Snapshot,
): { name: string; reachedBy: string }[] {
  const own = agencyId !== null && OWED_BY_AGENCIES.includes(office) ? registers.about('contact', agencyId) : []
  return [...registers.all('contact').filter(record => textOf(record, 'party') === office), ...own]
    .filter(record => isInForce(record, today))
    .map(record => ({ name: textOf(record, 'person') ?? record.title, reachedBy: textOf(record, 'reachedBy') ?? '' }))
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

function notice(told: Notice, news: readonly Due[], { snapshot }: DutyState) {
  const first = [...news].sort((left, right) => (left.dueOn < right.dueOn ? -1 : 1))[0]
  const { office } = told
  const people = new Set(
    news.flatMap(({ subjectId }) => {
      const subject = snapshot.subject(subjectId)
      const agencyId = subject?.kind === 'agency' ? subject.id : (subject?.agencyId ?? null)
      return office === null
        ? []
        : contactsOf(office, agencyId, snapshot).map(({ name, reachedBy }) => `${name} (${reachedBy})`)
    }),
  )
  const names = [...people].slice(0, NAMED_AT_MOST).join(', ')
  const whom =
    office === null
      ? { id: '', en: '' }
      : {
          id: ` bagi ${PARTY_LABELS[office].id}, ${names === '' ? 'kontak belum tercatat' : `sampaikan kepada ${names}`}`,
          en: ` for ${PARTY_LABELS[office].en}, ${names === '' ? 'no contact on record' : `to be passed on to ${names}`}`,
        }
  return {
    ...({ kind: 'raise', ruleId: REMINDER_RULE, subjectId: CITY_ID, part: partOf(told) } as const),
    title: {
      id: `Jatuh tempo${whom.id}: ${news.length} kewajiban; terdekat ${first?.dueOn ?? ''}: ${first?.title.id ?? ''}`,
      en: `Due${whom.en}: ${news.length === 1 ? '1 duty' : `${news.length} duties`}; first ${first?.dueOn ?? ''}: ${first?.title.en ?? ''}`,
    },
    // Nobody is woken for a paper: it waits for office hours.
    ...({ unmetKind: 'finding', severity: 'medium', unit: 'duties' } as const),
    ...{ value: news.length, threshold: null, evidenceId: null },
  }
}

function clear(part: string) {
  return {
    ...({ kind: 'clear', ruleId: REMINDER_RULE, subjectId: CITY_ID, part, title: { id: '', en: '' } } as const),
    ...({ unmetKind: 'finding', severity: 'medium', unit: 'duties' } as const),
    ...{ value: 0, threshold: null, evidenceId: null },
  }
}

function keyOf({ ruleId, subjectId, part, dueOn }: Omit<Due, 'title' | 'office'>): string {
  return JSON.stringify([ruleId, subjectId, part, dueOn])
}

function keyOfRow(row: { rule_id: string; subject_id: string; part: string; due_on: string }): string {
  return keyOf({ ruleId: row.rule_id, subjectId: row.subject_id, part: row.part, dueOn: row.due_on })
}

/** A notice is known by when it was told, and by the office that it is for. */
function partOf({ toldAt, office }: Notice): string {
  return [new Date(toldAt).toISOString(), ...(office === null ? [] : [office])].join(' ')
}
