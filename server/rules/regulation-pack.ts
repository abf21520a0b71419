// The shape of a regulation written as data: one file a regulation, its duties in the order of its pasal.
import { z } from 'zod'
import {
  AGENCY_CHOICES,
  CONDITIONS,
  DUTY_SCOPES,
  EVIDENCE_KINDS,
  MODALS,
  PARTIES,
  SUBJECT_KINDS,
  THEMES,
  TIME_ZONES,
} from '../../protocol/duty-words.ts'
import { parameter, parameterSource } from '../../protocol/shapes.ts'
import { SEVERITIES } from '../../protocol/vocabulary.ts'
import { slug, text } from './pack-fields.ts'

/** "2027-06-30": a day of the calendar, in the pack's time zone. */
export const day = z.iso.date()

/** Where it stands. A pasal may have no ayat, an ayat no huruf; a list of huruf is cited letter by letter. */
export const citation = z.strictObject({
  pasal: z.int().min(1).max(999),
  ayat: z.int().min(1).max(99).nullable().default(null),
  huruf: z
    .string()
    .regex(/^[a-z]$/, 'must be one small letter')
    .nullable()
    .default(null),
})
export type Citation = z.infer<typeof citation>

/** "Pasal 15 ayat (3) huruf a", as it is cited in both languages. */
export function citationText({ pasal, ayat, huruf }: Citation): string {
  return `Pasal ${pasal}${ayat === null ? '' : ` ayat (${ayat})`}${huruf === null ? '' : ` huruf ${huruf}`}`
}

/** Who or what may be taken out of the duty, and the ayat that allows it. */
const exemption = z.strictObject({ id: slug, citation, title: text })

const select = z.strictObject({
  /** One role, or several of which each counts. */
  role: z.union([slug, z.array(slug).min(2)]).optional(),
  agencies: z.enum(AGENCY_CHOICES).optional(),
})

const dutyRule = z.strictObject({
  /** "14-3-penempatan-server": begins with its citation, unique in the file. */
  id: slug,
  citation,
  modal: z.enum(MODALS),
  owedBy: z.enum(PARTIES),
  title: text,
  theme: z.enum(THEMES),
  /** Left out: core. */
  scope: z.enum(DUTY_SCOPES).default('core'),
  measure: z.string(),
  subject: z.enum(SUBJECT_KINDS),
  select: select.default({}),
  /** Left out on an option, which nobody can miss. */
  severity: z.enum(SEVERITIES).optional(),
  /** All of them must hold, else the duty does not apply. */
  conditions: z.array(z.enum(CONDITIONS)).default([]),
  /** Only with `bertahap`: it counts as a breach after this day; null while nobody has set one. */
  targetDate: z.strictObject({ value: day.nullable(), source: parameterSource }).optional(),
  parameters: z.record(z.string(), parameter).default({}),
  exemptions: z.array(exemption).default([]),
  evidence: z.array(z.enum(EVIDENCE_KINDS)).min(1),
  /** How Pantau reads it, where the text leaves a choice. */
  note: text.optional(),
})
export type DutyRule = z.infer<typeof dutyRule>

export const regulationPack = z.strictObject({
  id: z.string().regex(/^[a-z]+-(19|20)\d{2}-[1-9]\d{0,3}$/, 'must be <place>-<year>-<number>, e.g. depok-2021-40'),
  version: z.string().min(1).max(40),
  place: text,
  title: text,
  /** What the regulation is called in its place, and its number and year. */
  kind: z.enum(['Peraturan Walikota', 'Peraturan Wali Kota', 'Peraturan Bupati', 'Peraturan Gubernur']),
  number: z.int().min(1),
  year: z.int().min(1945).max(2100),
  set: day,
  promulgated: day,
  inForce: day,
  timeZone: z.enum(TIME_ZONES),
  officialDomain: z.strictObject({ value: z.hostname().nullable(), source: parameterSource }),
  /** What this regulation calls its offices. */
  names: z.strictObject({ head: z.string().min(1), diskominfo: z.string().min(1), agency: z.string().min(1) }),
  /** Law that binds beside this text and is not in the pack: shown wherever the pack is. */
  incomplete: z.array(z.strictObject({ citation, title: text })).default([]),
  rules: z.array(dutyRule).min(1),
})
export type RegulationPack = z.infer<typeof regulationPack>

/** The roles that are meant; none where all are. */
export function rolesOf({ role }: { role?: string | readonly string[] | undefined }): readonly string[] {
  return role === undefined ? [] : typeof role === 'string' ? [role] : role
}

/** What a rule has beyond an operational one. */
export type Duty = Pick<
  DutyRule,
  'citation' | 'modal' | 'owedBy' | 'theme' | 'scope' | 'select' | 'conditions' | 'exemptions' | 'evidence'
> & {
  targetDate: DutyRule['targetDate'] | null
  note: DutyRule['note'] | null
  /** The day on which the regulation came into force. */
  inForce: string
}
