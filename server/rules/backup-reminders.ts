// A reminder of missing backups goes the way of all notices: an incident that is open until the agency has answered.
import type { SignalReminder } from '../backups/remind-agency.ts'
import { applySignal } from '../incidents/apply.ts'

/** Under which name it stands among the incidents. */
export const BACKUP_REMINDER_RULE = 'backup-reminder'

export const signalReminder: SignalReminder = (tx, { kind, agencyId, remindedAt, text, gaps, at }) =>
  applySignal(
    tx,
    {
      ...{ kind, ruleId: BACKUP_REMINDER_RULE, subjectId: agencyId, part: new Date(remindedAt).toISOString() },
      title: { id: `Pengingat pencadangan: ${text}`, en: `Reminder of backups: ${text}` },
      // It waits for office hours.
      ...({ unmetKind: 'finding', severity: 'medium' } as const),
      ...{ value: gaps, threshold: null, unit: 'gaps', evidenceId: null },
    },
    at,
  )
