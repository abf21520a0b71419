import type { z } from 'zod'
import type { PERMISSIONS } from './vocabulary.ts'

/**
 * `open` answers anyone (it tells nothing and changes nothing); `credentials` carries its own proof in the request (a
 * password, a one-time link, an enrolment token); `address`: the address itself is the secret; `agent` needs an agent key, `writer` the key of a writer; `session` any
 * signed-in person; a permission needs that permission.
 */
export type CallAccess =
  | 'open'
  | 'credentials'
  | 'address'
  | 'agent'
  | 'writer'
  | 'session'
  | (typeof PERMISSIONS)[number]

export type Call = {
  summary: string
  access: CallAccess
  query?: z.ZodObject
  body?: z.ZodObject
  response: z.ZodType
}
