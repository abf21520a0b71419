// What is due on a day: reviews, audits, reports, attestations. The newest one on record moves the day; what was missed
// stays missed in the history. Days are days of the city's calendar.
import { addMonths, dateOfDay, dayNumber, endOfPeriod } from '../civil-date.ts'
import { type KnownRecord, textOf } from '../duties/register-index.ts'
import {
  cautioned,
  type DutyInput,
  type DutyMeasure,
  type DutyMeasurement,
  daysLeftLimits,
  measured,
  numberOf,
  unmeasured,
  wordOf,
  wordsOf,
} from './duty-measure.ts'

/** No regulation is that old. */
const MOST_TERMS = 200

type Register = 'review' | 'audit' | 'report' | 'attestation'

/** Measures that differ only in the register they look into. */
export function dueFrom(register: Register): DutyMeasure {
  return input => {
    const reminderDays = numberOf(input, 'reminderBeforeDueDays') ?? 30
    const held = recordsHeld(input, register)
    const newest = held[0]
    const due = dueDate(input, newest === undefined ? null : (textOf(newest, 'heldOn') ?? null))
    if (due === null) return withoutPeriod(input, newest)
    return untilDue(input, { due, reminderDays, newest: newest ?? null })
  }
}

/** Newest first: those for this duty that lie in the past and were done by someone who may. */
function recordsHeld(input: DutyInput, register: Register): KnownRecord[] {
  const { snapshot, subject, rule, theme } = input
  const auditors = wordsOf(input, 'auditors')
  return snapshot.registers
    .forDuty(register, subject.kind === 'city' ? null : subject.id, rule.id, theme)
    .filter(record => {
      const day = textOf(record, 'heldOn')
      const by = textOf(record, 'auditorKind')
      return day !== null && day <= snapshot.today && (auditors.length === 0 || by === null || auditors.includes(by))
    })
    .sort((left, right) => ((textOf(left, 'heldOn') ?? '') < (textOf(right, 'heldOn') ?? '') ? 1 : -1))
}

/** Null while nobody has set a period. */
function dueDate(input: DutyInput, heldOn: string | null): string | null {
  const points = reviewPoints(input)
  if (points.length > 0) return nextPoint(input, points, heldOn)
  const months = numberOf(input, 'periodMonths') ?? numberOf(input, 'termMonths')
  if (months === null || months <= 0) return null
  if (wordOf(input, 'periodBasis') === 'calendar-year') {
    return heldOn === null ? endOfPeriod(input.clockStarts, months) : endOfPeriod(heldOn, months, 1)
  }
  return addMonths(heldOn ?? input.clockStarts, months)
}

/** A day of a term, in months from its beginning, and from when on a review counts for it. */
type ReviewPoint = { opensAfter: number; dueAfter: number; termMonths: number }

/** "Mid-term and final year" of a term: what is held between the two is neither. */
function reviewPoints(input: DutyInput): ReviewPoint[] {
  const termMonths = numberOf(input, 'termMonths')
  if (termMonths === null || termMonths <= 0) return []
  const midterm = numberOf(input, 'midtermMonths') ?? termMonths / 2
  return wordsOf(input, 'reviewPoints').map(point =>
    point === 'mid-term'
      ? { opensAfter: 0, dueAfter: midterm, termMonths }
      : { opensAfter: Math.max(0, termMonths - 12), dueAfter: termMonths, termMonths },
  )
}

/** The first of the points for which nothing was held yet; terms follow each other from the day the clock started. */
function nextPoint(input: DutyInput, points: readonly ReviewPoint[], heldOn: string | null): string | null {
  const inOrder = [...points].sort((left, right) => left.dueAfter - right.dueAfter)
  for (let term = 0; term < MOST_TERMS; term++) {
    for (const { opensAfter, dueAfter, termMonths } of inOrder) {
      const opens = addMonths(input.clockStarts, term * termMonths + opensAfter)
      if (heldOn === null || heldOn < opens) return addMonths(input.clockStarts, term * termMonths + dueAfter)
    }
  }
  return null
}

/** How many days are left, and at risk where what was handed in lacks its file. */
export function untilDue(
  input: DutyInput,
  found: { due: string; reminderDays: number; newest: KnownRecord | null; heldAt?: number | null },
): DutyMeasurement[] {
  const { due, reminderDays, newest, heldAt = null } = found
  const daysLeft = dayNumber(due) - dayNumber(input.snapshot.today)
  const limits = daysLeftLimits(reminderDays)
  // Never done and not due yet: nothing is kept, and nothing is missed.
  const isOpen = newest === null && heldAt === null && daysLeft >= reminderDays
  const bare = newest !== null && newest.files === 0 && newest.kind !== 'attestation'
  const heldOn = newest === null ? null : (textOf(newest, 'heldOn') ?? newest.issuedOn)
  return measured(
    isOpen ? null : daysLeft,
    'days',
    bare && daysLeft >= 0 ? cautioned(limits, daysLeft) : limits,
    () => ({
      id: `${sentence(daysLeft, 'id')} (${due}); terakhir ${heldOn ?? 'belum pernah'}${bare ? ', berkas belum dilampirkan' : ''}.`,
      en: `${sentence(daysLeft, 'en')} (${due}); last ${heldOn ?? 'never'}${bare ? ', its file is missing' : ''}.`,
    }),
    { dueOn: due, today: input.snapshot.today, record: newest?.id ?? null, heldOn, files: newest?.files ?? 0 },
    due,
  )
}

function sentence(daysLeft: number, language: 'id' | 'en'): string {
  if (language === 'id') return daysLeft < 0 ? `Terlambat ${-daysLeft} hari` : `Jatuh tempo ${daysLeft} hari lagi`
  return daysLeft < 0 ? `${-daysLeft} days late` : `Due in ${daysLeft} days`
}

/** No text and nobody else says how often: one that was held is enough, and none says nothing. */
function withoutPeriod(input: DutyInput, newest: KnownRecord | undefined): DutyMeasurement[] {
  if (newest === undefined) {
    return unmeasured({
      id: 'Belum ada jangka waktu yang ditetapkan dan belum ada catatan.',
      en: 'No period has been set, and nothing is on record.',
    })
  }
  const heldOn = textOf(newest, 'heldOn')
  return measured(
    0,
    'days',
    daysLeftLimits(0),
    () => ({ id: `Terakhir ${heldOn}; tanpa jangka waktu.`, en: `Last ${heldOn}; no period is set.` }),
    { record: newest.id, heldOn, today: input.snapshot.today },
  )
}

/** Each dataset restored within so many days; judged on proof, not on words. */
export const restoreTest: DutyMeasure = input => {
  const backup = input.snapshot.ports.backup(input.subject.id)
  const every = numberOf(input, 'restoreTestEveryDays') ?? backup?.limits?.restoreTestDays ?? 180
  if (backup === null) {
    return unmeasured(
      { id: 'Tidak ada laporan pencadangan.', en: 'No backup reports here.' },
      daysLeftLimits(30),
      'days',
    )
  }
  const from =
    backup.lastRestoredAt === null ? dayNumber(input.clockStarts) : Math.floor(backup.lastRestoredAt / 86_400_000)
  return untilDue(input, {
    due: dateOfDay(from + every),
    reminderDays: 30,
    newest: null,
    heldAt: backup.lastRestoredAt,
  })
}
