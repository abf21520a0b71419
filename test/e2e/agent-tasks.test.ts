import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { call, rawCall, startCollector, type TestCollector, untilTrue } from '../support/collector.ts'

let collector: TestCollector

beforeAll(async () => {
  collector = await startCollector()
})
afterAll(async () => {
  await collector?.stop()
  collector?.cleanUp()
})

describe('what a person asks of an agent', () => {
  it('is done by the agent that holds its line open, and stands in the audit log', async () => {
    const agent = await untilTrue('the NOC agent', 60_000, async () => (await call(collector, 'agents')).agents[0])
    const order = {
      ...({ kind: 'ping', address: '127.0.0.1', count: 2 } as const),
      by: { method: 'tcp', port: collector.port } as const,
    }
    const { id } = await call(collector, 'askAgent', { params: { id: agent.id }, body: { order } })
    const done = await untilTrue('the answer', 60_000, async () => {
      const task = await call(collector, 'agentTask', { params: { id } })
      return task.state === 'answered' ? task : null
    })
    expect(done.result).toMatchObject({ outcome: 'pinged', sent: 2 })
    const { entries } = await call(collector, 'audit', { query: {} })
    expect(entries.find(entry => entry.action === 'agent.ask')).toMatchObject({ subject: agent.id })
  })

  it('is refused when it is not on the closed list', async () => {
    const agent = (await call(collector, 'agents')).agents[0]
    for (const order of [
      { kind: 'exec', command: 'id' },
      { kind: 'ping', address: 'example.org', count: 1 },
    ]) {
      const refused = await rawCall(collector, 'askAgent', { params: { id: agent?.id ?? '' }, body: { order } })
      expect(refused.status).toBe(400)
    }
  })

  it('is told to no one without the key of an agent', async () => {
    expect((await rawCall(collector, 'agentOrders', { token: null })).status).toBe(401)
    expect((await rawCall(collector, 'agentOrders')).status).toBe(401)
  })
})
