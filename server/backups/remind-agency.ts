import { BACKUP_CALLS } from '../../protocol/backup-calls.ts'
import type { CoverageGapView } from '../../protocol/backup-views.ts'
import { defineVerb, type VerbContext, type VerbDeps } from '../access/verb.ts'
import { newId } from '../platform/ids.ts'
import { ProblemError } from '../platform/problem-error.ts'
import type { RecordsTransaction } from '../stores/records/records.ts'
import { mailAddressIn } from './contact-address.ts'
import { readContacts, readCoverage } from './supervision.ts'

/** Takes a reminder to the channels, and says that it is done with when it was answered; a room above this one does. */
export type SignalReminder = (
  tx: RecordsTransaction,
  reminder: { kind: 'raise' | 'clear'; agencyId: string; remindedAt: number; text: string; gaps: number; at: number },
) => Promise<string | null>

export type ReminderDeps = VerbDeps & { signalReminder: SignalReminder }

/** Keeps what was missing at that moment. Errors: `not-found`, `wrong-state` where nothing is missing. */
export const remindAgency = defineVerb({
  name: 'backup-reminder.send',
  permission: 'incidents:write',
  input: BACKUP_CALLS.remindAgency.body,
  async prepare({ deps, at }: Omit<VerbContext<ReminderDeps>, 'tx'>, { agencyId }) {
    const { agencies } = await readCoverage(deps.records, at)
    const found = agencies.find(({ agency }) => agency?.id === agencyId)
    if (found === undefined || found.agency === null)
      throw new ProblemError('not-found', 'There is no agency with this id')
    if (found.gaps.length === 0)
      throw new ProblemError('wrong-state', 'Nothing is missing here that they could be reminded of')
    return found.gaps
  },
  async run({ deps, tx, actor, at }: VerbContext<ReminderDeps>, { agencyId, text }, gaps: CoverageGapView[]) {
    const id = newId(at)
    const contact = (await readContacts(tx)).get(agencyId) ?? null
    const notice = { kind: 'raise' as const, agencyId, remindedAt: at, text, gaps: gaps.length, at }
    const incidentId = await deps.signalReminder(tx, notice)
    await tx
      .insertInto('backup_reminder')
      .values({
        ...{ id, agency_id: agencyId, at, by_actor: actor.id, text, gaps: JSON.stringify(gaps), contact },
        ...{ answered_at: null, answered_by: null, answer: null, promised_on: null, incident_id: incidentId },
      })
      .execute()
    const address = mailAddressIn(contact)
    if (address !== null) {
      const waiting = { state: 'pending' as const, attempts: 0, created_at: at, next_at: at, settled_at: null }
      await tx
        .insertInto('reminder_mail')
        .values({ reminder_id: id, address, ...waiting, reason: null })
        .execute()
    }
    return { id, incidentId }
  },
  audit: ({ agencyId }, { id }) => ({ subject: agencyId, detail: { reminderId: id } }),
  committed(deps, { agencyId }, { incidentId }) {
    deps.changes.append({ kind: 'reminder', agencyId })
    if (incidentId !== null) deps.changes.append({ kind: 'incident', id: incidentId, subjectId: agencyId })
  },
})
