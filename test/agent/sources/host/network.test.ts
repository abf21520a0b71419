import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { createNetworkSource, parseNetDev, stateGauges } from '../../../../agent/sources/host/network.ts'
import { createRunner } from '../../../../agent/sources/runner.ts'
import { createMemoryLog } from '../../support/memory-log.ts'
import { readNow } from '../../support/read-now.ts'
import { scratchDirectory, writeTree } from '../../support/scratch.ts'

const HEAD = `Inter-|   Receive                                                |  Transmit
 face |bytes    packets errs drop fifo frame compressed multicast|bytes    packets errs drop fifo colls carrier compressed
`
const line = (device: string, receiveBytes: number | bigint, transmitBytes: number | bigint): string =>
  `${device.padStart(6)}: ${receiveBytes} 10 1 2 0 0 0 0 ${transmitBytes} 20 3 4 0 0 0 0\n`

describe('/proc/net/dev', () => {
  it('has a line an interface, also one with a colon in its name or without a blank behind it', () => {
    const devices = parseNetDev(
      `${HEAD}${line('lo', 1, 1)}eth0:5 6 7 8 0 0 0 0 9 10 11 12 0 0 0 0\n${line('eth0:1', 3, 4)}`,
    )
    expect(devices.map(({ device, columns }) => [device, columns[0], columns[8]])).toEqual([
      ['eth0', 5n, 9n],
      ['eth0:1', 3n, 4n],
    ])
  })

  it('may hold the loopback only, but not be something else', () => {
    expect(parseNetDev(HEAD + line('lo', 1, 1))).toEqual([])
    expect(() => parseNetDev('<html>')).toThrow('/proc/net/dev')
  })
})

describe('the state of an interface', () => {
  const state = { operstate: 'up', carrier: '1', speedMbps: '1000', ifindex: '2' }
  const shown = (changes: Partial<typeof state>) =>
    stateGauges('eth0', { ...state, ...changes }).map(gauge => [gauge.metric, gauge.value])

  it('is up with a speed in bytes a second', () => {
    expect(shown({})).toEqual([
      ['node_network_up', 1],
      ['node_network_speed_bytes', 125_000_000],
    ])
  })

  it('has no speed where the driver knows none', () => {
    expect(shown({ speedMbps: '-1' })).toEqual([['node_network_up', 1]])
    expect(stateGauges('eth0', { ...state, speedMbps: undefined })).toHaveLength(1)
  })

  it('is the carrier where the driver reports no state, as those of tunnels do', () => {
    expect(shown({ operstate: 'unknown', speedMbps: '' })).toEqual([['node_network_up', 1]])
    expect(shown({ operstate: 'unknown', carrier: '0', speedMbps: '' })).toEqual([['node_network_up', 0]])
    expect(shown({ operstate: 'down', speedMbps: '' })).toEqual([['node_network_up', 0]])
  })
})

describe('traffic', () => {
  const setUp = () => {
    const [procRoot, sysRoot] = [scratchDirectory(), scratchDirectory()]
    let monotonicMs = 1_000
    const clock = { nowMs: () => 1_763_770_000_000, monotonicMs: () => monotonicMs }
    const source = createNetworkSource({ procRoot, sysRoot, clock })
    const runner = createRunner({ sources: [source], clock, log: createMemoryLog().log, deadlineMs: 1_000 })
    return {
      sysRoot,
      async tick(lines: string) {
        writeTree(procRoot, { 'net/dev': HEAD + lines })
        monotonicMs += 10_000
        const { deltas } = await runner.tick()
        return deltas
          .filter(delta => delta.metric.endsWith('_bytes_total'))
          .map(({ metric, labels, growth, overMs }) => [metric.split('_')[2], labels?.device, growth, overMs])
      },
    }
  }

  it('is told as growth; an interface that comes, goes, comes back or starts anew tells nothing it does not know', async () => {
    const { tick } = setUp()
    expect(await tick(line('eth0', 100, 200) + line('wg0', 5, 5))).toEqual([])
    expect(await tick(line('eth0', 150, 260))).toEqual([
      ['receive', 'eth0', 50n, 10_000],
      ['transmit', 'eth0', 60n, 10_000],
    ])
    expect(await tick(line('eth0', 7, 300) + line('wg0', 900, 900))).toEqual([])
    expect(await tick(line('eth0', 8, 301) + line('wg0', 901, 902))).toEqual([
      ['receive', 'eth0', 1n, 10_000],
      ['transmit', 'eth0', 1n, 10_000],
      ['receive', 'wg0', 1n, 10_000],
      ['transmit', 'wg0', 2n, 10_000],
    ])
  })

  it('of an interface that was made anew under the same name is not the growth of the old one', async () => {
    const { tick, sysRoot } = setUp()
    writeTree(sysRoot, { 'class/net/veth1/ifindex': '7\n', 'class/net/veth1/operstate': 'up\n' })
    await tick(line('veth1', 10, 10))
    writeTree(sysRoot, { 'class/net/veth1/ifindex': '8\n' })
    expect(await tick(line('veth1', 5_000, 5_000))).toEqual([])
    rmSync(join(sysRoot, 'class/net/veth1'), { recursive: true })
    expect(await tick(line('veth1', 5_001, 5_001))).toEqual([])
  })

  it('keeps counters beyond 2^53 exact', async () => {
    const { tick } = setUp()
    await tick(line('eth0', 2n ** 63n, 0))
    expect((await tick(line('eth0', 2n ** 63n + 3n, 0)))[0]).toEqual(['receive', 'eth0', 3n, 10_000])
  })

  it('of this machine is read from the kernel', async () => {
    const clock = { nowMs: () => Date.now(), monotonicMs: () => performance.now() }
    const { counters } = await readNow(createNetworkSource({ procRoot: '/proc', sysRoot: '/sys', clock }))
    const devices = new Set(counters?.items.map(item => item.labels?.device))
    expect(devices.has('lo')).toBe(false)
    expect(counters?.items.length).toBe(devices.size * 8)
  })
})
