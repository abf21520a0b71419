// Incidents, as lists and as a page of their own.
import { z } from 'zod'
import { bilingual, instant, recordId } from './shapes.ts'
import { INCIDENT_STATES, SEVERITIES, UNMET_KINDS } from './vocabulary.ts'

export const incidentSummary = z.strictObject({
  id: recordId,
  /** Running number that people say aloud: "insiden 12". */
  number: z.int(),
  state: z.enum(INCIDENT_STATES),
  severity: z.enum(SEVERITIES),
  kind: z.enum(UNMET_KINDS),
  ruleId: z.string(),
  title: bilingual,
  /** `kind` is that of a device, or `link`. */
  subject: z.strictObject({ id: recordId, name: z.string(), kind: z.string().optional() }),
  /** Which part of the subject, e.g. "mountpoint=/srv"; empty for the whole. */
  part: z.string(),
  openedAt: instant,
  acknowledgedAt: instant.nullable(),
  acknowledgedBy: z.string().nullable(),
  resolvedAt: instant.nullable(),
  /** The measured value as of the last change, in `unit`; null when what was due did not come. */
  value: z.number().nullable(),
  threshold: z.number().nullable(),
  unit: z.string(),
  /** How many were reached only through the subject when it opened. */
  cutOff: z.int().optional(),
})
export type IncidentSummary = z.infer<typeof incidentSummary>

export const incidentView = z.strictObject({
  incident: incidentSummary,
  timeline: z.array(
    z.strictObject({
      at: instant,
      kind: z.enum(['opened', 'acknowledged', 'note', 'severity', 'resolved']),
      by: z.string().nullable(),
      note: z.string().nullable(),
      value: z.number().nullable(),
      /** Of the verdict that opened or resolved it; null for what people did. */
      evidenceId: recordId.nullable(),
    }),
  ),
  notices: z.array(
    z.strictObject({
      id: recordId,
      channel: z.string(),
      event: z.enum(['opened', 'resolved']),
      state: z.enum(['pending', 'sent', 'failed', 'dropped']),
      attempts: z.int(),
      at: instant,
      error: z.string().nullable(),
    }),
  ),
})
export type IncidentView = z.infer<typeof incidentView>
