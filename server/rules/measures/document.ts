import { addMonths, dayNumber } from '../civil-date.ts'
import { isInForce, type KnownRecord, textOf } from '../duties/register-index.ts'
import { untilDue } from './due-dates.ts'
import { type DutyInput, type DutyMeasure, daysLeftLimits, measured, numberOf, wordOf } from './duty-measure.ts'

/**
 * A document of the right type is on record, in force, signed by the right office, and not past its own end or its next
 * review. Without one the city has `firstDueMonths` from the day on which it came under the pack.
 */
export const document: DutyMeasure = input => {
  const reminderDays = numberOf(input, 'reminderBeforeDueDays') ?? 30
  const found = documentsOf(input)
  const best = found
    .map(record => ({ record, due: endOf(input, record) }))
    .sort((left, right) => ((left.due ?? '9999') < (right.due ?? '9999') ? 1 : -1))[0]
  if (best === undefined) {
    const due = addMonths(input.clockStarts, numberOf(input, 'firstDueMonths') ?? 0)
    const others = input.snapshot.registers.forDuty('document', subjectOf(input), input.rule.id, input.theme).length
    const daysLeft = dayNumber(due) - dayNumber(input.snapshot.today)
    return measured(
      daysLeft >= reminderDays ? null : daysLeft,
      'days',
      daysLeftLimits(reminderDays),
      () => ({
        id: `Belum ada dokumen yang sesuai (${wordOf(input, 'documentType')}); paling lambat ${due}. Tercatat lain: ${others}.`,
        en: `No such document (${wordOf(input, 'documentType')}) is in force; due ${due}. Others on record: ${others}.`,
      }),
      { dueOn: due, others, today: input.snapshot.today },
      due,
    )
  }
  if (best.due !== null) return untilDue(input, { due: best.due, reminderDays, newest: best.record })
  const { record } = best
  return measured(
    0,
    'days',
    daysLeftLimits(0),
    () => ({ id: `Berlaku: ${record.title}.`, en: `In force: ${record.title}.` }),
    { record: record.id, files: record.files, today: input.snapshot.today },
  )
}

function subjectOf({ subject }: DutyInput): string | null {
  return subject.kind === 'city' ? null : subject.id
}

function documentsOf(input: DutyInput): KnownRecord[] {
  const type = wordOf(input, 'documentType')
  const signatory = wordOf(input, 'signatory')
  return input.snapshot.registers
    .forDuty('document', subjectOf(input), input.rule.id, input.theme)
    .filter(
      record =>
        begun(record, input.snapshot.today) &&
        (type === null || textOf(record, 'documentType') === type) &&
        (signatory === null || textOf(record, 'signatory') === signatory),
    )
}

/** One that has ended is still the newest there is: it is overdue, not unknown. */
function begun(record: KnownRecord, today: string): boolean {
  return isInForce({ ...record, validUntil: null }, today)
}

/** Its own end or its next review, whichever comes first; null for one that has neither. */
function endOf(input: DutyInput, record: KnownRecord): string | null {
  const months = numberOf(input, 'documentReviewEveryMonths') ?? numberOf(input, 'termMonths')
  const from = textOf(record, 'reviewedOn') ?? record.issuedOn ?? record.validFrom
  const review = months === null || from === null ? null : addMonths(from, months)
  if (review === null || record.validUntil === null) return review ?? record.validUntil
  return review < record.validUntil ? review : record.validUntil
}
