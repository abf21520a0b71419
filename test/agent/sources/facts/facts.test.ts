import { writeFileSync } from 'node:fs'
import { hostname } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { systemClock } from '../../../../agent/platform/clock.ts'
import { createFactsSource } from '../../../../agent/sources/facts/facts-source.ts'
import { flattenFacts } from '../../../../agent/sources/facts/flatten-facts.ts'
import { wireFact } from '../../../../protocol/batch.ts'
import { eventually } from '../../support/eventually.ts'
import { createMemoryLog } from '../../support/memory-log.ts'
import { scratchDirectory } from '../../support/scratch.ts'

describe('facts of a machine', () => {
  it('are named with dots, and what its maker never filled in is left out', () => {
    const facts = flattenFacts({
      osInfo: { distro: 'Debian GNU/Linux', release: '12', kernel: '6.1.0', arch: 'x64', hostname: 'dc1', fqdn: '' },
      cpu: { manufacturer: 'Intel', brand: 'Xeon E-2336', cores: 12, physicalCores: 6, processors: 0 },
      system: { manufacturer: 'To Be Filled By O.E.M.', model: '-', serial: 'Default string', uuid: 'Not Specified' },
      networkInterfaces: [
        { iface: 'lo', internal: true, mac: '00:00:00:00:00:00', ip4: '127.0.0.1' },
        { iface: 'eth0@if2', internal: false, mac: '02:fc:00:00:00:01', ip4: '10.1.2.3', ip6: '' },
        { iface: 'tun0', internal: false, mac: '00:00:00:00:00:00', ip4: '10.8.0.1' },
      ],
      diskLayout: [{ device: '/dev/sda', type: 'SSD', name: 'Disk', vendor: '', serialNum: 'S1', size: 500_000 }],
    })
    expect(Object.fromEntries(facts.map(({ name, value }) => [name, value]))).toEqual({
      'os.distro': 'Debian GNU/Linux',
      'os.release': '12',
      'os.kernel': '6.1.0',
      'os.arch': 'x64',
      'os.hostname': 'dc1',
      'cpu.manufacturer': 'Intel',
      'cpu.brand': 'Xeon E-2336',
      'cpu.cores': 12,
      'cpu.physicalCores': 6,
      'net.eth0_if2.mac': '02:fc:00:00:00:01',
      'net.eth0_if2.ip4': '10.1.2.3',
      'net.tun0.ip4': '10.8.0.1',
      'disk.sda.type': 'SSD',
      'disk.sda.name': 'Disk',
      'disk.sda.serialNum': 'S1',
      'disk.sda.sizeBytes': 500_000,
    })
  })

  it('survive any part that is missing or of another form', () => {
    expect(flattenFacts({})).toEqual([])
    expect(
      flattenFacts({ osInfo: 'what', cpu: null, networkInterfaces: { iface: 'eth0', mac: 7 }, diskLayout: [3] }),
    ).toEqual([{ name: 'net.eth0.mac', value: 7 }])
  })

  it('of this machine come from a real child process and fit the wire', async () => {
    const source = createFactsSource({ clock: systemClock, log: createMemoryLog().log, everyMs: 3_600_000 })
    onTestFinished(() => source.stop())
    source.tick()
    const facts = await eventually(
      'facts',
      () => {
        const news = source.take().facts
        return news.length > 0 && news
      },
      30_000,
    )
    for (const fact of facts) wireFact.parse(fact)
    expect(facts.find(fact => fact.name === 'os.hostname')?.value).toBe(hostname())
    expect(source.take().facts).toEqual([])
    expect(source.take().gauges[0]).toEqual({ metric: 'source_ok', labels: { source: 'facts' }, value: 1 })
  })

  it('cost only themselves when the child fails, hangs or talks nonsense', async () => {
    const directory = scratchDirectory()
    for (const [name, code, reason] of [
      ['fails', 'process.exit(3)', 'ended with 3'],
      ['hangs', 'setInterval(() => {}, 1000)', 'no answer within 700 ms'],
      ['babbles', 'console.log("hello")', 'JSON'],
      ['is silent about itself', 'console.log("{}")', 'nothing about itself'],
    ] as const) {
      const childPath = join(directory, `${name}.mjs`)
      writeFileSync(childPath, code)
      const { log, lines } = createMemoryLog()
      const source = createFactsSource({ clock: systemClock, log, everyMs: 3_600_000, childPath, answerWithinMs: 700 })
      source.tick()
      const gauges = await eventually(`a child that ${name}`, () => {
        const told = source.take().gauges
        return told.length > 0 && told
      })
      expect(gauges[0]?.value).toBe(0)
      expect(String(lines[0]?.fields.reason)).toContain(reason)
      source.stop()
    }
  })
})
