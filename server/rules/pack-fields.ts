// Fields that both kinds of pack have.
import { z } from 'zod'
import { bilingual } from '../../protocol/shapes.ts'

export const slug = z.string().regex(/^[a-z0-9][a-z0-9-]{1,79}$/, 'must be lower case letters, digits and dashes')
export const text = z.strictObject({ id: bilingual.shape.id.min(1).max(240), en: bilingual.shape.en.min(1).max(240) })
