import { z } from 'zod'
import { CALLS } from '../../protocol/api.ts'
import { defineVerb, type VerbContext, type VerbDeps } from '../access/verb.ts'
import { newId } from '../platform/ids.ts'
import { ProblemError } from '../platform/problem-error.ts'
import type { AssignmentBook } from './assignments.ts'

/** Errors: `not-found` for the subject or an agent; `wrong-state` where the subject has a probe of this name. */
export const createProbe = defineVerb({
  name: 'probe.create',
  permission: 'inventory:write',
  input: z.strictObject({ ...CALLS.createProbe.body.shape }),
  async run({ tx, at }: VerbContext<VerbDeps & { assignments: AssignmentBook }>, input) {
    const { subjectId, name, decides, agentIds, ...settings } = input
    const subject = await tx
      .selectFrom('subject')
      .select('id')
      .where('id', '=', subjectId)
      .where('removed_at', 'is', null)
      .executeTakeFirst()
    if (subject === undefined) throw new ProblemError('not-found', 'There is no device, link or service with this id')
    for (const agentId of agentIds) {
      const agent = await tx
        .selectFrom('agent')
        .select('id')
        .where('id', '=', agentId)
        .where('revoked_at', 'is', null)
        .where('kind', 'in', ['noc', 'remote'])
        .executeTakeFirst()
      if (agent === undefined)
        throw new ProblemError('not-found', `There is no agent that can probe with the id ${agentId}`)
    }
    const taken = await tx
      .selectFrom('probe')
      .select('id')
      .where('subject_id', '=', subjectId)
      .where('name', '=', name)
      .where('removed_at', 'is', null)
      .executeTakeFirst()
    if (taken !== undefined) throw new ProblemError('wrong-state', `It has a probe with the name "${name}" already`)
    const id = newId(at)
    await tx
      .insertInto('probe')
      .values({
        ...{ id, subject_id: subjectId, name, decides, settings: JSON.stringify(settings) },
        ...{ agent_ids: JSON.stringify(agentIds), created_at: at, removed_at: null },
      })
      .execute()
    return { id }
  },
  audit: (input, { id }) => ({ subject: id, detail: { ...input } }),
  committed: (deps, input) => {
    deps.assignments.changed(null)
    deps.changes.append({ kind: 'topology', id: input.subjectId })
  },
})
