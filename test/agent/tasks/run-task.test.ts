import { type AddressInfo, createServer } from 'node:net'
import { describe, expect, it, onTestFinished } from 'vitest'
import { systemClock } from '../../../agent/platform/clock.ts'
import { createLogger } from '../../../agent/platform/logger.ts'
import { createSnmpSource } from '../../../agent/sources/snmp/snmp-source.ts'
import { parseRoundTripsMs } from '../../../agent/tasks/ping.ts'
import { runTask } from '../../../agent/tasks/run-task.ts'
import { type TaskOrder, taskResult } from '../../../protocol/tasks.ts'

const run = async (order: TaskOrder) => {
  const { signal } = new AbortController()
  const snmp = createSnmpSource({ log: createLogger('error') })
  const deps = { clock: systemClock, refreshFacts: () => {}, snmp, signal, tell: async () => {} }
  return taskResult.parse(await runTask(deps, order))
}

describe('a ping', () => {
  it('by TCP counts the connections that were made', async () => {
    let connections = 0
    const server = createServer(socket => {
      connections += 1
      socket.on('error', () => {})
    })
    await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
    onTestFinished(() => void server.close())
    const { port } = server.address() as AddressInfo
    const order = { kind: 'ping', address: '127.0.0.1', count: 3, by: { method: 'tcp', port } } as const
    const found = await run(order)
    expect(found).toMatchObject({ outcome: 'pinged', sent: 3 })
    if (found.outcome !== 'pinged') throw new Error('not pinged')
    expect(found.roundTripsMs).toHaveLength(3)
    expect(connections).toBe(3)
    server.close()
    expect(await run({ ...order, by: { method: 'tcp', port: 1 } })).toMatchObject({ sent: 3, roundTripsMs: [] })
  })

  it('by ICMP asks the real ping of this machine, for IPv4 and IPv6', async () => {
    for (const address of ['127.0.0.1', '::1']) {
      const found = await run({ kind: 'ping', address, count: 2, by: { method: 'icmp' } })
      if (found.outcome !== 'pinged') throw new Error(JSON.stringify(found))
      expect(found.sent).toBe(2)
      expect(found.roundTripsMs).toHaveLength(2)
    }
    const silent = await run({ kind: 'ping', address: '240.0.0.1', count: 1, by: { method: 'icmp' } })
    expect(silent).toMatchObject({ outcome: 'pinged', roundTripsMs: [] })
  })

  it('is read alike from iputils and BusyBox', () => {
    expect(parseRoundTripsMs('64 bytes from 127.0.0.1: icmp_seq=1 ttl=64 time=0.021 ms\n')).toEqual([0.021])
    expect(parseRoundTripsMs('64 bytes from 192.0.2.1: seq=0 ttl=64 time=12.300 ms\nround-trip min/avg/max')).toEqual([
      12.3,
    ])
    expect(parseRoundTripsMs('1 packets transmitted, 0 received, 100% packet loss, time 0ms')).toEqual([])
  })
})
