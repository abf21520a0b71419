// The closed list of what a collector can ask of an agent. There is no command line in it, no path and no name that an
// agent would look up: only addresses and small numbers. What is not on this list, an agent does not do.
import { z } from 'zod'
import { recordId } from './shapes.ts'
import { LONGEST_WAIT_S, MOST_TASKS, TASK_LIMITS } from './wire.ts'

const address = z.union([z.ipv4(), z.ipv6()])

/** What a person may ask for. */
export const taskOrder = z.discriminatedUnion('kind', [
  /** ICMP echoes, or connections to a TCP port. */
  z.strictObject({
    kind: z.literal('ping'),
    address,
    count: z.int().min(1).max(TASK_LIMITS.count).default(3),
    by: z.discriminatedUnion('method', [
      z.strictObject({ method: z.literal('icmp') }),
      z.strictObject({ method: z.literal('tcp'), port: z.int().min(1).max(65_535) }),
    ]),
  }),
  /** Reads the slowly changing truths about its machine again now. */
  z.strictObject({ kind: z.literal('refresh-facts') }),
])
export type TaskOrder = z.output<typeof taskOrder>

export const task = z.strictObject({ id: recordId, order: taskOrder })
export type Task = z.output<typeof task>

/** Answer to the long poll: what an agent is to do. `assignments` is where pollers will find their targets. */
export const agentOrders = z.strictObject({
  revision: z.int().min(0),
  assignments: z.strictObject({}),
  tasks: z.array(task).max(MOST_TASKS),
})
export type AgentOrders = z.output<typeof agentOrders>

export const ordersQuery = z.strictObject({
  /** The revision of the assignments that the agent has; another one is answered at once. */
  after: z.coerce.number().int().min(0).default(0),
  waitS: z.coerce.number().int().min(0).max(LONGEST_WAIT_S).default(0),
})

export const taskResult = z.discriminatedUnion('outcome', [
  z.strictObject({
    outcome: z.literal('pinged'),
    sent: z.int().min(1).max(TASK_LIMITS.count),
    /** Of those that came back, in milliseconds. */
    roundTripsMs: z.array(z.number().min(0).max(60_000)).max(TASK_LIMITS.count),
  }),
  z.strictObject({ outcome: z.literal('done') }),
  /** This machine cannot do that. */
  z.strictObject({ outcome: z.literal('not-offered'), reason: z.string().max(TASK_LIMITS.reason) }),
  z.strictObject({ outcome: z.literal('failed'), reason: z.string().max(TASK_LIMITS.reason) }),
])
export type TaskResult = z.output<typeof taskResult>

export const taskView = z.strictObject({
  id: recordId,
  agentId: recordId,
  order: taskOrder,
  /** `expired`: the agent did not come for it, or did not answer, in time. */
  state: z.enum(['waiting', 'fetched', 'answered', 'expired']),
  result: taskResult.nullable(),
})
export type TaskView = z.output<typeof taskView>
