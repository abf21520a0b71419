// Calls about devices that agents poll, and the credentials that open them.
import { z } from 'zod'
import type { Call } from './call.ts'
import { instant, recordId } from './shapes.ts'
import {
  deviceAddress,
  deviceIdentity,
  foundNeighbour,
  foundSensor,
  snmpCredential,
  snmpIntervalMs,
  snmpRetries,
  snmpTimeoutMs,
  udpPort,
} from './snmp.ts'
import {
  AUTH_PROTOCOLS,
  DEVICE_KINDS,
  FIGURES,
  INTERFACE_STATES,
  PRIVACY_PROTOCOLS,
  SECURITY_LEVELS,
  SNMP_DEFAULTS,
  SNMP_PORT,
  SNMP_VERSIONS,
  WIRE_EVENTS,
} from './snmp-words.ts'
import { taskRequest, taskView } from './tasks.ts'
import { SUBJECT_STATES } from './vocabulary.ts'

const nothing = z.strictObject({})
const name = z.string().trim().min(1).max(100)
const rate = z.number().nullable()

export const sweepView = z.strictObject({
  /** Its newest task, which says what was found. */
  taskId: recordId,
  agentId: recordId,
  request: taskRequest,
  askedAt: instant,
  /** `interrupted`: no word for a while, and not all were asked; it can go on. */
  state: z.enum(['running', 'finished', 'interrupted']),
  asked: z.int().min(0),
  total: z.int().min(0),
  found: z.int().min(0),
})
export type SweepView = z.output<typeof sweepView>

/** Never with its secrets. */
export const credentialView = z.strictObject({
  id: recordId,
  name: z.string(),
  version: z.enum(SNMP_VERSIONS),
  user: z.string().nullable(),
  level: z.enum(SECURITY_LEVELS).nullable(),
  authProtocol: z.enum(AUTH_PROTOCOLS).nullable(),
  privacyProtocol: z.enum(PRIVACY_PROTOCOLS).nullable(),
  createdAt: instant,
  changedAt: instant,
  /** Devices that are read with it. */
  usedBy: z.array(z.strictObject({ id: recordId, name: z.string() })),
})
export type CredentialView = z.output<typeof credentialView>

const polling = {
  port: udpPort,
  intervalMs: snmpIntervalMs,
  timeoutMs: snmpTimeoutMs,
  retries: snmpRetries,
  /** Where the agent listens for traps of this device; null: it does not. */
  trapPort: udpPort.nullable(),
}

export const deviceRow = z.strictObject({
  id: recordId,
  slug: z.string(),
  name: z.string(),
  kind: z.enum(DEVICE_KINDS),
  state: z.enum(SUBJECT_STATES),
  stateSince: instant.nullable(),
  address: z.string(),
  ...polling,
  agent: z.strictObject({ id: recordId, name: z.string() }),
  credential: z.strictObject({ id: recordId, name: z.string() }),
  vendor: z.string().nullable(),
  model: z.string().nullable(),
  /** A recording that is played, no device. */
  simulated: z.boolean(),
  lastPolledAt: instant.nullable(),
  lastHeardAt: instant.nullable(),
  /** How long its last round took. */
  pollSeconds: z.number().nullable(),
  interfacesUp: z.int(),
  interfaces: z.int(),
  /** Whether a person must say who this is. */
  hasConflict: z.boolean(),
})
export type DeviceRow = z.output<typeof deviceRow>

export const interfaceView = z.strictObject({
  id: recordId,
  name: z.string(),
  alias: z.string(),
  index: z.int(),
  type: z.int(),
  speedBps: z.number().nullable(),
  mac: z.string().nullable(),
  addresses: z.array(z.string()),
  counters: z.enum(['64-bit', '32-bit', 'none']),
  /** Its counters of 32 bits may have gone round more than once since the round before: it carried more than is told. */
  countersDoubtful: z.boolean(),
  state: z.enum(INTERFACE_STATES),
  stateSince: instant.nullable(),
  receiveBps: rate,
  transmitBps: rate,
  /** A second, both directions together; null where the device does not count them. */
  errorsPerSecond: rate,
  discardsPerSecond: rate,
  /** Since when it is not there any more. */
  goneAt: instant.nullable(),
  /** Names that it had before, newest first. */
  formerNames: z.array(z.strictObject({ name: z.string(), alias: z.string(), until: instant })),
})
export type InterfaceView = z.output<typeof interfaceView>

export const deviceView = z.strictObject({
  device: deviceRow,
  identity: deviceIdentity.nullable(),
  discoveredAt: instant.nullable(),
  notOffered: z.array(z.enum(FIGURES)),
  /** What stands against what is on record; `otherId` when another device says the same of itself. */
  conflict: z
    .strictObject({
      at: instant,
      recorded: z.string(),
      found: z.string(),
      otherId: recordId.nullable(),
      identity: deviceIdentity,
    })
    .nullable(),
  pollRequests: z.number().nullable(),
  pollLost: z.number().nullable(),
  interfaces: z.array(interfaceView),
  sensors: z.array(z.strictObject({ ...foundSensor.shape, value: z.number().nullable() })),
  neighbours: z.array(foundNeighbour),
  /** What rediscovery found to be different, newest first. */
  changes: z.array(
    z.strictObject({
      at: instant,
      what: z.string(),
      part: z.string(),
      before: z.string().nullable(),
      after: z.string().nullable(),
    }),
  ),
  events: z.array(z.strictObject({ at: instant, kind: z.enum(WIRE_EVENTS), part: z.string() })),
})
export type DeviceView = z.output<typeof deviceView>

export const interfaceHistory = z.strictObject({
  intervals: z.array(z.strictObject({ state: z.enum(INTERFACE_STATES), from: instant, to: instant })),
})

const credentialBody = z.strictObject({ name, credential: snmpCredential })
const newDevice = z.strictObject({
  address: deviceAddress,
  /** Left out, it is called by its address until it says its name. */
  name: name.optional(),
  /** Left out, it is what it turns out to be. */
  kind: z.enum(DEVICE_KINDS).optional(),
})

export const DEVICE_CALLS = {
  devices: {
    summary: 'Devices that agents poll, by name',
    access: 'read',
    response: z.strictObject({ devices: z.array(deviceRow) }),
  },
  device: { summary: 'One polled device with all that was found of it', access: 'read', response: deviceView },
  interfaceHistory: {
    summary: 'When an interface was in which state',
    access: 'read',
    query: z.strictObject({ from: z.coerce.number().pipe(instant), to: z.coerce.number().pipe(instant) }),
    response: interfaceHistory,
  },
  addDevices: {
    summary: 'Have devices polled; those that are polled already are named and left alone',
    access: 'inventory:write',
    body: z.strictObject({
      devices: z.array(newDevice).min(1).max(1_024),
      credentialId: recordId,
      /** Whose all of them are and where they stand. */
      agencyId: recordId.nullable().default(null),
      siteId: recordId.nullable().default(null),
      /** Null: the agent beside the collector. */
      agentId: recordId.nullable().default(null),
      port: udpPort.default(SNMP_PORT),
      intervalMs: snmpIntervalMs.default(SNMP_DEFAULTS.intervalMs),
      timeoutMs: snmpTimeoutMs.default(SNMP_DEFAULTS.timeoutMs),
      retries: snmpRetries.default(SNMP_DEFAULTS.retries),
      trapPort: udpPort.nullable().default(null),
    }),
    response: z.strictObject({
      added: z.array(z.strictObject({ id: recordId, address: z.string() })),
      known: z.array(z.strictObject({ id: recordId, address: z.string() })),
    }),
  },
  updateDevice: {
    summary: 'Change how a device is called, what it is, and how it is polled; what is left out stays',
    access: 'inventory:write',
    body: z.strictObject({
      name: name.optional(),
      kind: z.enum(DEVICE_KINDS).optional(),
      address: deviceAddress.optional(),
      port: udpPort.optional(),
      agentId: recordId.optional(),
      credentialId: recordId.optional(),
      intervalMs: snmpIntervalMs.optional(),
      timeoutMs: snmpTimeoutMs.optional(),
      retries: snmpRetries.optional(),
      trapPort: udpPort.nullable().optional(),
    }),
    response: nothing,
  },
  probeDevices: {
    summary: 'Ask one address, or sweep many, by credentials that are tried in turn; a task says what came of it',
    access: 'inventory:write',
    body: z.strictObject({
      /** Null: the agent beside the collector. */
      agentId: recordId.nullable().default(null),
      order: taskRequest,
    }),
    response: taskView,
  },
  sweeps: {
    summary: 'The newest sweeps, also those before a restart; what each found is with its task',
    access: 'inventory:write',
    response: z.strictObject({ sweeps: z.array(sweepView) }),
  },
  resumeSweep: {
    summary: 'Have a sweep that was interrupted go on with the addresses that were not asked yet',
    access: 'inventory:write',
    body: nothing,
    response: taskView,
  },
  rediscoverDevice: {
    summary: 'Have a device looked through again now',
    access: 'inventory:write',
    body: nothing,
    response: taskView,
  },
  settleIdentity: {
    summary: 'Say that what was found is this device from now on; its history stays',
    access: 'inventory:write',
    body: nothing,
    response: nothing,
  },

  credentials: {
    summary: 'SNMP credentials (never their secrets)',
    access: 'read',
    response: z.strictObject({ credentials: z.array(credentialView) }),
  },
  createCredential: {
    summary: 'Add an SNMP credential; its secrets are never shown again',
    access: 'agents:write',
    body: credentialBody,
    response: credentialView,
  },
  updateCredential: {
    summary: 'Rename a credential, or put other secrets in its place; the agents that need them get them at once',
    access: 'agents:write',
    body: credentialBody.partial(),
    response: credentialView,
  },
  removeCredential: {
    summary: 'Remove a credential that no device is read with',
    access: 'agents:write',
    response: nothing,
  },
} as const satisfies Record<string, Call>
