import { isIP } from 'node:net'
import type { AgentOrders, Task, TaskOrder } from '../../protocol/tasks.ts'
import { MOST_TASKS, TASK_LIMITS } from '../../protocol/wire.ts'

// By hand and as strict as the schemas in protocol/tasks.ts, which would cost the agent 19 MB. A test holds both
// against each other.

type Fields = Record<string, unknown>

const ID = /^[0-9a-f]{8}-[0-9a-f]{4}-[1-8][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/i

/** The fields of an object that has exactly these. */
function exactly(value: unknown, names: readonly string[]): Fields | undefined {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined
  const keys = Object.keys(value)
  if (keys.length !== names.length || !names.every(name => Object.hasOwn(value, name))) return undefined
  return { ...value }
}

const isWhole = (value: unknown, least: number, most: number): value is number =>
  Number.isSafeInteger(value) && Number(value) >= least && Number(value) <= most

/** A plain IPv4 or IPv6 address: no name to look up, no zone, nothing that could be taken for an option. */
function isAddress(value: unknown): value is string {
  return typeof value === 'string' && isIP(value) !== 0 && !value.includes('%')
}

function parseOrder(value: unknown): TaskOrder | undefined {
  if (exactly(value, ['kind'])?.kind === 'refresh-facts') return { kind: 'refresh-facts' }
  const ping = exactly(value, ['kind', 'address', 'count', 'by'])
  if (ping?.kind !== 'ping') return undefined
  const { address, count, by } = ping
  if (!isAddress(address) || !isWhole(count, 1, TASK_LIMITS.count)) return undefined
  if (exactly(by, ['method'])?.method === 'icmp') return { kind: 'ping', address, count, by: { method: 'icmp' } }
  const tcp = exactly(by, ['method', 'port'])
  if (tcp?.method !== 'tcp' || !isWhole(tcp.port, 1, 65_535)) return undefined
  return { kind: 'ping', address, count, by: { method: 'tcp', port: tcp.port } }
}

function parseTask(value: unknown): Task | undefined {
  const fields = exactly(value, ['id', 'order'])
  const order = parseOrder(fields?.order)
  if (order === undefined || typeof fields?.id !== 'string' || !ID.test(fields.id)) return undefined
  return { id: fields.id, order }
}

/** The collector's answer, or undefined when any part of it is not on the closed list: then nothing of it is done. */
export function parseOrders(text: string): AgentOrders | undefined {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    return undefined
  }
  const fields = exactly(value, ['revision', 'assignments', 'tasks'])
  if (fields === undefined || !isWhole(fields.revision, 0, Number.MAX_SAFE_INTEGER)) return undefined
  if (exactly(fields.assignments, []) === undefined) return undefined
  if (!Array.isArray(fields.tasks) || fields.tasks.length > MOST_TASKS) return undefined
  const tasks = fields.tasks.map(parseTask)
  return tasks.every(one => one !== undefined) ? { revision: fields.revision, assignments: {}, tasks } : undefined
}
