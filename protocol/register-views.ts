// What the registers show: kinds that describe their own form, records with their versions, and the plan of an import.
import { z } from 'zod'
import { bilingual, instant, recordId } from './shapes.ts'

/** What a record may be about. Services, applications and data sets are records of a register of their own. */
export const REGISTER_SUBJECT_KINDS = [
  ...(['agency', 'site', 'server', 'router', 'device'] as const),
  ...(['link', 'service', 'application', 'dataset'] as const),
] as const
export type RegisterSubjectKind = (typeof REGISTER_SUBJECT_KINDS)[number]

const civilDate = z.iso.date()

/** A register describes its own fields; page and import are drawn from it. */
export const registerField = z.strictObject({
  name: z.string(),
  label: bilingual,
  help: bilingual.nullable(),
  type: z.enum(['text', 'long-text', 'topic', 'date', 'number', 'choice', 'list', 'yes-no']),
  choices: z.array(z.strictObject({ value: z.string(), label: bilingual })).optional(),
  required: z.boolean(),
  least: z.number().optional(),
  most: z.number().optional(),
})
export type RegisterField = z.infer<typeof registerField>

export const registerKindView = z.strictObject({
  kind: z.string(),
  title: bilingual,
  description: bilingual,
  /** What it may be about; a record without a subject is about the city as a whole. */
  subjects: z.array(z.enum(REGISTER_SUBJECT_KINDS)),
  legalBasis: z.enum(['required', 'optional']),
  fields: z.array(registerField),
})
export type RegisterKindView = z.infer<typeof registerKindView>

export const registerSubject = z.strictObject({
  kind: z.enum(REGISTER_SUBJECT_KINDS),
  id: recordId,
})
export type RegisterSubject = z.infer<typeof registerSubject>

const fieldValue = z.union([z.string(), z.number(), z.boolean(), z.array(z.string())])
export type FieldValue = z.infer<typeof fieldValue>

/** What a person enters, whatever the kind. Dates are days of the city's calendar. */
export const registerInput = z.strictObject({
  title: z.string().trim().min(1).max(300),
  number: z.string().trim().min(1).max(100).nullable().default(null),
  issuedOn: civilDate.nullable().default(null),
  validFrom: civilDate.nullable().default(null),
  validUntil: civilDate.nullable().default(null),
  legalBasis: z.string().trim().min(1).max(500).nullable().default(null),
  subjects: z.array(registerSubject).max(200).default([]),
  fields: z.record(z.string(), fieldValue).default({}),
})
export type RegisterInput = z.infer<typeof registerInput>

export const attachmentView = z.strictObject({
  id: recordId,
  name: z.string(),
  mediaType: z.string(),
  bytes: z.int(),
  sha256: z.string(),
  addedAt: instant,
  addedBy: z.string(),
})
export type AttachmentView = z.infer<typeof attachmentView>

export const registerRecordView = z.strictObject({
  id: recordId,
  kind: z.string(),
  version: z.int(),
  title: z.string(),
  number: z.string().nullable(),
  issuedOn: civilDate.nullable(),
  validFrom: civilDate.nullable(),
  validUntil: civilDate.nullable(),
  legalBasis: z.string().nullable(),
  subjects: z.array(registerSubject.extend({ name: z.string() })),
  fields: z.record(z.string(), fieldValue),
  enteredAt: instant,
  enteredBy: z.string(),
  source: z.string(),
  /** Why it stands no more; null while it stands. */
  withdrawn: z.strictObject({ at: instant, by: z.string(), reason: z.string() }).nullable(),
  attachments: z.int(),
})
export type RegisterRecordView = z.infer<typeof registerRecordView>

export const importRow = z.strictObject({
  sheet: z.string(),
  /** As the spreadsheet counts: the row of the headings is 1. */
  row: z.int(),
  outcome: z.enum(['added', 'changed', 'unchanged', 'refused']),
  title: z.string(),
  /** What differs from the record that stands, or why the row is refused. */
  details: z.array(z.string()),
})
export const importView = z.strictObject({
  applied: z.boolean(),
  added: z.int(),
  changed: z.int(),
  unchanged: z.int(),
  refused: z.int(),
  rows: z.array(importRow),
})
export type ImportView = z.infer<typeof importView>
