// What agents are to do, in memory: a task that nobody fetched within a minute is of no use to the person who asked.
import { ASSIGNMENT_LISTS, type AssignmentList } from '../../protocol/snmp-words.ts'
import type { AgentOrders, Task, TaskOrder, TaskRequest, TaskResult, TaskView } from '../../protocol/tasks.ts'
import { MOST_TASKS } from '../../protocol/wire.ts'
import { newId } from '../platform/ids.ts'
import { ProblemError } from '../platform/problem-error.ts'
import type { AssignmentBook } from './assignments.ts'

export type AgentTasks = {
  /**
   * `order` is what the agent gets, with the secrets that belong to the request; they are forgotten with the answer.
   * Errors: `too-many-requests` while this agent has enough to do.
   */
  ask(agentId: string, request: TaskRequest, order: TaskOrder, at: number): TaskView
  /**
   * What there is for this agent, as soon as there is something (a task, or other assignments than `after`); nothing after
   * `waitMs`, or when `signal` ends it. `lists` are the ones that the agent knows.
   */
  wait(
    agentId: string,
    asked: { after: number; waitMs: number; lists: readonly AssignmentList[] },
    signal: AbortSignal,
  ): Promise<AgentOrders>
  /** Errors: `not-found` for a task that is not this agent's, `wrong-state` for one that was answered or has expired. */
  answer(agentId: string, taskId: string, result: TaskResult, at: number): void
  /** Errors: `not-found`. */
  read(taskId: string, at: number): TaskView
  /** Answers all who wait with nothing. */
  close(): void
}

type Kept = {
  id: string
  request: TaskRequest
  /** Null once it was given away. */
  order: TaskOrder | null
  agentId: string
  askedAt: number
  fetchedAt: number | null
  heardAt: number | null
  result: TaskResult | null
}

const FETCHED_WITHIN_MS = 60_000
/** Also between two words of a sweep. */
export const ANSWERED_WITHIN_MS = 90_000
const KEPT_FOR_MS = 15 * 60_000
const TOO_OLD: TaskResult = { outcome: 'not-offered', reason: 'this agent is too old for SNMP: upgrade it first' }

/** Names that this collector does not know are passed over. */
export const knownLists = (text: string | undefined): AssignmentList[] =>
  ASSIGNMENT_LISTS.filter(name => text?.split(',').includes(name))

const needsSnmp = ({ kind }: TaskRequest): boolean => kind !== 'ping' && kind !== 'refresh-facts'
const isFinal = (result: TaskResult | null): boolean =>
  result !== null && (result.outcome !== 'discovered' || result.finished)

export function createAgentTasks(deps: {
  assignments: Pick<AssignmentBook, 'of' | 'onChange'>
  now: () => number
}): AgentTasks {
  const kept = new Map<string, Kept>()
  const waiting = new Map<string, Set<() => void>>()
  deps.assignments.onChange(agentId => {
    const woken = agentId === null ? [...waiting.values()].flatMap(waiters => [...waiters]) : waiting.get(agentId)
    for (const wake of [...(woken ?? [])]) wake()
  })

  const stateOf = ({ result, fetchedAt, heardAt, askedAt }: Kept, at: number): TaskView['state'] => {
    if (isFinal(result)) return 'answered'
    if (fetchedAt !== null) return at - (heardAt ?? fetchedAt) > ANSWERED_WITHIN_MS ? 'expired' : 'fetched'
    return at - askedAt > FETCHED_WITHIN_MS ? 'expired' : 'waiting'
  }
  const viewOf = (one: Kept, at: number): TaskView => ({
    ...{ id: one.id, agentId: one.agentId, order: one.request },
    ...{ state: stateOf(one, at), result: one.result },
  })
  const openFor = (agentId: string, at: number): Kept[] =>
    [...kept.values()].filter(one => one.agentId === agentId && stateOf(one, at) === 'waiting')

  const take = (agentId: string, lists: readonly AssignmentList[]): Task[] => {
    const at = deps.now()
    const tasks: Task[] = []
    for (const one of openFor(agentId, at).slice(0, MOST_TASKS)) {
      const { order } = one
      one.fetchedAt = at
      one.order = null
      if (order !== null && needsSnmp(one.request) && !lists.includes('snmp')) one.result = TOO_OLD
      else if (order !== null) tasks.push({ id: one.id, order })
    }
    return tasks
  }

  /** Resolves when somebody has something for this agent, after `waitMs`, or when it is gone. */
  const news = (agentId: string, waitMs: number, signal: AbortSignal): Promise<void> =>
    new Promise(resolve => {
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

  return {
    ask(agentId, request, order, at) {
      for (const [id, one] of kept) if (at - one.askedAt > KEPT_FOR_MS) kept.delete(id)
      if (openFor(agentId, at).length >= MOST_TASKS) {
        throw new ProblemError('too-many-requests', 'This agent has enough to do', { retryAfterS: 10 })
      }
      const times = { askedAt: at, fetchedAt: null, heardAt: null }
      const one: Kept = { id: newId(at), request, order, agentId, ...times, result: null }
      kept.set(one.id, one)
      for (const wake of waiting.get(agentId) ?? []) wake()
      return viewOf(one, at)
    },

    async wait(agentId, { after, waitMs, lists }, signal) {
      let assigned = await deps.assignments.of(agentId, lists)
      const hasNews = (): boolean => after !== assigned.revision || openFor(agentId, deps.now()).length > 0
      if (!hasNews() && waitMs > 0 && !signal.aborted) {
        await news(agentId, waitMs, signal)
        assigned = await deps.assignments.of(agentId, lists)
      }
      const { revision } = assigned
      // A connection that is gone must not take tasks with it.
      if (signal.aborted) return { revision, assignments: {}, tasks: [] }
      const assignments = after === revision ? {} : assigned.assignments
      return { revision, assignments, tasks: take(agentId, lists) }
    },

    answer(agentId, taskId, result, at) {
      const one = kept.get(taskId)
      if (one === undefined || one.agentId !== agentId) {
        throw new ProblemError('not-found', 'There is no task with this id for this agent')
      }
      if (stateOf(one, at) !== 'fetched') throw new ProblemError('wrong-state', 'This task is closed')
      one.result = result
      one.heardAt = at
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
