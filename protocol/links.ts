// Links, the providers that carry them, who is reached through whom, and what is probed.
import { z } from 'zod'
import type { Call } from './call.ts'
import { probeBody } from './probes.ts'
import { instant, recordId } from './shapes.ts'
import { LINK_PEERS, OUTAGE_CAUSES, SUBJECT_STATES, WEEKDAYS } from './vocabulary.ts'

const nothing = z.strictObject({})
const name = z.string().trim().min(1).max(200)

const providerBody = z.strictObject({
  name,
  /** Whom one calls: telephone, e-mail, customer number. */
  contact: z.string().trim().max(500).default(''),
})
export const providerView = z.strictObject({
  ...{ id: recordId, slug: z.string(), createdAt: instant },
  ...providerBody.shape,
  links: z.int(),
})
export type ProviderView = z.output<typeof providerView>

const time = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$|^24:00$/, 'must be a time like 07:30')
const isoDate = z.iso.date()
const opening = z
  .strictObject({ from: time, to: time })
  .refine(({ from, to }) => from < to, { message: 'must end later than it begins', params: { code: 'too-early' } })

/** When a service is owed. */
export const serviceCalendar = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('always') }),
  z.strictObject({
    kind: z.literal('hours'),
    hours: z.partialRecord(z.enum(WEEKDAYS), z.array(opening).max(10)),
    holidays: z.array(isoDate).max(500),
  }),
])
const calendarBody = z.strictObject({ name, definition: serviceCalendar })
export const calendarView = z.strictObject({ id: recordId, ...calendarBody.shape })
export type CalendarView = z.output<typeof calendarView>

const end = z.strictObject({
  siteId: recordId.nullable().default(null),
  deviceId: recordId.nullable().default(null),
  /** Name of the device's interface. */
  interface: z.string().trim().min(1).max(200).nullable().default(null),
})
const NOWHERE = { siteId: null, deviceId: null, interface: null }
const linkBody = z.strictObject({
  name,
  peer: z.enum(LINK_PEERS).default('site'),
  peerName: z.string().trim().max(200).default(''),
  agencyId: recordId.nullable().default(null),
  providerId: recordId.nullable().default(null),
  contractNumber: z.string().trim().max(200).default(''),
  /** What the contract promises, bits a second. */
  committedBps: z.int().positive().max(1e13).nullable().default(null),
  near: end.default(NOWHERE),
  far: end.default(NOWHERE),
  /** Of the far end; it is pinged, and its answers are the state of the link. */
  address: z.union([z.ipv4(), z.ipv6()]).nullable().default(null),
  calendarId: recordId.nullable().default(null),
})

/** State of a device or a link now. */
export const subjectStanding = z.strictObject({
  state: z.enum(SUBJECT_STATES),
  since: instant.nullable(),
  /** Planned work covers it now. */
  inMaintenance: z.boolean(),
})
export type SubjectStanding = z.output<typeof subjectStanding>

export const linkView = z.strictObject({
  ...{ id: recordId, slug: z.string(), createdAt: instant },
  ...linkBody.shape,
  standing: subjectStanding,
  /** Whether anything speaks for its state. */
  monitored: z.boolean(),
})
export type LinkView = z.output<typeof linkView>

const edge = z.strictObject({ childId: recordId, parentId: recordId })

export const topologyView = z.strictObject({
  subjects: z.array(
    z.strictObject({
      ...{ id: recordId, slug: z.string(), name: z.string(), kind: z.string() },
      ...{ agencyId: recordId.nullable(), siteId: recordId.nullable() },
      standing: subjectStanding,
    }),
  ),
  edges: z.array(z.strictObject({ ...edge.shape, source: z.enum(['person', 'neighbour']) })),
  /** What neighbours tell of those of whom no person said anything; it holds once a person accepts it. */
  proposed: z.array(edge),
  /** Roots that fail now, with how many are cut off by each. */
  roots: z.array(
    z.strictObject({
      id: recordId,
      cutOff: z.array(recordId),
      shared: z.array(
        z.strictObject({ what: z.enum(['site', 'provider', 'power']), id: z.string(), subjectIds: z.array(recordId) }),
      ),
    }),
  ),
})
export type TopologyView = z.output<typeof topologyView>

export const probeView = z.strictObject({ id: recordId, ...probeBody.shape })
export type ProbeView = z.output<typeof probeView>

export const outageView = z.strictObject({
  subjectId: recordId,
  from: instant,
  /** null while it lasts. */
  to: instant.nullable(),
  state: z.enum(['down', 'unreachable']),
  cause: z.enum(OUTAGE_CAUSES),
  /** `measured`, or what a person said instead, with the reason. */
  source: z.enum(['measured', 'person']),
  measuredCause: z.enum(OUTAGE_CAUSES),
  evidence: z.record(z.string(), z.unknown()),
  reason: z.string().nullable(),
  by: z.string().nullable(),
  /** Number of the fault at the provider. */
  ticket: z.string().nullable(),
})
export type OutageView = z.output<typeof outageView>

export const LINK_CALLS = {
  providers: {
    summary: 'Providers, by name',
    access: 'read',
    response: z.strictObject({ providers: z.array(providerView) }),
  },
  createProvider: { summary: 'Add a provider', access: 'inventory:write', body: providerBody, response: providerView },
  updateProvider: {
    summary: 'Change a provider',
    access: 'inventory:write',
    body: providerBody,
    response: providerView,
  },
  removeProvider: {
    summary: 'Remove a provider that carries no link; its history stays',
    access: 'inventory:write',
    response: nothing,
  },
  calendars: {
    summary: 'Service calendars, by name',
    access: 'read',
    response: z.strictObject({ calendars: z.array(calendarView) }),
  },
  createCalendar: {
    summary: 'Add a service calendar',
    access: 'inventory:write',
    body: calendarBody,
    response: calendarView,
  },
  updateCalendar: {
    summary: 'Change a service calendar; figures of the past follow it',
    access: 'inventory:write',
    body: calendarBody,
    response: calendarView,
  },
  removeCalendar: {
    summary: 'Remove a service calendar by which no link is owed',
    access: 'inventory:write',
    response: nothing,
  },
  links: { summary: 'Links, by name', access: 'read', response: z.strictObject({ links: z.array(linkView) }) },
  createLink: {
    summary: 'Add a link; an address is pinged from then on',
    access: 'inventory:write',
    body: linkBody,
    response: linkView,
  },
  updateLink: { summary: 'Change a link', access: 'inventory:write', body: linkBody, response: linkView },
  removeLink: {
    summary: 'Remove a link and its probes; its history stays',
    access: 'inventory:write',
    response: nothing,
  },
  topology: { summary: 'Who is reached through whom, and who fails', access: 'read', response: topologyView },
  setParents: {
    summary: 'Say through which others a device or link is reached; takes the place of what was said before',
    access: 'inventory:write',
    body: z.strictObject({ parentIds: z.array(recordId).max(20) }),
    response: nothing,
  },
  acceptNeighbours: {
    summary: 'Take what neighbours tell as the topology, of those of whom no person said through what they are reached',
    access: 'inventory:write',
    body: z.strictObject({ edges: z.array(edge).min(1).max(5_000) }),
    response: nothing,
  },
  probes: { summary: 'Probes, by name', access: 'read', response: z.strictObject({ probes: z.array(probeView) }) },
  createProbe: { summary: 'Add a probe', access: 'inventory:write', body: probeBody, response: probeView },
  removeProbe: { summary: 'Remove a probe; its figures stay', access: 'inventory:write', response: nothing },
} as const satisfies Record<string, Call>
