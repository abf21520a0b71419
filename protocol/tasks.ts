// The closed list of what a collector can ask of an agent. There is no command line in it, no path and no name that an
// agent would look up: only addresses, small numbers and credentials. What is not on this list, an agent does not do.
import { z } from 'zod'
import { assignments } from './assignments.ts'
import { recordId } from './shapes.ts'
import {
  deviceAddress,
  discovered,
  offeredCredential,
  snmpRetries,
  snmpTested,
  snmpTimeoutMs,
  udpPort,
} from './snmp.ts'
import { SNMP_DEFAULTS, SNMP_LIMITS, SNMP_PORT } from './snmp-words.ts'
import { LONGEST_WAIT_S, MOST_TASKS, TASK_LIMITS } from './wire.ts'

/** ICMP echoes, or connections to a TCP port. */
const ping = z.strictObject({
  kind: z.literal('ping'),
  address: deviceAddress,
  count: z.int().min(1).max(TASK_LIMITS.count).default(3),
  by: z.discriminatedUnion('method', [
    z.strictObject({ method: z.literal('icmp') }),
    z.strictObject({ method: z.literal('tcp'), port: z.int().min(1).max(65_535) }),
  ]),
})
/** Reads the slowly changing truths about its machine again now. */
const refreshFacts = z.strictObject({ kind: z.literal('refresh-facts') })
/** Looks through a device that is assigned to this agent again, and delivers what it finds in a batch. */
const rediscover = z.strictObject({ kind: z.literal('rediscover'), deviceId: recordId })

const patience = {
  timeoutMs: snmpTimeoutMs.default(SNMP_DEFAULTS.timeoutMs),
  retries: snmpRetries.default(SNMP_DEFAULTS.retries),
}
const snmpTest = { kind: z.literal('snmp-test'), address: deviceAddress, port: udpPort.default(SNMP_PORT), ...patience }
const discover = {
  kind: z.literal('discover'),
  port: udpPort.default(SNMP_PORT),
  /** How many addresses are begun with in a second. */
  perSecond: z.int().min(1).max(SNMP_LIMITS.perSecond[1]).default(SNMP_DEFAULTS.perSecond),
  ...patience,
}
const credentials = z.array(offeredCredential).min(1).max(SNMP_LIMITS.credentials)
const addresses = z.array(deviceAddress).min(1).max(SNMP_LIMITS.addresses)

/** What an agent gets: credentials with their secrets, a range spelled out. Needs the list `snmp` but for the first two. */
export const taskOrder = z.discriminatedUnion('kind', [
  ping,
  refreshFacts,
  rediscover,
  /** Asks one device by each credential in turn, and says what is wrong. */
  z.strictObject({ ...snmpTest, credentials }),
  /** Asks many addresses; tells how far it is every few seconds, and goes on. */
  z.strictObject({ ...discover, credentials, addresses }),
])
export type TaskOrder = z.output<typeof taskOrder>

const credentialIds = z.array(recordId).min(1).max(SNMP_LIMITS.credentials)

/** What a person asks for: credentials by their ids, a range as people write it. */
export const taskRequest = z.discriminatedUnion('kind', [
  ping,
  refreshFacts,
  rediscover,
  z.strictObject({ ...snmpTest, credentialIds }),
  z.strictObject({
    ...discover,
    credentialIds,
    /** Addresses and subnets ("10.1.0.0/24"), at most 1024 addresses together. */
    ranges: z.array(z.string().min(1).max(60)).min(1).max(SNMP_LIMITS.addresses),
  }),
])
export type TaskRequest = z.output<typeof taskRequest>

export const task = z.strictObject({ id: recordId, order: taskOrder })
export type Task = z.output<typeof task>

/** Answer to the long poll: what an agent is to do. */
export const agentOrders = z.strictObject({
  /** Made from the content of the lists that the agent named, so it outlives restarts; 0 for an agent that named none. */
  revision: z.int().min(0),
  assignments,
  tasks: z.array(task).max(MOST_TASKS),
})
export type AgentOrders = z.output<typeof agentOrders>

export const ordersQuery = z.strictObject({
  /** The revision of the assignments that the agent has; another one is answered at once. */
  after: z.coerce.number().int().min(0).default(0),
  waitS: z.coerce.number().int().min(0).max(LONGEST_WAIT_S).default(0),
  /** Names of the lists that the agent knows, apart by commas; names that the collector does not know are no error. */
  lists: z
    .string()
    .max(500)
    .regex(/^[a-z-]+(,[a-z-]+)*$/)
    .optional(),
})

export const taskResult = z.discriminatedUnion('outcome', [
  z.strictObject({
    outcome: z.literal('pinged'),
    sent: z.int().min(1).max(TASK_LIMITS.count),
    /** Of those that came back, in milliseconds. */
    roundTripsMs: z.array(z.number().min(0).max(60_000)).max(TASK_LIMITS.count),
  }),
  z.strictObject({ outcome: z.literal('done') }),
  snmpTested,
  /** The only one that may come several times for one task, until it is finished. */
  discovered,
  /** This machine cannot do that. */
  z.strictObject({ outcome: z.literal('not-offered'), reason: z.string().max(TASK_LIMITS.reason) }),
  z.strictObject({ outcome: z.literal('failed'), reason: z.string().max(TASK_LIMITS.reason) }),
])
export type TaskResult = z.output<typeof taskResult>

export const taskView = z.strictObject({
  id: recordId,
  agentId: recordId,
  order: taskRequest,
  /** `expired`: the agent did not come for it, or did not answer, in time. */
  state: z.enum(['waiting', 'fetched', 'answered', 'expired']),
  /** Of a sweep also while it runs. */
  result: taskResult.nullable(),
})
export type TaskView = z.output<typeof taskView>
