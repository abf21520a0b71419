import { z } from 'zod'
import { recordId } from '../../../protocol/shapes.ts'
import { defineVerb } from '../../access/verb.ts'
import { ProblemError } from '../../platform/problem-error.ts'

/** Takes a setting back from now on. Errors: `not-found`. */
export const endDutySetting = defineVerb({
  name: 'duty.end-setting',
  permission: 'rules:write',
  input: z.strictObject({ id: recordId }),
  async run({ tx, actor, at }, { id }) {
    const ended = await tx
      .updateTable('rule_setting')
      .set({ ended_at: at, ended_by: actor.id })
      .where('id', '=', id)
      .where('ended_at', 'is', null)
      .returning('rule_id')
      .executeTakeFirst()
    if (ended === undefined) throw new ProblemError('not-found', 'There is no such setting in force')
    return { ruleId: ended.rule_id }
  },
  audit: ({ id }, { ruleId }) => ({ subject: id, detail: { rule: ruleId } }),
  committed: (deps, _input, { ruleId }) => deps.changes.append({ kind: 'duty', ruleId }),
})
