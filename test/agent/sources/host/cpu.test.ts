import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'
import { systemClock } from '../../../../agent/platform/clock.ts'
import { createCpuSource, holdHighMarks, parseCpuTicks } from '../../../../agent/sources/host/cpu.ts'
import { createRunner } from '../../../../agent/sources/runner.ts'
import { createMemoryLog } from '../../support/memory-log.ts'

const BUSY_HYPERVISOR = `cpu  5000 10 300 90000 40 5 6 7 4000 8
cpu0 5000 10 300 90000 40 5 6 7 4000 8
intr 12345 0 9
btime 1763770000
`

describe('CPU time from /proc/stat', () => {
  it('takes the line of all CPUs, in which the time of guests is contained once already', () => {
    const ticks = parseCpuTicks(BUSY_HYPERVISOR)
    expect(ticks).toEqual({
      user: 5000n,
      nice: 10n,
      system: 300n,
      idle: 90000n,
      iowait: 40n,
      irq: 5n,
      softirq: 6n,
      steal: 7n,
    })
  })

  it('reads the four columns of an old kernel, and refuses what is no such file', () => {
    expect(parseCpuTicks('cpu  1 2 3 4\n').steal).toBe(0n)
    expect(() => parseCpuTicks('')).toThrow('/proc/stat')
    expect(() => parseCpuTicks('cpu0 1 2 3 4\n')).toThrow('/proc/stat')
    expect(() => parseCpuTicks('cpu 1 x 3 4\n')).toThrow('/proc/stat')
  })

  it('takes a small step back of iowait for no reset, and a fall of the whole for one', () => {
    const before = parseCpuTicks('cpu  10 0 10 100 50 0 0 0\n')
    expect(holdHighMarks(before, parseCpuTicks('cpu  20 0 12 110 48 0 0 0\n'))).toMatchObject({
      user: 20n,
      iowait: 50n,
    })
    expect(holdHighMarks(before, parseCpuTicks('cpu  11 0 1 1 1 0 0 0\n'))).toMatchObject({ user: 11n, iowait: 1n })
  })

  it('agrees with the work this machine really does', async () => {
    const source = createCpuSource({ procRoot: '/proc', clock: systemClock })
    const runner = createRunner({
      sources: [source],
      clock: systemClock,
      log: createMemoryLog().log,
      deadlineMs: 1_000,
    })
    expect((await runner.tick()).deltas).toEqual([])
    const endMs = performance.now() + 250
    while (performance.now() < endMs) Math.sqrt(endMs)
    await sleep(50)
    const { deltas } = await runner.tick()
    const seconds = (mode: string): number => Number(deltas.find(delta => delta.labels?.mode === mode)?.growth)
    expect(deltas).toHaveLength(8)
    expect(seconds('user') + seconds('system') + seconds('nice') + seconds('steal')).toBeGreaterThan(0.15)
    for (const { overMs } of deltas) expect(overMs).toBeGreaterThan(290)
  })
})
