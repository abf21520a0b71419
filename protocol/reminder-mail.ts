import { z } from 'zod'
import { instant } from './shapes.ts'

/** `unknown`: it may have arrived, so it does not go again. */
export const REMINDER_MAIL_STATES = ['pending', 'sending', 'sent', 'refused', 'unknown', 'no-channel'] as const

/** What became of the mail of a reminder to the contact of an agency. */
export const reminderMailView = z.strictObject({
  address: z.string(),
  state: z.enum(REMINDER_MAIL_STATES),
  /** When that was settled; null while it waits. */
  at: instant.nullable(),
  /** Why it is not sent, in the words of the mail server. */
  reason: z.string().nullable(),
})
