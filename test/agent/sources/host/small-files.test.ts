import { readFileSync } from 'node:fs'
import { totalmem } from 'node:os'
import { describe, expect, it } from 'vitest'
import { createBootTimeSource, parseBootTime } from '../../../../agent/sources/host/boot-time.ts'
import { createLoadSource, parseLoad } from '../../../../agent/sources/host/load.ts'
import { createMemorySource, parseMemory } from '../../../../agent/sources/host/memory.ts'
import { readNow } from '../../support/read-now.ts'
import { scratchDirectory } from '../../support/scratch.ts'

describe('memory', () => {
  it('comes in bytes, and what an old kernel does not tell is left out', () => {
    const gauges = parseMemory('MemTotal:        2048 kB\nMemFree:          512 kB\nSwapCached: 9 kB\n')
    expect(gauges).toEqual([
      { metric: 'node_memory_MemTotal_bytes', value: 2_097_152n },
      { metric: 'node_memory_MemFree_bytes', value: 524_288n },
    ])
    expect(() => parseMemory('MemFree: 1 kB\n')).toThrow('MemTotal')
  })

  it('of this machine is what the kernel says in another way', async () => {
    const { gauges } = await readNow(createMemorySource({ procRoot: '/proc' }))
    const value = (name: string): number => Number(gauges.find(g => g.metric === `node_memory_${name}_bytes`)?.value)
    expect(value('MemTotal')).toBe(totalmem())
    expect(value('MemAvailable')).toBeGreaterThan(0)
    expect(value('MemAvailable')).toBeLessThan(value('MemTotal'))
    expect(gauges).toHaveLength(7)
  })
})

describe('load', () => {
  it('is three numbers', () => {
    expect(parseLoad('0.52 1.00 12.34 3/456 789\n').map(gauge => gauge.value)).toEqual([0.52, 1, 12.34])
    expect(() => parseLoad('much')).toThrow('/proc/loadavg')
  })

  it('is read from this machine', async () => {
    const { gauges } = await readNow(createLoadSource({ procRoot: '/proc' }))
    expect(gauges.map(gauge => gauge.metric)).toEqual(['node_load1', 'node_load5', 'node_load15'])
  })

  it('fails with the path when the file is not there', async () => {
    const root = scratchDirectory()
    await expect(readNow(createLoadSource({ procRoot: root }))).rejects.toThrow(`${root}/loadavg`)
  })
})

describe('boot time', () => {
  it('is the line btime', () => {
    expect(parseBootTime('cpu 1 2 3 4\nbtime 1763770000\nprocesses 5\n')).toEqual({
      metric: 'node_boot_time_seconds',
      value: 1_763_770_000,
    })
    expect(() => parseBootTime('cpu 1 2 3 4\n')).toThrow('btime')
  })

  it('of this machine lies as far back as its uptime', async () => {
    const { gauges } = await readNow(createBootTimeSource({ procRoot: '/proc' }))
    const uptimeS = Number(readFileSync('/proc/uptime', 'utf8').split(' ')[0])
    expect(Math.abs(Number(gauges[0]?.value) - (Date.now() / 1_000 - uptimeS))).toBeLessThan(5)
  })
})
