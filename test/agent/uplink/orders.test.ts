import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { describe, expect, it, onTestFinished } from 'vitest'
import { systemClock } from '../../../agent/platform/clock.ts'
import { createHttpClient } from '../../../agent/uplink/http-client.ts'
import { startOrders } from '../../../agent/uplink/orders.ts'
import type { TaskOrder } from '../../../protocol/tasks.ts'
import { eventually } from '../support/eventually.ts'
import { createMemoryLog } from '../support/memory-log.ts'

const ID = '01900000-0000-7000-8000-000000000001'
const EMPTY = { revision: 0, assignments: {}, tasks: [] }

/** Asks a small collector that answers so; what it ran and what it answered. */
async function connect(answers: (number | object)[]) {
  const [asked, results, ran]: [string[], { url: string; body: string }[], TaskOrder[]] = [[], [], []]
  const server = createServer((request, response) => {
    let body = ''
    request.on('data', part => {
      body += part
    })
    request.on('end', () => {
      if (request.method === 'POST') {
        results.push({ url: request.url ?? '', body })
        return response.end('{}')
      }
      const answer = answers[asked.push(request.url ?? '') - 1]
      if (answer === undefined) return
      if (typeof answer === 'number') return response.writeHead(answer).end()
      response.end(JSON.stringify(answer))
    })
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  const client = createHttpClient({ collector: new URL(`http://127.0.0.1:${port}`) })
  const { log, lines } = createMemoryLog()
  const taken: number[] = []
  const orders = startOrders({
    ...{ get: client.get, post: client.post, key: 'key-of-agent', userAgent: 'test', clock: systemClock, log },
    ...{ longestBackOffMs: 100, firstAfterMs: 0, random: () => 0 },
    assignments: { revision: () => taken.at(-1) ?? 0, take: async revision => void taken.push(revision) },
    async run(order) {
      ran.push(order)
      return { outcome: 'done' }
    },
  })
  onTestFinished(async () => {
    await orders.stop()
    client.close()
    server.closeAllConnections()
    server.close()
  })
  return { asked, results, ran, lines, orders }
}

describe('orders', () => {
  it('are asked for with the revision that is known, done one after another, and answered', async () => {
    const order = { kind: 'refresh-facts' } as const
    const task = { id: ID, order }
    const { asked, results, ran } = await connect([{ ...EMPTY, revision: 4, tasks: [task, task] }, EMPTY])
    await eventually('both results', () => results.length === 2)
    expect(ran).toEqual([order, order])
    expect(results[0]).toEqual({ url: `/api/v1/agent/tasks/${ID}/result`, body: '{"result":{"outcome":"done"}}' })
    await eventually('the next question', () => asked.length > 1)
    expect(asked.slice(0, 2)).toEqual([
      '/api/v1/agent/assignments?after=0&waitS=55&lists=snmp,probes,upgrade',
      '/api/v1/agent/assignments?after=4&waitS=55&lists=snmp,probes,upgrade',
    ])
  })

  it('are not done at all when any of them is not on the list, which is said once', async () => {
    const good = { id: ID, order: { kind: 'refresh-facts' } }
    const { asked, ran, lines } = await connect([
      { ...EMPTY, tasks: [good, { id: ID, order: { kind: 'exec', command: 'id' } }] },
      { ...EMPTY, tasks: [good, good], shell: 'id' },
      503,
    ])
    await eventually('more questions', () => asked.length > 3)
    expect(ran).toEqual([])
    expect(lines.map(line => [line.level, line.fields.problem])).toEqual([
      ['warn', 'an order that is not on the closed list'],
    ])
  })

  it('end at once with the agent, also while the collector holds the question', async () => {
    const { asked, orders } = await connect([])
    await eventually('the question', () => asked.length === 1)
    const startMs = performance.now()
    await orders.stop()
    // It holds it for 55 s.
    expect(performance.now() - startMs).toBeLessThan(30_000)
  })
})
