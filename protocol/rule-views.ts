// Rules, what they find of a subject, and what that rests on.
import { z } from 'zod'
import { bilingual, instant, parameter, recordId } from './shapes.ts'
import { SEVERITIES, VERDICTS } from './vocabulary.ts'

export const verdictView = z.strictObject({
  ruleId: z.string(),
  title: bilingual,
  part: z.string(),
  verdict: z.enum(VERDICTS),
  severity: z.enum(SEVERITIES),
  since: instant,
  value: z.number().nullable(),
  threshold: z.number().nullable(),
  unit: z.string(),
  /** Who set the number: the text of the regulation, or Diskominfo as a proposal. */
  parameterSource: z.enum(['regulation', 'diskominfo']),
  evidenceId: recordId.nullable(),
})
export type VerdictView = z.infer<typeof verdictView>

export const ruleView = z.strictObject({
  id: z.string(),
  title: bilingual,
  measure: z.string(),
  subjectKind: z.string(),
  severity: z.enum(SEVERITIES),
  unit: z.string(),
  parameters: z.record(z.string(), parameter),
  packId: z.string(),
  counts: z.record(z.enum(VERDICTS), z.int()),
})
export type RuleView = z.infer<typeof ruleView>

export const evidenceView = z.strictObject({
  id: recordId,
  seq: z.int(),
  at: instant,
  ruleId: z.string(),
  ruleVersion: z.string(),
  subjectId: recordId,
  part: z.string(),
  verdict: z.enum(VERDICTS),
  previous: z.enum(VERDICTS).nullable(),
  value: z.number().nullable(),
  /** Values, window and sources that the verdict rests on. */
  basis: z.record(z.string(), z.unknown()),
  hash: z.string(),
})
export type EvidenceView = z.infer<typeof evidenceView>
