import { describe, expect, it } from 'vitest'
import { createAgentTasks } from '../../../server/inventory/agent-tasks.ts'

const ORDER = { kind: 'refresh-facts' } as const
const [ONE, OTHER] = ['01900000-0000-7000-8000-00000000000a', '01900000-0000-7000-8000-00000000000b']

function setUp() {
  let ms = 1_000_000
  const tasks = createAgentTasks({ now: () => ms })
  const pass = (more: number): number => {
    ms += more
    return ms
  }
  const fetch = (agentId: string, waitMs = 0, signal = new AbortController().signal) =>
    tasks.wait(agentId, { after: 0, waitMs }, signal)
  return { tasks, pass, fetch, now: () => ms }
}

describe('tasks of agents', () => {
  it('reach the agent that waits at once, once, and only that one', async () => {
    const { tasks, fetch, now } = setUp()
    const [waiting, elsewhere] = [fetch(ONE, 60_000), fetch(OTHER, 60_000)]
    const { id, state } = tasks.ask(ONE, ORDER, now())
    expect(state).toBe('waiting')
    expect((await waiting).tasks).toEqual([{ id, order: ORDER }])
    expect((await fetch(ONE)).tasks).toEqual([])
    expect(tasks.read(id, now()).state).toBe('fetched')
    tasks.close()
    expect((await elsewhere).tasks).toEqual([])
  })

  it('are answered once, by their own agent, in time', async () => {
    const { tasks, fetch, pass, now } = setUp()
    const { id } = tasks.ask(ONE, ORDER, now())
    expect(() => tasks.answer(ONE, id, { outcome: 'done' }, now())).toThrow('closed')
    await fetch(ONE)
    expect(() => tasks.answer(OTHER, id, { outcome: 'done' }, now())).toThrow('no task')
    tasks.answer(ONE, id, { outcome: 'done' }, now())
    expect(tasks.read(id, now())).toMatchObject({ state: 'answered', result: { outcome: 'done' } })
    expect(() => tasks.answer(ONE, id, { outcome: 'done' }, now())).toThrow('closed')

    const late = tasks.ask(ONE, ORDER, now()).id
    await fetch(ONE)
    expect(() => tasks.answer(ONE, late, { outcome: 'done' }, pass(91_000))).toThrow('closed')
    expect(tasks.read(late, now()).state).toBe('expired')
  })

  it('that nobody came for in a minute are not done any more', async () => {
    const { tasks, fetch, pass, now } = setUp()
    const { id } = tasks.ask(ONE, ORDER, now())
    pass(61_000)
    expect(tasks.read(id, now()).state).toBe('expired')
    expect((await fetch(ONE)).tasks).toEqual([])
  })

  it('are not taken along by a connection that is gone', async () => {
    const { tasks, fetch, now } = setUp()
    const gone = new AbortController()
    const waiting = fetch(ONE, 60_000, gone.signal)
    gone.abort()
    expect((await waiting).tasks).toEqual([])
    const { id } = tasks.ask(ONE, ORDER, now())
    expect((await fetch(ONE)).tasks.map(task => task.id)).toEqual([id])
  })

  it('are bounded: an agent can be given ten at a time', () => {
    const { tasks, now } = setUp()
    for (let count = 0; count < 10; count += 1) tasks.ask(ONE, ORDER, now())
    expect(() => tasks.ask(ONE, ORDER, now())).toThrow('enough to do')
    expect(tasks.ask(OTHER, ORDER, now()).state).toBe('waiting')
  })
})
