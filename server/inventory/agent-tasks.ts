// What agents are to do, in memory: a task that nobody fetched within a minute is of no use to the person who asked.
import type { AgentOrders, Task, TaskOrder, TaskResult, TaskView } from '../../protocol/tasks.ts'
import { MOST_TASKS } from '../../protocol/wire.ts'
import { newId } from '../platform/ids.ts'
import { ProblemError } from '../platform/problem-error.ts'

export type AgentTasks = {
  /** Errors: `too-many-requests` while this agent has enough to do. */
  ask(agentId: string, order: TaskOrder, at: number): TaskView
  /** What there is for this agent, as soon as there is something; nothing after `waitMs`, or when `signal` ends it. */
  wait(agentId: string, asked: { after: number; waitMs: number }, signal: AbortSignal): Promise<AgentOrders>
  /** Errors: `not-found` for a task that is not this agent's, `wrong-state` for one that was answered or has expired. */
  answer(agentId: string, taskId: string, result: TaskResult, at: number): void
  /** Errors: `not-found`. */
  read(taskId: string, at: number): TaskView
  /** Answers all who wait with nothing. */
  close(): void
}

type Kept = { task: Task; agentId: string; askedAt: number; fetchedAt: number | null; result: TaskResult | null }

const FETCHED_WITHIN_MS = 60_000
const ANSWERED_WITHIN_MS = 90_000
const KEPT_FOR_MS = 15 * 60_000
/** Assignments have no content yet, so they never change. */
const REVISION = 0

export function createAgentTasks(deps: { now: () => number }): AgentTasks {
  const kept = new Map<string, Kept>()
  const waiting = new Map<string, Set<() => void>>()

  const stateOf = ({ result, fetchedAt, askedAt }: Kept, at: number): TaskView['state'] => {
    if (result !== null) return 'answered'
    if (fetchedAt !== null) return at - fetchedAt > ANSWERED_WITHIN_MS ? 'expired' : 'fetched'
    return at - askedAt > FETCHED_WITHIN_MS ? 'expired' : 'waiting'
  }
  const viewOf = (one: Kept, at: number): TaskView => ({
    ...{ id: one.task.id, agentId: one.agentId, order: one.task.order },
    ...{ state: stateOf(one, at), result: one.result },
  })
  const openFor = (agentId: string, at: number): Kept[] =>
    [...kept.values()].filter(one => one.agentId === agentId && stateOf(one, at) === 'waiting')

  const take = (agentId: string): AgentOrders => {
    const at = deps.now()
    const tasks = openFor(agentId, at).slice(0, MOST_TASKS)
    for (const one of tasks) one.fetchedAt = at
    return { revision: REVISION, assignments: {}, tasks: tasks.map(({ task }) => task) }
  }

  return {
    ask(agentId, order, at) {
      for (const [id, one] of kept) if (at - one.askedAt > KEPT_FOR_MS) kept.delete(id)
      if (openFor(agentId, at).length >= MOST_TASKS) {
        throw new ProblemError('too-many-requests', 'This agent has enough to do', { retryAfterS: 10 })
      }
      const one: Kept = { task: { id: newId(at), order }, agentId, askedAt: at, fetchedAt: null, result: null }
      kept.set(one.task.id, one)
      for (const wake of waiting.get(agentId) ?? []) wake()
      return viewOf(one, at)
    },

    async wait(agentId, { after, waitMs }, signal) {
      const mayAnswer = (): boolean => after !== REVISION || openFor(agentId, deps.now()).length > 0
      if (!mayAnswer() && waitMs > 0 && !signal.aborted) {
        await new Promise<void>(resolve => {
          const waiters = waiting.get(agentId) ?? new Set()
          waiting.set(agentId, waiters)
          const timer = setTimeout(done, waitMs)
          function done(): void {
            clearTimeout(timer)
            signal.removeEventListener('abort', done)
            waiters.delete(done)
            if (waiters.size === 0) waiting.delete(agentId)
            resolve()
          }
          waiters.add(done)
          signal.addEventListener('abort', done, { once: true })
        })
      }
      // A connection that is gone must not take tasks with it.
      return signal.aborted ? { revision: REVISION, assignments: {}, tasks: [] } : take(agentId)
    },

    answer(agentId, taskId, result, at) {
      const one = kept.get(taskId)
      if (one === undefined || one.agentId !== agentId) {
        throw new ProblemError('not-found', 'There is no task with this id for this agent')
      }
      if (stateOf(one, at) !== 'fetched') throw new ProblemError('wrong-state', 'This task is closed')
      one.result = result
    },

    read(taskId, at) {
      const one = kept.get(taskId)
      if (one === undefined) throw new ProblemError('not-found', 'There is no task with this id')
      return viewOf(one, at)
    },

    close() {
      for (const waiters of [...waiting.values()]) for (const wake of [...waiters]) wake()
    },
  }
}
