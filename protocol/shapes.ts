import { z } from 'zod'

/** Instant in UTC milliseconds. */
export const instant = z.int().min(0).max(8_640_000_000_000_000)
/** Record id (UUIDv7 for what Pantau makes). */
export const recordId = z.uuid()
export const metricName = z.string().regex(/^[a-zA-Z_:][a-zA-Z0-9_:]{0,199}$/)
export const labelName = z.string().regex(/^[a-zA-Z_][a-zA-Z0-9_]{0,99}$/)
export const labels = z.record(labelName, z.string().max(1024))
export type Labels = z.infer<typeof labels>
/** JSON in a query; what it must be is held against another schema. */
export const jsonQuery = z.string().transform((text, context) => {
  try {
    return JSON.parse(text) as unknown
  } catch {
    context.addIssue({ code: 'custom', message: 'must be a JSON object' })
    return z.NEVER
  }
})
/** Labels in a query: a JSON object. */
export const labelsQuery = jsonQuery.pipe(labels)
export const bilingual = z.strictObject({ id: z.string(), en: z.string() })

/** A rule's parameter: `null` where nobody has set it yet. */
export const parameterValue = z.union([
  z.number(),
  z.string().min(1).max(200),
  z.boolean(),
  z.array(z.string().min(1).max(100)).min(1),
  z.record(z.string(), z.number()),
  z.null(),
])
export type ParameterValue = z.infer<typeof parameterValue>
/** Where a value comes from: the regulation's own words, or a proposal by Diskominfo, shown as such. */
export const parameterSource = z.enum(['regulation', 'diskominfo'])
export const parameter = z.strictObject({ value: parameterValue, source: parameterSource })
export type Parameter = z.infer<typeof parameter>
