// Who must be reminded of what, when they were, and what they answered.
import { z } from 'zod'
import { type CoverageView, coverageGap, type ReminderView, type SupervisionView } from '../../protocol/backup-views.ts'
import { namesOfUsers } from '../access/user-queries.ts'
import { ProblemError } from '../platform/problem-error.ts'
import { contentOf } from '../registers/record-rows.ts'
import type { Records, RecordsTransaction } from '../stores/records/records.ts'
import { namesOfAgencies } from './agencies.ts'
import { coverageOf } from './coverage.ts'
import { readStatuses } from './read-known.ts'

export async function readCoverage(records: Records, at: number): Promise<CoverageView> {
  const { statuses, services } = await readStatuses(records, at)
  const agencies = [...(await namesOfAgencies(records)).values()]
  return coverageOf({ at, agencies, statuses, services })
}

export async function readSupervision(records: Records, at: number): Promise<SupervisionView> {
  const { agencies } = await readCoverage(records, at)
  const reminders = Map.groupBy(await listReminders(records), ({ agency }) => agency.id)
  const contacts = await readContacts(records)
  const rows = agencies.flatMap(({ agency, verdict, gaps }) =>
    agency === null
      ? []
      : [
          {
            ...{ agency, verdict, gaps, contact: contacts.get(agency.id) ?? null },
            reminders: reminders.get(agency.id) ?? [],
          },
        ],
  )
  return { at, agencies: rows.sort((left, right) => Number(right.gaps.length > 0) - Number(left.gaps.length > 0)) }
}

/** Newest first. Errors: `not-found` when one is asked for by its id. */
export async function listReminders(records: Records, id?: string): Promise<ReminderView[]> {
  const rows = await records
    .selectFrom('backup_reminder')
    .innerJoin('agency', 'agency.id', 'backup_reminder.agency_id')
    .leftJoin('incident', 'incident.id', 'backup_reminder.incident_id')
    .leftJoin('reminder_mail', 'reminder_mail.reminder_id', 'backup_reminder.id')
    .selectAll('backup_reminder')
    .select(['reminder_mail.address', 'reminder_mail.state as mail_state', 'reminder_mail.reason'])
    .select('reminder_mail.settled_at as mailed_at')
    .select(['agency.name as agency_name', 'incident.number as notice_number'])
    .$if(id !== undefined, query => query.where('backup_reminder.id', '=', id ?? ''))
    .orderBy('backup_reminder.at', 'desc')
    .orderBy('backup_reminder.id', 'desc')
    .execute()
  const names = await namesOfUsers(
    records,
    rows.flatMap(row => [row.by_actor, row.answered_by ?? '']),
  )
  return rows.map(row => ({
    ...{ id: row.id, agency: { id: row.agency_id, name: row.agency_name }, at: row.at, text: row.text },
    by: names.get(row.by_actor) ?? row.by_actor,
    gaps: z.array(coverageGap).parse(JSON.parse(row.gaps)),
    ...{ noticeNumber: row.notice_number, contact: row.contact },
    mail:
      row.address === null || row.mail_state === null
        ? null
        : { address: row.address, state: row.mail_state, at: row.mailed_at, reason: row.reason },
    answer:
      row.answered_at === null
        ? null
        : {
            ...{ at: row.answered_at, text: row.answer ?? '', promisedOn: row.promised_on },
            by: names.get(row.answered_by ?? '') ?? row.answered_by ?? '',
          },
  }))
}

export async function readReminder(records: Records, id: string): Promise<ReminderView> {
  const [reminder] = await listReminders(records, id)
  if (reminder === undefined) throw new ProblemError('not-found', 'There is no reminder with this id')
  return reminder
}

/** Of each agency how its contact is reached, as the register has it: "name, address". */
export async function readContacts(records: Records | RecordsTransaction): Promise<Map<string, string>> {
  const rows = await records
    .selectFrom('register_version')
    .selectAll()
    .where('kind', '=', 'contact')
    .where('ended_at', 'is', null)
    .orderBy('entered_at')
    .execute()
  const contacts = new Map<string, string>()
  for (const row of rows) {
    const { subjects, fields } = contentOf(row)
    const text = [fields.person, fields.reachedBy].filter(one => typeof one === 'string').join(', ')
    for (const { kind, id } of subjects) if (kind === 'agency') contacts.set(id, text)
  }
  return contacts
}
