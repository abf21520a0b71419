import { z } from 'zod'
import { CALLS } from '../../protocol/api.ts'
import { recordId } from '../../protocol/shapes.ts'
import { defineVerb } from '../access/verb.ts'
import { ProblemError } from '../platform/problem-error.ts'
import { appendTimeline } from './apply.ts'
import { step } from './incident-machine.ts'
import { readIncidentRow } from './incident-queries.ts'

/** A person takes an open incident on. Errors: `not-found`, `wrong-state` when it is not open any more. */
export const acknowledgeIncident = defineVerb({
  name: 'incident.acknowledge',
  permission: 'incidents:write',
  input: z.strictObject({ id: recordId, ...CALLS.acknowledgeIncident.body.shape }),
  run: async ({ tx, actor, at }, input) => {
    const incident = await readIncidentRow(tx, input.id)
    const next = step(incident.state, 'acknowledge')
    if (next === null) throw new ProblemError('wrong-state', `Incident ${incident.number} is ${incident.state} already`)
    await tx
      .updateTable('incident')
      .set({ state: next.state, acknowledged_at: at, acknowledged_by: actor.id })
      .where('id', '=', incident.id)
      .execute()
    const note = input.note ?? null
    await appendTimeline(tx, incident.id, { at, kind: 'acknowledged', actorId: actor.id, note, measured: null })
    return { subjectId: incident.subject_id }
  },
  audit: input => ({ subject: input.id, detail: input.note === undefined ? {} : { note: input.note } }),
  committed: (deps, input, result) => {
    deps.changes.append({ kind: 'incident', id: input.id, subjectId: result.subjectId })
  },
})
