// A pack is data: which measure is held against which numbers, for whom, and how bad it is. No code knows a city.
import { z } from 'zod'
import { bilingual } from '../../protocol/shapes.ts'
import { DEVICE_KINDS } from '../../protocol/snmp-words.ts'
import { SEVERITIES } from '../../protocol/vocabulary.ts'

const slug = z.string().regex(/^[a-z0-9][a-z0-9-]{1,79}$/, 'must be lower case letters, digits and dashes')
const text = z.strictObject({ id: bilingual.shape.id.min(1).max(200), en: bilingual.shape.en.min(1).max(200) })

/** Where a number comes from: the regulation's own words, or a proposal by Diskominfo, shown as such. */
const parameter = z.strictObject({ value: z.number(), source: z.enum(['regulation', 'diskominfo']) })
export type Parameter = z.infer<typeof parameter>

export const rule = z.strictObject({
  id: slug,
  title: text,
  measure: z.string(),
  subject: z.enum([...DEVICE_KINDS, 'link']),
  severity: z.enum(SEVERITIES),
  parameters: z.record(z.string(), parameter),
})

export const pack = z.strictObject({
  id: slug,
  version: z.string().min(1).max(40),
  title: text,
  rules: z.array(rule).min(1),
})
export type Pack = z.infer<typeof pack>
export type PackRule = z.infer<typeof rule>

/** A rule in force: with its pack, and its parameters as plain numbers for the measure. */
export type Rule = PackRule & { packId: string; packVersion: string }

/** A parameter's number, or undefined where the rule does not set it. */
export function parameterOf(rule: PackRule, name: string): number | undefined {
  return Object.hasOwn(rule.parameters, name) ? rule.parameters[name]?.value : undefined
}

/** A pack without it would not have been loaded. */
export function requireParameter(rule: Rule, name: string): number {
  const value = parameterOf(rule, name)
  if (value === undefined) throw new Error(`rule ${rule.id} has no parameter ${name}`)
  return value
}
