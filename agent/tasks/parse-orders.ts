import { SNMP_LIMITS } from '../../protocol/snmp-words.ts'
import type { AgentOrders, Task, TaskOrder } from '../../protocol/tasks.ts'
import { MOST_TASKS, TASK_LIMITS } from '../../protocol/wire.ts'
import { parseAssignments } from '../assignments/parse-assignments.ts'
import {
  exactly,
  type Fields,
  isAddress,
  isId,
  isPort,
  isWhole,
  listOf,
  parseOfferedCredential,
} from '../assignments/parse-snmp.ts'

// By hand and as strict as the schemas in protocol/tasks.ts, which would cost the agent 19 MB. A test holds both
// against each other.

const parseAddress = (value: unknown): string | undefined => (isAddress(value) ? value : undefined)

function parsePing({ address, count, by }: Fields): TaskOrder | undefined {
  if (!isAddress(address) || !isWhole(count, [1, TASK_LIMITS.count])) return undefined
  if (exactly(by, ['method'])?.method === 'icmp') return { kind: 'ping', address, count, by: { method: 'icmp' } }
  const tcp = exactly(by, ['method', 'port'])
  if (tcp?.method !== 'tcp' || !isPort(tcp.port)) return undefined
  return { kind: 'ping', address, count, by: { method: 'tcp', port: tcp.port } }
}

/** How every question by SNMP is asked. */
function parseAsking({ port, timeoutMs, retries, credentials: offered }: Fields) {
  const credentials = listOf(offered, [1, SNMP_LIMITS.credentials], parseOfferedCredential)
  if (credentials === undefined || !isPort(port)) return undefined
  if (!isWhole(timeoutMs, SNMP_LIMITS.timeoutMs) || !isWhole(retries, SNMP_LIMITS.retries)) return undefined
  return { port, timeoutMs, retries, credentials }
}

const FIELDS: Record<TaskOrder['kind'], readonly string[]> = {
  ping: ['kind', 'address', 'count', 'by'],
  'refresh-facts': ['kind'],
  rediscover: ['kind', 'deviceId'],
  'snmp-test': ['kind', 'address', 'port', 'timeoutMs', 'retries', 'credentials'],
  discover: ['kind', 'addresses', 'port', 'perSecond', 'timeoutMs', 'retries', 'credentials'],
}

function parseOrder(value: unknown): TaskOrder | undefined {
  for (const names of Object.values(FIELDS)) {
    const fields = exactly(value, names)
    if (fields === undefined || names !== FIELDS[fields.kind as TaskOrder['kind']]) continue
    const kind = fields.kind as TaskOrder['kind']
    if (kind === 'ping') return parsePing(fields)
    if (kind === 'refresh-facts') return { kind }
    if (kind === 'rediscover') return isId(fields.deviceId) ? { kind, deviceId: fields.deviceId } : undefined
    const asking = parseAsking(fields)
    if (asking === undefined) return undefined
    if (kind === 'snmp-test')
      return isAddress(fields.address) ? { kind, address: fields.address, ...asking } : undefined
    const { perSecond } = fields
    const addresses = listOf(fields.addresses, [1, SNMP_LIMITS.addresses], parseAddress)
    if (addresses === undefined || !isWhole(perSecond, SNMP_LIMITS.perSecond)) return undefined
    return { kind, addresses, perSecond, ...asking }
  }
  return undefined
}

function parseTask(value: unknown): Task | undefined {
  const fields = exactly(value, ['id', 'order'])
  const order = parseOrder(fields?.order)
  return order === undefined || !isId(fields?.id) ? undefined : { id: fields.id, order }
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
  if (fields === undefined || !isWhole(fields.revision, [0, Number.MAX_SAFE_INTEGER])) return undefined
  const assignments = parseAssignments(fields.assignments)
  const tasks = listOf(fields.tasks, [0, MOST_TASKS], parseTask)
  if (assignments === undefined || tasks === undefined) return undefined
  return { revision: fields.revision, assignments, tasks }
}
