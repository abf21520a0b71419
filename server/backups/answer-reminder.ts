import { z } from 'zod'
import { BACKUP_CALLS } from '../../protocol/backup-calls.ts'
import { recordId } from '../../protocol/shapes.ts'
import { defineVerb, type VerbContext } from '../access/verb.ts'
import { ProblemError } from '../platform/problem-error.ts'
import type { ReminderDeps } from './remind-agency.ts'

/** What the agency answered, as somebody of Diskominfo writes it down; once. Errors: `not-found`, `wrong-state`. */
export const answerReminder = defineVerb({
  name: 'backup-reminder.answer',
  permission: 'incidents:write',
  input: z.strictObject({ id: recordId, ...BACKUP_CALLS.answerReminder.body.shape }),
  async run({ deps, tx, actor, at }: VerbContext<ReminderDeps>, { id, text, promisedOn }) {
    const row = await tx.selectFrom('backup_reminder').selectAll().where('id', '=', id).executeTakeFirst()
    if (row === undefined) throw new ProblemError('not-found', 'There is no reminder with this id')
    if (row.answered_at !== null) throw new ProblemError('wrong-state', 'The answer to this reminder is on record')
    await tx
      .updateTable('backup_reminder')
      .set({ answered_at: at, answered_by: actor.id, answer: text, promised_on: promisedOn })
      .where('id', '=', id)
      .execute()
    const { agency_id: agencyId, at: remindedAt } = row
    const incidentId = await deps.signalReminder(tx, { kind: 'clear', agencyId, remindedAt, text, gaps: 0, at })
    return { agencyId, incidentId }
  },
  audit: ({ id, promisedOn }, { agencyId }) => ({ subject: agencyId, detail: { reminderId: id, promisedOn } }),
  committed(deps, _input, { agencyId, incidentId }) {
    deps.changes.append({ kind: 'reminder', agencyId })
    if (incidentId !== null) deps.changes.append({ kind: 'incident', id: incidentId, subjectId: agencyId })
  },
})
