import { execFileSync } from 'node:child_process'
import { closeSync, mkdirSync, openSync, writeSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'
import { systemClock } from '../../../agent/platform/clock.ts'
import { createRunner, type TickReading } from '../../../agent/sources/runner.ts'
import type { Source } from '../../../agent/sources/source.ts'
import { createMemoryLog } from '../support/memory-log.ts'
import { scratchDirectory } from '../support/scratch.ts'

const good: Source = { name: 'good', read: async () => ({ gauges: [{ metric: 'good_value', value: 7 }] }) }

const okOf = (reading: TickReading, source: string): number | bigint | undefined =>
  reading.gauges.find(gauge => gauge.metric === 'source_ok' && gauge.labels?.source === source)?.value

describe('the runner of sources', () => {
  it('tells of every source whether it worked and how long it took', async () => {
    const runner = createRunner({ sources: [good], clock: systemClock, log: createMemoryLog().log, deadlineMs: 100 })
    const { gauges, atMs } = await runner.tick()
    expect(gauges.map(gauge => gauge.metric)).toEqual(['source_ok', 'source_duration_seconds', 'good_value'])
    expect(Math.abs(Date.now() - atMs)).toBeLessThan(30_000)
  })

  it('loses only the figures of a source that throws, and says so in the log once', async () => {
    let broken = true
    const bad: Source = {
      name: 'bad',
      async read() {
        if (broken) throw new Error('disk on fire')
        return { gauges: [] }
      },
    }
    const { log, lines } = createMemoryLog()
    const runner = createRunner({ sources: [bad, good], clock: systemClock, log, deadlineMs: 100 })
    for (let tick = 0; tick < 3; tick += 1) {
      const reading = await runner.tick()
      expect([okOf(reading, 'bad'), okOf(reading, 'good')]).toEqual([0, 1])
      expect(reading.gauges.some(gauge => gauge.metric === 'good_value')).toBe(true)
    }
    broken = false
    expect(okOf(await runner.tick(), 'bad')).toBe(1)
    expect(lines.map(line => [line.message, line.fields.reason])).toEqual([
      ['source failed', 'disk on fire'],
      ['source works again', undefined],
    ])
  })

  it('reads at once, and alone, the source in which a state has changed', async () => {
    let changed = false
    const watched: Source = { ...good, name: 'watched', hasChanged: () => changed }
    const log = createMemoryLog().log
    const runner = createRunner({ sources: [good, watched], clock: systemClock, log, deadlineMs: 100 })
    expect(runner.tickChanged()).toBeUndefined()
    changed = true
    const reading = await runner.tickChanged()
    expect(reading?.gauges.map(({ labels }) => labels?.source).filter(Boolean)).toEqual(['watched', 'watched'])
  })

  it('tells nothing of what this machine does not offer, and asks again later', async () => {
    let monotonicMs = 0
    let asked = 0
    const clock = { nowMs: () => 0, monotonicMs: () => monotonicMs }
    const absent: Source = {
      name: 'absent',
      async read() {
        asked += 1
        return 'not-offered'
      },
    }
    const runner = createRunner({ sources: [absent], clock, log: createMemoryLog().log, deadlineMs: 100 })
    for (let tick = 0; tick < 5; tick += 1) expect((await runner.tick()).gauges).toEqual([])
    expect(asked).toBe(1)
    monotonicMs += 10 * 60_000
    await runner.tick()
    expect(asked).toBe(2)
  })

  it('reads what has a rhythm of its own beside the ticks, which do not wait for it', async () => {
    let monotonicMs = 0
    const clock = { nowMs: () => 0, monotonicMs: () => monotonicMs }
    let finish = (): void => {}
    let reads = 0
    const slow: Source = {
      name: 'slow',
      rhythm: { everyMs: 60_000, withinMs: 30_000, firstAfterMs: 5_000 },
      async read() {
        reads += 1
        await new Promise<void>(resolve => {
          finish = resolve
        })
        return { gauges: [{ metric: 'slow_value', value: reads }], facts: [{ name: 'slow.fact', value: 'x' }] }
      },
    }
    const runner = createRunner({ sources: [slow, good], clock, log: createMemoryLog().log, deadlineMs: 100 })
    await runner.tick()
    expect(reads).toBe(0)
    monotonicMs = 5_000
    expect(okOf(await runner.tick(), 'slow')).toBeUndefined()
    expect(runner.pending()).toEqual(['slow'])
    finish()
    await new Promise(resolve => setImmediate(resolve))
    const taken = await runner.tick()
    expect(okOf(taken, 'slow')).toBe(1)
    expect(taken.facts).toEqual([{ name: 'slow.fact', value: 'x' }])
    expect(okOf(await runner.tick(), 'slow')).toBeUndefined()
    expect(reads).toBe(1)
    monotonicMs = 65_001
    await runner.tick()
    expect(reads).toBe(2)
    finish()
  })

  it('ends what a slow source waits for when its time is over, and says so', async () => {
    let ended = false
    const endless: Source = {
      name: 'endless',
      rhythm: { everyMs: 60_000, withinMs: 30 },
      read: signal =>
        new Promise((_, reject) => {
          signal.addEventListener('abort', () => {
            ended = true
            reject(new Error('given up'))
          })
        }),
    }
    const runner = createRunner({ sources: [endless], clock: systemClock, log: createMemoryLog().log, deadlineMs: 100 })
    await runner.tick()
    await sleep(80)
    expect(ended).toBe(true)
    expect(okOf(await runner.tick(), 'endless')).toBe(0)
    expect(runner.pending()).toEqual([])
  })

  it('leaves a source alone that really hangs in the kernel, until it returns', async () => {
    const proc = scratchDirectory()
    mkdirSync(proc, { recursive: true })
    // Opening a named pipe that nobody writes to blocks in the kernel, as a dead device does.
    const pipe = join(proc, 'loadavg')
    execFileSync('mkfifo', [pipe])
    let started = 0
    const hanging: Source = {
      name: 'load',
      read() {
        started += 1
        return readFile(pipe).then(() => ({ gauges: [] }))
      },
    }
    const runner = createRunner({
      sources: [hanging, good],
      clock: systemClock,
      log: createMemoryLog().log,
      deadlineMs: 60,
    })
    const first = await runner.tick()
    expect([okOf(first, 'load'), okOf(first, 'good')]).toEqual([0, 1])
    let isLate = false
    const timer = setTimeout(() => {
      isLate = true
    }, 50)
    const second = await runner.tick()
    clearTimeout(timer)
    expect(isLate).toBe(false)
    expect([okOf(second, 'load'), okOf(second, 'good')]).toEqual([0, 1])
    expect(started).toBe(1)
    expect(runner.pending()).toEqual(['load'])

    const writer = openSync(pipe, 'r+')
    writeSync(writer, '0.10 0.20 0.30 1/2 3\n')
    closeSync(writer)
    await expect.poll(() => runner.pending()).toEqual([])
  })

  it('makes no wrong rate when a source was late or the wall clock jumped', async () => {
    let total = 0n
    let nowMs = Date.parse('2026-11-22T00:00:00Z')
    let monotonicMs = 5_000
    const counting: Source = {
      name: 'counting',
      async read() {
        total += 1_000n
        const items = [{ metric: 'x_total', group: 'x', total }]
        return { gauges: [], counters: { readAtMs: monotonicMs, items } }
      },
    }
    const clock = { nowMs: () => nowMs, monotonicMs: () => monotonicMs }
    const runner = createRunner({ sources: [counting], clock, log: createMemoryLog().log, deadlineMs: 100 })
    const deltas: unknown[] = []
    for (const jumpMs of [0, 86_400_000, -3 * 86_400_000, 0]) {
      nowMs += jumpMs + 10_000
      monotonicMs += 10_000
      const reading = await runner.tick()
      deltas.push(...reading.deltas.map(({ growth, overMs }) => [growth, overMs]))
      expect(reading.atMs).toBe(nowMs)
    }
    expect(deltas).toEqual([
      [1_000n, 10_000],
      [1_000n, 10_000],
      [1_000n, 10_000],
    ])
  })

  it('counts what grew during a failed tick in the next one', async () => {
    let tick = 0
    const flaky: Source = {
      name: 'flaky',
      async read() {
        tick += 1
        if (tick === 2) throw new Error('not now')
        const items = [{ metric: 'x_total', group: 'x', total: BigInt(tick * 10) }]
        return { gauges: [], counters: { readAtMs: tick * 1_000, items } }
      },
    }
    const runner = createRunner({ sources: [flaky], clock: systemClock, log: createMemoryLog().log, deadlineMs: 100 })
    await runner.tick()
    await runner.tick()
    expect((await runner.tick()).deltas).toEqual([{ metric: 'x_total', growth: 20n, overMs: 2_000 }])
  })
})
