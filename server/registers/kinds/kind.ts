// A kind of register is data: its fields draw the form, name the columns of an import and make the schema that a record is
// held against. A new register is a new entry, no code.
import { z } from 'zod'
import type { RegisterField, RegisterKindView } from '../../../protocol/register-views.ts'

export type RegisterKind = RegisterKindView

const civilDate = z.iso.date('must be a date like 2026-11-22')

function schemaOfField(field: RegisterField): z.ZodType {
  switch (field.type) {
    case 'text':
    case 'topic':
      return z.string().min(1).max(300)
    case 'long-text':
      return z.string().min(1).max(4000)
    case 'date':
      return civilDate
    case 'number':
      return z
        .number()
        .min(field.least ?? 0)
        .max(field.most ?? 1e12)
    case 'choice':
      return z.enum((field.choices ?? []).map(({ value }) => value))
    case 'list':
      return z.array(z.string().min(1).max(200)).min(1).max(200)
    case 'yes-no':
      return z.boolean()
  }
}

/** Strict: what the kind does not know is refused, and so is what it needs and did not get. */
export function fieldsSchema(kind: RegisterKind): z.ZodType<Record<string, unknown>> {
  return z.strictObject(
    Object.fromEntries(
      kind.fields.map(field => {
        const schema = schemaOfField(field)
        return [field.name, field.required ? schema : schema.optional()]
      }),
    ),
  )
}
