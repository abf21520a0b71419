// What collector and agent say to each other about a device that answers SNMP.
import { z } from 'zod'
import { instant, recordId } from './shapes.ts'
import {
  AUTH_PROTOCOLS,
  DEVICE_KINDS,
  FIGURES,
  NEIGHBOUR_PROTOCOLS,
  PRIVACY_PROTOCOLS,
  SENSOR_KINDS,
  SNMP_LIMITS,
  SNMP_TROUBLES,
  TRAP_PORT,
  WIRE_EVENTS,
} from './snmp-words.ts'

export const deviceAddress = z.union([z.ipv4(), z.ipv6()])
export const udpPort = z.int().min(1).max(65_535)

const community = z.string().min(1).max(SNMP_LIMITS.community)
const user = z.string().min(1).max(SNMP_LIMITS.user)
/** Pass phrase from which the key is made, as it was told to the device. */
const key = z.string().min(SNMP_LIMITS.leastKey).max(SNMP_LIMITS.key)
const auth = z.strictObject({ protocol: z.enum(AUTH_PROTOCOLS), key })
const privacy = z.strictObject({ protocol: z.enum(PRIVACY_PROTOCOLS), key })

/** With its secrets: on the wire to the agent that needs it, and nowhere else. */
export const snmpCredential = z.discriminatedUnion('version', [
  z.strictObject({ version: z.literal('v1'), community }),
  z.strictObject({ version: z.literal('v2c'), community }),
  z.discriminatedUnion('level', [
    z.strictObject({ version: z.literal('v3'), level: z.literal('noAuth'), user }),
    z.strictObject({ version: z.literal('v3'), level: z.literal('auth'), user, auth }),
    z.strictObject({ version: z.literal('v3'), level: z.literal('authPriv'), user, auth, privacy }),
  ]),
])
export type SnmpCredential = z.output<typeof snmpCredential>

/** One of several that are tried in turn. */
export const offeredCredential = z.strictObject({ id: recordId, credential: snmpCredential })
export type OfferedCredential = z.output<typeof offeredCredential>

const between = ([least, most]: readonly [number, number]) => z.int().min(least).max(most)
export const snmpTimeoutMs = between(SNMP_LIMITS.timeoutMs)
export const snmpRetries = between(SNMP_LIMITS.retries)
export const snmpIntervalMs = between(SNMP_LIMITS.intervalMs)

/** A device that an agent polls. */
export const snmpTarget = z.strictObject({
  deviceId: recordId,
  address: deviceAddress,
  port: udpPort,
  credential: snmpCredential,
  intervalMs: snmpIntervalMs,
  /** For one answer; `retries` questions more follow an unanswered one. */
  timeoutMs: snmpTimeoutMs,
  retries: snmpRetries,
  /** UDP port on which traps and informs of this device are heard; null: none are. */
  trapPort: udpPort.nullable().describe(`usually ${TRAP_PORT}`),
})
export type SnmpTarget = z.output<typeof snmpTarget>

const text = (most: number) => z.string().max(most)
const known = (most: number) => z.string().min(1).max(most).nullable()
const mac = z.string().regex(/^[0-9a-f]{2}(:[0-9a-f]{2}){5}$/)
const hex = z.string().regex(/^([0-9a-f]{2}){1,64}$/)
const oid = z.string().regex(/^\d{1,10}(\.\d{1,10}){1,127}$/)

/** Who a device says it is; null for what it does not tell. */
export const deviceIdentity = z.strictObject({
  kind: z.enum(DEVICE_KINDS).nullable(),
  /** Id of the vendor profile by which it was read. */
  profile: known(100),
  vendor: known(200),
  model: known(200),
  serial: known(200),
  osVersion: known(200),
  engineId: hex.nullable(),
  /** Smallest address of its own hardware, or what it calls its base address. */
  baseMac: mac.nullable(),
  sysObjectId: oid.nullable(),
  sysName: known(255),
  sysDescr: known(1_024),
  sysLocation: known(255),
  sysContact: known(255),
  /** It is a recording that is played: every screen must say so. */
  simulated: z.boolean(),
})
export type DeviceIdentity = z.output<typeof deviceIdentity>

export const foundInterface = z.strictObject({
  /** Value of the label `device` of its samples: its name, made unique within the device. */
  device: z.string().min(1).max(200),
  /** ifIndex: it may be another one after the next boot. */
  index: z.int().min(0).max(4_294_967_295),
  /** What the operator of the device wrote on it (ifAlias); "" for nothing. */
  alias: text(255),
  /** IANAifType: 6 is ethernet. */
  type: z.int().min(0).max(65_535),
  /** Bits a second; null where the device says 0 or nothing. */
  speedBps: z.number().positive().nullable(),
  mac: mac.nullable(),
  /** With their prefix: "192.0.2.1/24". */
  addresses: z.array(text(60)).max(50),
  /** Which counters it has. */
  counters: z.enum(['64-bit', '32-bit', 'none']),
})
export type FoundInterface = z.output<typeof foundInterface>

export const foundNeighbour = z.strictObject({
  protocol: z.enum(NEIGHBOUR_PROTOCOLS),
  /** Own interface behind which it is; null when the device does not say. */
  device: known(200),
  /** By name, else by chassis. */
  name: z.string().min(1).max(255),
  /** Its interface on the other end. */
  port: known(255),
  address: known(60),
  platform: known(255),
})
export type FoundNeighbour = z.output<typeof foundNeighbour>

export const foundSensor = z.strictObject({
  /** Value of the label `sensor` of its samples. */
  sensor: z.string().min(1).max(200),
  kind: z.enum(SENSOR_KINDS),
})
export type FoundSensor = z.output<typeof foundSensor>

/** All that was found of one device at one moment: what is not in it any more is gone. */
export const discovery = z.strictObject({
  at: instant,
  subject: recordId,
  identity: deviceIdentity,
  interfaces: z.array(foundInterface).max(SNMP_LIMITS.interfaces),
  neighbours: z.array(foundNeighbour).max(SNMP_LIMITS.neighbours),
  sensors: z.array(foundSensor).max(SNMP_LIMITS.sensors),
  notOffered: z.array(z.enum(FIGURES)).max(FIGURES.length),
})
export type Discovery = z.output<typeof discovery>

export const wireEvent = z.strictObject({
  at: instant,
  /** The device that it happened to, when that is not the agent's own. */
  subject: recordId.optional(),
  kind: z.enum(WIRE_EVENTS),
  /** Which part: the interface by its label, the OID of a trap that nobody knows; "" for the whole. */
  part: text(255),
})
export type WireEvent = z.output<typeof wireEvent>

/** How one credential fared; a round trip says that it works. */
const trial = z.strictObject({
  credentialId: recordId,
  trouble: z.enum(SNMP_TROUBLES).nullable(),
  roundTripMs: z.number().min(0).max(600_000).nullable(),
})

export const snmpTested = z.strictObject({
  outcome: z.literal('snmp-tested'),
  /** Whether the address answers an echo; null when this machine can't send one. */
  pinged: z.boolean().nullable(),
  /** In the order in which they were tried, up to the first that works. */
  trials: z.array(trial).max(SNMP_LIMITS.credentials),
  /** By the first credential that works. */
  found: z.strictObject({ credentialId: recordId, identity: deviceIdentity, interfaces: z.int().min(0) }).nullable(),
})
export type SnmpTested = z.output<typeof snmpTested>

/** How far a sweep is; each word holds all that was found until then. */
export const discovered = z.strictObject({
  outcome: z.literal('discovered'),
  finished: z.boolean(),
  asked: z.int().min(0).max(SNMP_LIMITS.addresses),
  total: z.int().min(0).max(SNMP_LIMITS.addresses),
  found: z
    .array(z.strictObject({ address: deviceAddress, credentialId: recordId, identity: deviceIdentity }))
    .max(SNMP_LIMITS.addresses),
})
export type Discovered = z.output<typeof discovered>
