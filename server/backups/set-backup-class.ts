import { z } from 'zod'
import { BACKUP_CALLS } from '../../protocol/backup-calls.ts'
import { URGENCIES } from '../../protocol/backup-words.ts'
import { defineVerb } from '../access/verb.ts'
import { newId } from '../platform/ids.ts'

/** What stood before ends and is kept: the past is judged by what was in force then. */
export const setBackupClass = defineVerb({
  name: 'backup-class.set',
  permission: 'rules:write',
  input: z.strictObject({ urgency: z.enum(URGENCIES), ...BACKUP_CALLS.setBackupClass.body.shape }),
  async run({ tx, actor, at }, { urgency, limits, reason }) {
    await tx
      .updateTable('backup_class')
      .set({ ended_at: at })
      .where('urgency', '=', urgency)
      .where('ended_at', 'is', null)
      .execute()
    const id = newId(at)
    await tx
      .insertInto('backup_class')
      .values({
        ...{
          id,
          urgency,
          limits: JSON.stringify(limits),
          entered_at: at,
          entered_by: actor.id,
          reason,
          ended_at: null,
        },
      })
      .execute()
    return { id }
  },
  audit: ({ urgency, limits, reason }) => ({ subject: urgency, detail: { limits, reason } }),
  committed: deps => deps.changes.append({ kind: 'backup', datasetId: '' }),
})
