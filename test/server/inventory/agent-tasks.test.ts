import { describe, expect, it } from 'vitest'
import { createAgentTasks } from '../../../server/inventory/agent-tasks.ts'

const ORDER = { kind: 'refresh-facts' } as const
const [ONE, OTHER] = ['01900000-0000-7000-8000-00000000000a', '01900000-0000-7000-8000-00000000000b']

function setUp() {
  let ms = 1_000_000
  let assigned = { revision: 7, assignments: { snmp: [] } }
  const told: ((agentId: string | null) => void)[] = []
  const tasks = createAgentTasks({
    assignments: {
      of: async (_agentId, lists) => (lists.length === 0 ? { revision: 0, assignments: {} } : assigned),
      onChange: listen => void told.push(listen),
    },
    now: () => ms,
  })
  const assign = (revision: number): void => {
    assigned = { ...assigned, revision }
    for (const tell of told) tell(ONE)
  }
  const pass = (more: number): number => {
    ms += more
    return ms
  }
  const fetch = (agentId: string, waitMs = 0, signal = new AbortController().signal) =>
    tasks.wait(agentId, { after: 0, waitMs, lists: [] }, signal)
  const ask = (agentId: string) => tasks.ask(agentId, ORDER, ORDER, ms)
  return { tasks, pass, fetch, ask, assign, now: () => ms }
}

describe('tasks of agents', () => {
  it('reach the agent that waits at once, once, and only that one', async () => {
    const { tasks, fetch, ask, now } = setUp()
    const [waiting, elsewhere] = [fetch(ONE, 60_000), fetch(OTHER, 60_000)]
    const { id, state } = ask(ONE)
    expect(state).toBe('waiting')
    expect((await waiting).tasks).toEqual([{ id, order: ORDER }])
    expect((await fetch(ONE)).tasks).toEqual([])
    expect(tasks.read(id, now()).state).toBe('fetched')
    tasks.close()
    expect((await elsewhere).tasks).toEqual([])
  })

  it('are answered once, by their own agent, in time', async () => {
    const { tasks, fetch, ask, pass, now } = setUp()
    const { id } = ask(ONE)
    expect(() => tasks.answer(ONE, id, { outcome: 'done' }, now())).toThrow('closed')
    await fetch(ONE)
    expect(() => tasks.answer(OTHER, id, { outcome: 'done' }, now())).toThrow('no task')
    tasks.answer(ONE, id, { outcome: 'done' }, now())
    expect(tasks.read(id, now())).toMatchObject({ state: 'answered', result: { outcome: 'done' } })
    expect(() => tasks.answer(ONE, id, { outcome: 'done' }, now())).toThrow('closed')

    const late = ask(ONE).id
    await fetch(ONE)
    expect(() => tasks.answer(ONE, late, { outcome: 'done' }, pass(91_000))).toThrow('closed')
    expect(tasks.read(late, now()).state).toBe('expired')
  })

  it('that nobody came for in a minute are not done any more', async () => {
    const { tasks, fetch, ask, pass, now } = setUp()
    const { id } = ask(ONE)
    pass(61_000)
    expect(tasks.read(id, now()).state).toBe('expired')
    expect((await fetch(ONE)).tasks).toEqual([])
  })

  it('are not taken along by a connection that is gone', async () => {
    const { fetch, ask } = setUp()
    const gone = new AbortController()
    const waiting = fetch(ONE, 60_000, gone.signal)
    gone.abort()
    expect((await waiting).tasks).toEqual([])
    const { id } = ask(ONE)
    expect((await fetch(ONE)).tasks.map(task => task.id)).toEqual([id])
  })

  it('bring assignments along: all of them when they are others than the agent has, else none', async () => {
    const { tasks, assign } = setUp()
    const ask = (after: number, waitMs = 0) =>
      tasks.wait(ONE, { after, waitMs, lists: ['snmp'] }, new AbortController().signal)
    expect(await ask(0)).toEqual({ revision: 7, assignments: { snmp: [] }, tasks: [] })
    expect(await ask(7)).toEqual({ revision: 7, assignments: {}, tasks: [] })
    const held = ask(7, 60_000)
    setImmediate(() => assign(8))
    expect(await held).toEqual({ revision: 8, assignments: { snmp: [] }, tasks: [] })
  })

  it('by SNMP are not given to an agent that does not know the list, and this is their answer', async () => {
    const { tasks, fetch, now } = setUp()
    const request = { kind: 'rediscover', deviceId: OTHER } as const
    const { id } = tasks.ask(ONE, request, request, now())
    expect((await fetch(ONE)).tasks).toEqual([])
    expect(tasks.read(id, now())).toMatchObject({ state: 'answered', result: { outcome: 'not-offered' } })
  })

  it('stay open while a sweep tells how far it is', async () => {
    const { tasks, pass, now } = setUp()
    const request = { kind: 'rediscover', deviceId: OTHER } as const
    const { id } = tasks.ask(ONE, request, request, now())
    await tasks.wait(ONE, { after: 7, waitMs: 0, lists: ['snmp'] }, new AbortController().signal)
    const sweep = (asked: number) => ({ outcome: 'discovered' as const, asked, total: 3, found: [] })
    for (const asked of [1, 2]) tasks.answer(ONE, id, { ...sweep(asked), finished: false }, pass(80_000))
    expect(tasks.read(id, now())).toMatchObject({ state: 'fetched', result: { asked: 2 } })
    tasks.answer(ONE, id, { ...sweep(3), finished: true }, pass(80_000))
    expect(tasks.read(id, now()).state).toBe('answered')
    expect(() => tasks.answer(ONE, id, { ...sweep(3), finished: true }, now())).toThrow('closed')
  })

  it('are bounded: an agent can be given ten at a time', () => {
    const { ask } = setUp()
    for (let count = 0; count < 10; count += 1) ask(ONE)
    expect(() => ask(ONE)).toThrow('enough to do')
    expect(ask(OTHER).state).toBe('waiting')
  })
})
