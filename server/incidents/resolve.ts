import { z } from 'zod'
import { CALLS } from '../../protocol/api.ts'
import { recordId } from '../../protocol/shapes.ts'
import { defineVerb } from '../access/verb.ts'
import { ProblemError } from '../platform/problem-error.ts'
import { resolveIncidentRow } from './apply.ts'
import { step } from './incident-machine.ts'
import { readIncidentRow } from './incident-queries.ts'

/** A person closes an incident that no rule will close, e.g. of a disk that was taken out. Errors: `not-found`, `wrong-state`. */
export const resolveIncident = defineVerb({
  name: 'incident.resolve',
  permission: 'incidents:write',
  input: z.strictObject({ id: recordId, ...CALLS.resolveIncident.body.shape }),
  run: async ({ tx, actor, at }, input) => {
    const incident = await readIncidentRow(tx, input.id)
    if (step(incident.state, 'resolve') === null) {
      throw new ProblemError('wrong-state', `Incident ${incident.number} is resolved already`)
    }
    await resolveIncidentRow(tx, incident, { at, measured: null, actorId: actor.id, note: input.note })
    return { subjectId: incident.subject_id }
  },
  audit: input => ({ subject: input.id, detail: { note: input.note } }),
  committed: (deps, input, result) => {
    deps.changes.append({ kind: 'incident', id: input.id, subjectId: result.subjectId })
  },
})
