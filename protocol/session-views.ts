// Who is signed in, and what a page may know before anyone is.
import { z } from 'zod'
import { recordId } from './shapes.ts'
import { LANGUAGES, PERMISSIONS, ROLES } from './vocabulary.ts'

export const sessionView = z.strictObject({
  user: z.strictObject({ id: recordId, name: z.string(), role: z.enum(ROLES) }),
  permissions: z.array(z.enum(PERMISSIONS)),
  /** IANA name of the city's time zone ("Asia/Jakarta"); every time on a screen is shown in it. */
  timeZone: z.string(),
  /** Name of the city or regency as configured, for the header. */
  place: z.string(),
  language: z.enum(LANGUAGES),
  version: z.string(),
})
export type SessionView = z.infer<typeof sessionView>

/** What a page may know before anyone signs in. */
export const welcomeView = z.strictObject({
  setUp: z.boolean(),
  place: z.string(),
  language: z.enum(LANGUAGES),
})
export type WelcomeView = z.infer<typeof welcomeView>
