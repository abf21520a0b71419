// States as intervals, and their sums.
import { z } from 'zod'
import { instant } from './shapes.ts'
import { SUBJECT_STATES } from './vocabulary.ts'

export const stateInterval = z.strictObject({
  state: z.enum(SUBJECT_STATES),
  from: instant,
  to: instant,
  cause: z.string().nullable(),
})
export type StateInterval = z.infer<typeof stateInterval>

export const availabilityView = z.strictObject({
  from: instant,
  to: instant,
  /** Of the window, how much the service is owed in: all of it, or office hours. */
  serviceMs: z.number(),
  /** up / (up + outage); null when nothing was observed. */
  uptimeRatio: z.number().nullable(),
  upMs: z.number(),
  outageMs: z.number(),
  /** Down in announced maintenance, and in maintenance that was declared afterwards and approved. */
  plannedMs: z.number(),
  plannedAfterwardsMs: z.number(),
  unobservedMs: z.number(),
  outages: z.int(),
  /** Mean time to repair and mean time between failures; null without an outage. */
  mttrMs: z.number().nullable(),
  mtbfMs: z.number().nullable(),
})
export type AvailabilityView = z.infer<typeof availabilityView>
