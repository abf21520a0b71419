// Disks lie: bits flip, pieces of files are overwritten or cut off. What is hit is named, the rest is served, and it starts.
import {
  appendFileSync,
  cpSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { SeriesEntry } from '../../../server/stores/series/series-store.ts'
import { DAY_MS, entry, HOUR_MS, seriesKey, temporaryDirectory, WEDNESDAY } from './support.ts'
import { openTestEngine } from './test-engine.ts'

const { subjectId, metric } = seriesKey()
const DEVICES = ['a', 'b', 'c'] as const
const everything = { subjectId, metric, from: 0, to: WEDNESDAY + DAY_MS }
const START = WEDNESDAY - 8 * DAY_MS

/** Some file, and how far into it: evenly, where doubles would nearly all be next to nothing. */
const places = fc.record({ file: fc.nat(999), place: fc.nat(999_999).map(millionths => millionths / 1e6) })

/** Gauges, counters and doubles that are no short decimals, every five minutes. */
function value(device: string, number: number): number {
  if (device === 'a') return Math.round(50 + 20 * Math.sin(number)) / 10
  return device === 'b' ? number * 1000 + (number % 7) : Math.sqrt(number + 2)
}

function samplesOf(device: string, from: number, to: number): [number, number][] {
  return Array.from({ length: to - from }, (_, index): [number, number] => [
    START + (from + index) * 300_000,
    value(device, from + index),
  ])
}

const entries = (from: number, to: number): SeriesEntry[] =>
  DEVICES.map(device => entry(samplesOf(device, from, to), { labels: { device } }))

/** A store with blocks, tiers, a late flush and a log that still holds samples. */
function fill(directory: string): void {
  let engine = openTestEngine({ directory })
  engine.appendAtOnce([entries(0, 2000)], WEDNESDAY)
  engine.settle(WEDNESDAY)
  engine.close()
  // A new segment of the log: the one before goes, and the table of newest samples is written.
  engine = openTestEngine({ directory })
  engine.appendAtOnce([[entry([[START + 1, 99]], { labels: { device: 'a' } })]], WEDNESDAY)
  engine.settle(WEDNESDAY + DAY_MS)
  for (let number = 2000; number < 2200; number += 20) engine.appendAtOnce([entries(number, number + 20)], WEDNESDAY)
  engine.close()
}

function truth(): Map<string, Map<number, number>> {
  const all = new Map(DEVICES.map(device => [device as string, new Map(samplesOf(device, 0, 2200))]))
  all.get('a')?.set(START + 1, 99)
  return all
}

type Opened = { served: Map<string, Map<number, number>>; problems: { code: string; message: string }[]; wrong: number }

/** Opens, reads and verifies what is there; counts what was never written. */
async function reopen(directory: string): Promise<Opened> {
  const engine = openTestEngine({ directory })
  try {
    const { problems } = await engine.verify()
    const known = truth()
    let wrong = 0
    const series = await engine.front.raw(everything)
    const served = new Map(series.map(({ key, samples }) => [key.labels.device ?? '', new Map(samples)]))
    for (const [device, samples] of served) {
      for (const [at, found] of samples) if (!Object.is(known.get(device)?.get(at), found)) wrong++
    }
    const sums = await engine.front.range({ ...everything, from: START, stepMs: DAY_MS, aggregate: 'count' })
    for (const { key, points } of sums) {
      const counted = points.reduce((total, [, count]) => total + (count ?? 0), 0)
      if (counted > (known.get(key.labels.device ?? '')?.size ?? 0)) wrong++
    }
    engine.appendAtOnce([[entry([[WEDNESDAY + 1, 1]])]], WEDNESDAY)
    return { served, problems, wrong }
  } finally {
    engine.close()
  }
}

const total = (served: Map<string, Map<number, number>>) =>
  [...served.values()].reduce((sum, samples) => sum + samples.size, 0)

describe('an embedded store whose files are damaged', () => {
  let good: ReturnType<typeof temporaryDirectory>
  let files: string[]
  const whole = total(truth())

  beforeAll(() => {
    good = temporaryDirectory()
    fill(join(good.path, 'good'))
    files = readdirSync(join(good.path, 'good')).filter(name => statSync(join(good.path, 'good', name)).size > 0)
  })
  afterAll(() => good.remove())

  async function damaged(name: string, damage: (path: string) => void): Promise<Opened> {
    const copy = join(good.path, 'copy')
    rmSync(copy, { recursive: true, force: true })
    cpSync(join(good.path, 'good'), copy, { recursive: true })
    damage(join(copy, name))
    return reopen(copy)
  }

  it('is there to be damaged: blocks, tiers, log, names, last samples', async () => {
    for (const kind of ['series-', 'minute-', 'quarter-', 'log-', 'names-a', 'names-b', 'last', 'series.db']) {
      expect(files.some(name => name.startsWith(kind))).toBe(true)
    }
    const { served, problems } = await damaged('last', () => {})
    expect(problems).toEqual([])
    expect(total(served)).toBe(whole)
  })

  it('serves everything after one flipped bit, wherever it is, and names it where it mattered', {
    timeout: 120_000,
  }, async () => {
    const own = files.filter(name => !name.startsWith('series.db'))
    await fc.assert(
      fc.asyncProperty(places, fc.nat(7), async ({ file, place }, bit) => {
        const name = own[file % own.length] ?? ''
        const { served, problems, wrong } = await damaged(name, path => {
          const bytes = readFileSync(path)
          const at = Math.floor(place * bytes.length)
          bytes[at] = (bytes[at] ?? 0) ^ (1 << bit)
          writeFileSync(path, bytes)
        })
        expect(wrong).toBe(0)
        expect(total(served)).toBe(whole)
        for (const { message } of problems) expect(message).toContain(name.replace(/\.(blocks|index)$/, ''))
      }),
      { numRuns: 120, interruptAfterTimeLimit: 30_000 },
    )
  })

  it('names the damage and serves the rest when a piece of a file is something else', {
    timeout: 120_000,
  }, async () => {
    await fc.assert(
      fc.asyncProperty(places, fc.uint8Array({ minLength: 9, maxLength: 200 }), async ({ file, place }, junk) => {
        const name = files[file % files.length] ?? ''
        const { served, problems, wrong } = await damaged(name, path => {
          const bytes = readFileSync(path)
          const at = Math.floor(place * bytes.length)
          bytes.set(junk.subarray(0, bytes.length - at), at)
          writeFileSync(path, bytes)
        })
        expect(wrong).toBe(0)
        if (total(served) < whole) {
          expect(problems.length).toBeGreaterThan(0)
          expect(problems[0]?.message).toContain(name.replace(/\.(blocks|index)$/, ''))
        }
        // A block or a log record: never a file.
        expect(total(served)).toBeGreaterThan(whole * 0.6)
      }),
      { numRuns: 120, interruptAfterTimeLimit: 30_000 },
    )
  })

  it('begins with a lock of its own again where a row of it is nothing that SQLite can read', async () => {
    const { served, problems, wrong } = await damaged('series.db', path => {
      const bytes = readFileSync(path)
      bytes.fill(0, Math.floor(0.998292 * bytes.length), Math.floor(0.998292 * bytes.length) + 9)
      writeFileSync(path, bytes)
    })
    expect(wrong).toBe(0)
    expect(total(served)).toBe(whole)
    expect(problems[0]?.message).toContain('series.db')
  })

  it('loses a block where that block is broken beyond repair, and its tier still tells of it', async () => {
    const name = files.find(file => file.endsWith('W46.blocks') && file.startsWith('series')) ?? ''
    const { served, problems } = await damaged(name, path => {
      const bytes = readFileSync(path)
      bytes.fill(0x55, 64 + 3 * 12 + 4, 64 + 3 * 12 + 20)
      writeFileSync(path, bytes)
    })
    expect(problems).toMatchObject([{ code: 'damaged', message: expect.stringMatching(/a block of one series from/) }])
    const lost = whole - total(served)
    expect(lost).toBeGreaterThan(5)
    expect(lost).toBeLessThanOrEqual((2 * HOUR_MS) / 300_000)
  })

  it.each([['last'], ['names-a'], ['names-b'], ['series.db']])('does without %s', async name => {
    const { served, wrong } = await damaged(name, path => rmSync(path))
    expect(wrong).toBe(0)
    expect(total(served)).toBe(whole)
  })

  it('does without its indexes: they are made anew from the blocks', async () => {
    for (const name of files.filter(file => file.endsWith('.index'))) {
      const { served } = await damaged(name, path => rmSync(path))
      expect(total(served)).toBe(whole)
    }
  })

  it('takes the end of the log that a crash cut off for what it is', async () => {
    const name = files.filter(file => file.startsWith('log-')).at(-1) ?? ''
    const cut = await damaged(name, path => truncateSync(path, statSync(path).size - 17))
    expect(cut.problems).toEqual([])
    expect(total(cut.served)).toBe(whole - 60)
    const zeros = await damaged(name, path => appendFileSync(path, Buffer.alloc(4096)))
    expect(zeros.problems).toEqual([])
    expect(total(zeros.served)).toBe(whole)
  })

  it('says when a file with blocks is shorter than it was', async () => {
    const name = files.find(file => file.endsWith('W46.blocks') && file.startsWith('series')) ?? ''
    const { served, problems } = await damaged(name, path => truncateSync(path, 5000))
    expect(problems[0]?.message).toContain(name)
    expect(total(served)).toBeGreaterThan(0)
  })
})
