// What the pages show of duties: how each stands, on whom, why, and what is due when.
import { z } from 'zod'
import {
  AGENCY_CHOICES,
  CONDITIONS,
  DUTY_SCOPES,
  EVIDENCE_KINDS,
  MISS_KINDS,
  MODALS,
  PARTIES,
  SUBJECT_KINDS,
  THEMES,
} from './duty-words.ts'
import { registerRecordView } from './register-views.ts'
import { bilingual, instant, parameterSource, parameterValue, recordId } from './shapes.ts'
import { SEVERITIES, VERDICTS } from './vocabulary.ts'

const civilDate = z.iso.date()

/** So many stand so. Nothing is averaged: `worst` is the worst of them, and what nobody measured is counted apart. */
export const dutyCounts = z.strictObject({
  met: z.int(),
  'at-risk': z.int(),
  unmet: z.int(),
  unmeasured: z.int(),
  exempt: z.int(),
  'not-applicable': z.int(),
})
export type DutyCounts = z.infer<typeof dutyCounts>

export const citationView = z.strictObject({
  pasal: z.int(),
  ayat: z.int().nullable(),
  huruf: z.string().nullable(),
})
export type CitationView = z.infer<typeof citationView>

export const dutySettingView = z.strictObject({
  id: recordId,
  name: z.string(),
  value: parameterValue,
  validFrom: civilDate,
  validUntil: civilDate.nullable(),
  author: z.string(),
  decree: z.string(),
  enteredAt: instant,
  /** When it was taken back; null while it stands. */
  endedAt: instant.nullable(),
})
export type DutySettingView = z.infer<typeof dutySettingView>

export const dutyParameterView = z.strictObject({
  name: z.string(),
  value: parameterValue,
  /** Of the value in force: the text's own number, or Diskominfo's, by proposal or (with `setting`) by decree. */
  source: parameterSource,
  /** What the pack says, where the city set something else. */
  packValue: parameterValue,
  setting: dutySettingView.nullable(),
})
export type DutyParameterView = z.infer<typeof dutyParameterView>

export const dutyView = z.strictObject({
  id: z.string(),
  packId: z.string(),
  citation: citationView,
  modal: z.enum(MODALS),
  /** What a miss is called; `option` can't be missed and is shown only. */
  miss: z.enum(MISS_KINDS),
  title: bilingual,
  theme: z.enum(THEMES),
  scope: z.enum(DUTY_SCOPES),
  owedBy: z.enum(PARTIES),
  measure: z.string(),
  judgedFrom: z.enum(['measurements', 'registers', 'calendar', 'nothing']),
  subjectKind: z.enum(SUBJECT_KINDS),
  severity: z.enum(SEVERITIES),
  counts: dutyCounts,
  worst: z.enum(VERDICTS),
  /** Next day on which something of it is due; null when it has none. */
  dueOn: civilDate.nullable(),
})
export type DutyView = z.infer<typeof dutyView>

export const dutySubjectView = z.strictObject({
  subject: z.strictObject({
    id: recordId,
    kind: z.enum(SUBJECT_KINDS),
    name: z.string(),
    agencyId: recordId.nullable(),
  }),
  part: z.string(),
  verdict: z.enum(VERDICTS),
  since: instant,
  value: z.number().nullable(),
  threshold: z.number().nullable(),
  unit: z.string(),
  dueOn: civilDate.nullable(),
  /** What stands, in a sentence. */
  why: bilingual,
  evidenceId: recordId.nullable(),
})
export type DutySubjectView = z.infer<typeof dutySubjectView>

export const dutyDetailView = z.strictObject({
  duty: dutyView,
  select: z.strictObject({ roles: z.array(z.string()), agencies: z.enum(AGENCY_CHOICES) }),
  conditions: z.array(z.string()),
  /** Exemptions that the text itself allows. */
  allowedExemptions: z.array(z.strictObject({ id: z.string(), citation: citationView, title: bilingual })),
  evidenceAsked: z.array(z.enum(EVIDENCE_KINDS)),
  note: bilingual.nullable(),
  targetDate: z.strictObject({ value: civilDate.nullable(), source: parameterSource }).nullable(),
  clockStarts: civilDate,
  parameters: z.array(dutyParameterView),
  /** All that was ever set, newest first. */
  settings: z.array(dutySettingView),
  subjects: z.array(dutySubjectView),
  /** Changes of verdicts, newest first. */
  history: z.array(
    z.strictObject({
      evidenceId: recordId,
      at: instant,
      subjectId: recordId,
      subjectName: z.string(),
      part: z.string(),
      from: z.enum(VERDICTS).nullable(),
      to: z.enum(VERDICTS),
      value: z.number().nullable(),
    }),
  ),
})
export type DutyDetailView = z.infer<typeof dutyDetailView>

export const rollupRow = z.strictObject({
  /** Of the agency, the theme, the pasal ("14") or the regulation. */
  key: z.string(),
  name: z.string(),
  duties: z.int(),
  counts: dutyCounts,
  /** Of the unmet ones, how many are breaches and how many findings; options are in neither. */
  breaches: z.int(),
  findings: z.int(),
  worst: z.enum(VERDICTS),
  /** Of all that apply, the part that nobody measured. */
  unmeasuredRatio: z.number(),
})
export type RollupRow = z.infer<typeof rollupRow>

/** A condition on which duties in force hang and that a decision of the city settles. */
export const conditionView = z.strictObject({
  condition: z.enum(CONDITIONS),
  state: z.enum(['open', 'holds', 'does-not-hold']),
  duties: z.array(z.strictObject({ id: z.string(), title: bilingual, citation: citationView })),
})
export type ConditionView = z.infer<typeof conditionView>

export const calendarEntry = z.strictObject({
  dutyId: z.string(),
  title: bilingual,
  citation: citationView,
  measure: z.string(),
  owedBy: z.enum(PARTIES),
  /** Whether Diskominfo owes it, or another office that can only be reminded. */
  ours: z.boolean(),
  /** Who is to be told there, from the register of contacts. */
  contacts: z.array(z.strictObject({ name: z.string(), reachedBy: z.string() })),
  subject: z.strictObject({ id: recordId, kind: z.enum(SUBJECT_KINDS), name: z.string() }),
  dueOn: civilDate,
  daysLeft: z.int(),
  verdict: z.enum(VERDICTS),
  why: bilingual,
})
export type CalendarEntry = z.infer<typeof calendarEntry>

export const regulationView = z.strictObject({
  id: z.string(),
  version: z.string(),
  place: bilingual,
  title: bilingual,
  kind: z.string(),
  number: z.int(),
  year: z.int(),
  inForce: civilDate,
  timeZone: z.string(),
  duties: z.int(),
  core: z.int(),
  /** Law that binds beside it and is not in the pack. */
  incomplete: z.array(z.strictObject({ citation: citationView, title: bilingual })),
  enabled: z.strictObject({ id: recordId, validFrom: civilDate, validUntil: civilDate.nullable() }).nullable(),
})
export type RegulationView = z.infer<typeof regulationView>

export const exemptionView = z.strictObject({
  record: registerRecordView,
  /** `counts` is false where the text of the duty does not know the ground that the exemption names. */
  duties: z.array(
    z.strictObject({
      ...{ id: z.string(), title: bilingual.nullable(), citation: citationView.nullable() },
      counts: z.boolean(),
    }),
  ),
  state: z.enum(['coming', 'in-force', 'ending', 'ended']),
  daysLeft: z.int().nullable(),
})
export type ExemptionView = z.infer<typeof exemptionView>

/** The same subjects under other parameters; nothing is kept. */
export const simulationView = z.strictObject({
  before: dutyCounts,
  after: dutyCounts,
  changed: z.array(
    z.strictObject({
      subject: z.strictObject({ id: recordId, name: z.string() }),
      part: z.string(),
      from: z.enum(VERDICTS),
      to: z.enum(VERDICTS),
      why: bilingual,
    }),
  ),
})
export type SimulationView = z.infer<typeof simulationView>
