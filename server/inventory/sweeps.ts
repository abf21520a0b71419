// Sweeps of address ranges as they are kept: a restart of the collector or of an agent loses nothing that was found.
import type { SweepView } from '../../protocol/device-calls.ts'
import type { Discovered } from '../../protocol/snmp.ts'
import { SNMP_LIMITS } from '../../protocol/snmp-words.ts'
import { type TaskRequest, type TaskResult, type TaskView, taskRequest } from '../../protocol/tasks.ts'
import { ProblemError } from '../platform/problem-error.ts'
import type { Records, RecordsTransaction } from '../stores/records/records.ts'
import type { Tables } from '../stores/records/schema.ts'
import { addressesOf } from './address-ranges.ts'
import { type AgentTasks, ANSWERED_WITHIN_MS } from './agent-tasks.ts'

export type SweepRequest = Extract<TaskRequest, { kind: 'discover' }>
type SweepRow = Tables['sweep']

const KEPT_FOR_MS = 90 * 86_400_000
const MOST_SHOWN = 10

/** Takes a sweep up that an agent was just asked for; other tasks are none. Those of long ago are forgotten. */
export async function keepSweep(tx: RecordsTransaction, task: TaskView, at: number): Promise<void> {
  if (task.order.kind !== 'discover') return
  await tx
    .deleteFrom('sweep')
    .where('asked_at', '<', at - KEPT_FOR_MS)
    .execute()
  const total = addressesOf(task.order.ranges, SNMP_LIMITS.addresses).length
  await tx
    .insertInto('sweep')
    .values({
      ...{ id: task.id, task_id: task.id, agent_id: task.agentId, request: JSON.stringify(task.order) },
      ...{ asked_at: at, heard_at: at, ended_at: null, asked_before: 0, asked: 0, total, found: '[]' },
    })
    .execute()
}

/**
 * What an agent says of a task. A word of a sweep is kept, also one that came after the collector forgot the task: agents
 * live longer than collectors. Errors: `not-found`, `wrong-state`.
 */
export async function answerTask(
  deps: { records: Records; agentTasks: AgentTasks },
  { agentId, taskId, result }: { agentId: string; taskId: string; result: TaskResult },
  at: number,
): Promise<void> {
  if (result.outcome !== 'discovered') return deps.agentTasks.answer(agentId, taskId, result, at)
  const isKept = await keepWord(deps.records, { agentId, taskId, word: result }, at)
  try {
    deps.agentTasks.answer(agentId, taskId, result, at)
  } catch (error) {
    if (!isKept) throw error
  }
}

async function keepWord(
  records: Records,
  { agentId, taskId, word }: { agentId: string; taskId: string; word: Discovered },
  at: number,
): Promise<boolean> {
  const row = await records
    .selectFrom('sweep')
    .select(['id', 'found', 'asked_before', 'total'])
    .where('task_id', '=', taskId)
    .where('agent_id', '=', agentId)
    .where('ended_at', 'is', null)
    .executeTakeFirst()
  if (row === undefined) return false
  const found = new Map([...foundOf(row), ...word.found].map(one => [one.address, one]))
  await records
    .updateTable('sweep')
    .set({
      ...{ heard_at: at, found: JSON.stringify([...found.values()]) },
      asked: Math.min(row.asked_before + word.asked, row.total),
      ended_at: word.finished ? at : null,
    })
    .where('id', '=', row.id)
    .execute()
  return true
}

/** Our own JSON, written above from what the wire's schema let through. */
export const foundOf = ({ found }: Pick<SweepRow, 'found'>): Discovered['found'] => JSON.parse(found)

export function requestOf({ request }: Pick<SweepRow, 'request'>): SweepRequest {
  const read = taskRequest.parse(JSON.parse(request))
  if (read.kind !== 'discover') throw new Error('this is no request of a sweep')
  return read
}

export function stateOf(row: Pick<SweepRow, 'ended_at' | 'heard_at'>, at: number): SweepView['state'] {
  if (row.ended_at !== null) return 'finished'
  return at - row.heard_at > ANSWERED_WITHIN_MS ? 'interrupted' : 'running'
}

/** A task as it stands; of a sweep all that was found, also by tasks before it and before a restart. Errors: `not-found`. */
export async function readTask(
  { records, agentTasks }: { records: Records; agentTasks: AgentTasks },
  taskId: string,
  at: number,
): Promise<TaskView> {
  const row = await records.selectFrom('sweep').selectAll().where('task_id', '=', taskId).executeTakeFirst()
  if (row === undefined) return agentTasks.read(taskId, at)
  const state = stateOf(row, at)
  const { asked, total } = row
  const result: Discovered = {
    outcome: 'discovered',
    finished: state === 'finished',
    asked,
    total,
    found: foundOf(row),
  }
  const live = inMemory(agentTasks, taskId, at)
  // What went wrong before there was anything to keep is the agent's own answer.
  if (live?.result && live.result.outcome !== 'discovered') return live
  if (live?.state === 'waiting' && asked === 0) return live
  const states = { finished: 'answered', interrupted: 'expired', running: 'fetched' } as const
  return { id: taskId, agentId: row.agent_id, order: requestOf(row), state: states[state], result }
}

function inMemory(agentTasks: AgentTasks, taskId: string, at: number): TaskView | undefined {
  try {
    return agentTasks.read(taskId, at)
  } catch (error) {
    if (error instanceof ProblemError && error.code === 'not-found') return undefined
    throw error
  }
}

/** The newest, without what each found: that is with its task. */
export async function listSweeps(records: Records, at: number): Promise<SweepView[]> {
  const rows = await records.selectFrom('sweep').selectAll().orderBy('asked_at', 'desc').limit(MOST_SHOWN).execute()
  return rows.map(row => ({
    ...{ taskId: row.task_id, agentId: row.agent_id, request: requestOf(row), askedAt: row.asked_at },
    ...{ state: stateOf(row, at), asked: row.asked, total: row.total, found: foundOf(row).length },
  }))
}
