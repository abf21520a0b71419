import { z } from 'zod'
import { CALLS } from '../../protocol/api.ts'
import { recordId } from '../../protocol/shapes.ts'
import { defineVerb } from '../access/verb.ts'
import { appendTimeline } from './apply.ts'
import { readIncidentRow } from './incident-queries.ts'

/** Adds to the timeline, in any state: a resolved incident can still be explained. Errors: `not-found`. */
export const noteIncident = defineVerb({
  name: 'incident.note',
  permission: 'incidents:write',
  input: z.strictObject({ id: recordId, ...CALLS.noteIncident.body.shape }),
  run: async ({ tx, actor, at }, input) => {
    const incident = await readIncidentRow(tx, input.id)
    await appendTimeline(tx, incident.id, { at, kind: 'note', actorId: actor.id, note: input.note, measured: null })
    return { subjectId: incident.subject_id }
  },
  audit: input => ({ subject: input.id, detail: { note: input.note } }),
  committed: (deps, input, result) => {
    deps.changes.append({ kind: 'incident', id: input.id, subjectId: result.subjectId })
  },
})
