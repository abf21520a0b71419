// A pack is data: which measure is held against which numbers, for whom, and how bad it is. No code knows a city.
import { z } from 'zod'
import type { SubjectKind } from '../../protocol/duty-words.ts'
import { type Parameter, type ParameterValue, parameterSource } from '../../protocol/shapes.ts'
import { DEVICE_KINDS, type DeviceKind } from '../../protocol/snmp-words.ts'
import { SEVERITIES, type Severity } from '../../protocol/vocabulary.ts'
import { slug, text } from './pack-fields.ts'
import type { Duty } from './regulation-pack.ts'

export const rule = z.strictObject({
  id: slug,
  title: text,
  measure: z.string(),
  /** `city`: the watch as a whole. */
  subject: z.enum([...DEVICE_KINDS, 'link', 'dataset', 'city']),
  severity: z.enum(SEVERITIES),
  parameters: z.record(z.string(), z.strictObject({ value: z.number(), source: parameterSource })),
})

export const pack = z.strictObject({
  id: slug,
  version: z.string().min(1).max(40),
  title: text,
  rules: z.array(rule).min(1),
})
export type Pack = z.infer<typeof pack>

/** What the engine judges by, whichever kind of pack it stands in. */
export type PackRule<Subject = SubjectKind | DeviceKind> = {
  id: string
  title: { id: string; en: string }
  measure: string
  subject: Subject
  severity: Severity
  parameters: Record<string, Parameter>
}

type OfPack = { packId: string; packVersion: string }
export type OperationalRule = PackRule<DeviceKind | 'link' | 'dataset' | 'city'> & OfPack & { duty: null }
/** `duty` is what makes a rule an obligation. */
export type Obligation = PackRule<SubjectKind> & OfPack & { duty: Duty }
/** A rule in force, with its pack. */
export type Rule = OperationalRule | Obligation

/** A parameter as it stands in the rule; undefined where the rule does not have it. */
export function parameterValueOf(rule: Pick<PackRule, 'parameters'>, name: string): ParameterValue | undefined {
  return Object.hasOwn(rule.parameters, name) ? rule.parameters[name]?.value : undefined
}

/** A parameter's number, or undefined where the rule does not set one. */
export function parameterOf(rule: Pick<PackRule, 'parameters'>, name: string): number | undefined {
  const value = parameterValueOf(rule, name)
  return typeof value === 'number' ? value : undefined
}

/** A pack without it would not have been loaded. */
export function requireParameter(rule: Rule, name: string): number {
  const value = parameterOf(rule, name)
  if (value === undefined) throw new Error(`rule ${rule.id} has no parameter ${name}`)
  return value
}
