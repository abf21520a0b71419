// Planned work, and what availability makes of time.
import { z } from 'zod'
import { availabilityView, stateInterval } from './availability-views.ts'
import type { Call } from './call.ts'
import { outageView } from './links.ts'
import { instant, recordId } from './shapes.ts'
import {
  AVAILABILITY_OF,
  MAINTENANCE_STATES,
  MAINTENANCE_SUBJECT_KINDS,
  OUTAGE_CAUSES,
  PERIODS,
  WEEKDAYS,
} from './vocabulary.ts'

const nothing = z.strictObject({})
const time = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'must be a time like 22:00')

/** Once, or each week on these days by the clock of the city, until somebody ends it or the last day is over. */
export const maintenanceTiming = z.discriminatedUnion('kind', [
  z
    .strictObject({ kind: z.literal('once'), from: instant, to: instant })
    .refine(({ from, to }) => from < to, { message: 'must end later than it begins', params: { code: 'too-early' } }),
  z.strictObject({
    kind: z.literal('weekly'),
    days: z.array(z.enum(WEEKDAYS)).min(1).max(7),
    from: time,
    lastsMinutes: z
      .int()
      .min(1)
      .max(24 * 60),
    firstDay: z.iso.date(),
    lastDay: z.iso.date().nullable().default(null),
  }),
])
export type MaintenanceTiming = z.output<typeof maintenanceTiming>

const subject = z.strictObject({ kind: z.enum(MAINTENANCE_SUBJECT_KINDS), id: recordId })

const maintenanceBody = z.strictObject({
  title: z.string().trim().min(1).max(200),
  reason: z.string().trim().max(2_000).default(''),
  timing: maintenanceTiming,
  subjects: z.array(subject).min(1).max(500),
})
export const maintenanceView = z.strictObject({
  id: recordId,
  ...maintenanceBody.shape,
  subjects: z.array(z.strictObject({ ...subject.shape, name: z.string() })),
  state: z.enum(MAINTENANCE_STATES),
  declaredAt: instant,
  declaredBy: z.string(),
  /** Of the account that declared it: another one must approve. */
  declaredById: z.string(),
  decidedAt: instant.nullable(),
  decidedBy: z.string().nullable(),
  endedAt: instant.nullable(),
  /** The window that holds now, else the next one, else the last one. */
  window: z.strictObject({ from: instant, to: instant }).nullable(),
  active: z.boolean(),
})
export type MaintenanceView = z.output<typeof maintenanceView>

export const availabilityRow = z.strictObject({
  id: recordId,
  name: z.string(),
  /** How many links or devices it was worked out from; 0: nothing of it is watched. */
  watched: z.int(),
  calendar: z.string().nullable(),
  periods: z.array(z.strictObject({ label: z.string(), ...availabilityView.shape })),
})
export type AvailabilityRow = z.output<typeof availabilityRow>

export const MAINTENANCE_CALLS = {
  maintenances: {
    summary: 'Maintenance, newest first',
    access: 'read',
    response: z.strictObject({ maintenances: z.array(maintenanceView) }),
  },
  declareMaintenance: {
    summary: 'Declare maintenance; one that has begun already waits for a second person',
    access: 'incidents:write',
    body: maintenanceBody,
    response: maintenanceView,
  },
  decideMaintenance: {
    summary: 'Approve or refuse maintenance that was declared afterwards; not by who declared it',
    access: 'incidents:write',
    body: z.strictObject({ decision: z.enum(['approved', 'refused']), note: z.string().trim().max(2_000).default('') }),
    response: maintenanceView,
  },
  endMaintenance: {
    summary: 'End maintenance now, or withdraw one that has not begun',
    access: 'incidents:write',
    body: nothing,
    response: maintenanceView,
  },
  availability: {
    summary: 'Availability by day, month or year of the city; the running period is provisional',
    access: 'read',
    query: z.strictObject({
      of: z.enum(AVAILABILITY_OF),
      by: z.enum(PERIODS),
      from: z.coerce.number().pipe(instant),
      to: z.coerce.number().pipe(instant),
      /** Instead of each subject's own calendar. */
      calendar: recordId.optional(),
      /** Only this one. */
      id: recordId.optional(),
    }),
    response: z.strictObject({ timeZone: z.string(), rows: z.array(availabilityRow) }),
  },
  timeline: {
    summary: 'States and outages of one device or link over a window',
    access: 'read',
    query: z.strictObject({ from: z.coerce.number().pipe(instant), to: z.coerce.number().pipe(instant) }),
    response: z.strictObject({
      history: z.array(stateInterval),
      planned: z.array(z.strictObject({ from: instant, to: instant, maintenanceId: recordId })),
      outages: z.array(outageView),
      availability: availabilityView,
    }),
  },
  agencyTimeline: {
    summary: 'How an agency was connected over a window, by all its links together',
    access: 'read',
    query: z.strictObject({ from: z.coerce.number().pipe(instant), to: z.coerce.number().pipe(instant) }),
    response: z.strictObject({
      /** `up` while any of its links is; `down` when all that were watched failed. */
      history: z.array(stateInterval),
      availability: availabilityView,
      /** How many of its links were watched; with none nothing can be said. */
      watched: z.int(),
    }),
  },
  remarkOutage: {
    summary: 'Correct the cause of an outage with a reason, or note the number of the fault at the provider',
    access: 'incidents:write',
    body: z.strictObject({
      /** A moment inside the outage. */
      at: instant,
      cause: z.enum(OUTAGE_CAUSES).nullable().default(null),
      reason: z.string().trim().min(1).max(2_000),
      ticket: z.string().trim().min(1).max(200).nullable().default(null),
    }),
    response: nothing,
  },
} as const satisfies Record<string, Call>
