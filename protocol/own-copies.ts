// Copies of the collector itself, as the pages see them. They are made by
// `pantau backup-self` on its machine, or by its configuration.
import { z } from 'zod'
import type { Call } from './call.ts'
import { bilingual, instant } from './shapes.ts'

export const ownCopiesView = z.strictObject({
  /** `old`: the newest was made more than eight days ago. */
  state: z.enum(['fresh', 'old', 'never']),
  /** The newest that was whole; `at`: all that was acknowledged before is in it. */
  newest: z
    .strictObject({
      ...{ at: instant, path: z.string(), bytes: z.int(), files: z.int() },
      /** What did not hold in the collector itself, and so does not in the copy; null when all did. */
      flaws: bilingual.nullable(),
    })
    .nullable(),
  /** The last try, if it failed. */
  failed: z.strictObject({ at: instant, path: z.string(), reason: bilingual }).nullable(),
})
export type OwnCopiesView = z.infer<typeof ownCopiesView>

export const OWN_COPY_CALLS = {
  ownCopies: {
    summary: 'When the collector itself was copied last',
    access: 'read',
    response: ownCopiesView,
  },
} as const satisfies Record<string, Call>
