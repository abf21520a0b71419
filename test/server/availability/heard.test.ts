import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { sql } from 'kysely'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { recordHeard } from '../../../server/availability/heard.ts'
import { historyOf, readIntervals } from '../../../server/availability/history.ts'
import type { Interval } from '../../../server/availability/intervals.ts'
import { openRecords, type Records } from '../../../server/stores/records/records.ts'

const ROUTER_ROOM = '01938f6e-0000-7000-8000-000000000001'
const NEIGHBOUR = '01938f6e-0000-7000-8000-000000000002'
const PATIENCE_MS = 30
const ALWAYS: Interval = { from: 0, to: 1_000_000 }

const directory = mkdtempSync(join(tmpdir(), 'pantau-heard-'))
let records: Records
beforeAll(async () => {
  records = await openRecords({ directory })
  // Nobody pulls the plug here, and a thousand transactions need not wait for the disk.
  await sql`pragma synchronous = off`.execute(records)
})
afterAll(async () => {
  await records.destroy()
  rmSync(directory, { recursive: true })
})
const forgetAll = () => records.deleteFrom('state_interval').execute()
beforeEach(forgetAll)

type Word = { times: number[]; bootedAt?: number | null }

async function hear({ times, bootedAt = null }: Word, subjectId = ROUTER_ROOM) {
  await records
    .transaction()
    .execute(tx => recordHeard(tx, { subjectId, times, patienceMs: PATIENCE_MS, bootedAt: bootedAt ?? null }))
}
const known = () => readIntervals(records, ROUTER_ROOM, ALWAYS)

describe('what was heard', () => {
  it('joins words that are no further apart than the patience, and leaves longer silence open', async () => {
    await hear({ times: [100, 130] })
    await hear({ times: [160] })
    await hear({ times: [191] })
    expect((await known()).up).toEqual([
      { from: 100, to: 160 },
      { from: 191, to: 191 },
    ])
  })

  it('joins two spans when a late word falls between them', async () => {
    await hear({ times: [100, 120] })
    await hear({ times: [180, 200] })
    await hear({ times: [150] })
    expect((await known()).up).toEqual([{ from: 100, to: 200 }])
  })

  it('keeps subjects apart', async () => {
    await hear({ times: [100] })
    await hear({ times: [110, 120] }, NEIGHBOUR)
    expect((await known()).up).toEqual([{ from: 100, to: 100 }])
  })

  it('says nothing of no words', async () => {
    await hear({ times: [], bootedAt: 50 })
    expect(await known()).toEqual({ up: [], down: [], watched: [], isAsked: false })
  })
})

describe('a machine that was off', () => {
  it('was down from its last word to its boot', async () => {
    await hear({ times: [100, 110], bootedAt: 10 })
    await hear({ times: [520, 530], bootedAt: 500 })
    expect(await known()).toMatchObject({
      up: [
        { from: 100, to: 110 },
        { from: 520, to: 530 },
      ],
      down: [{ from: 110, to: 500, cause: 'power' }],
    })
  })

  it('was not off when only the line was cut: it booted long before', async () => {
    await hear({ times: [100], bootedAt: 10 })
    await hear({ times: [500], bootedAt: 10 })
    expect((await known()).down).toEqual([])
  })

  it('was off for a shorter time when its spool brings later words from before', async () => {
    await hear({ times: [100], bootedAt: 10 })
    await hear({ times: [520], bootedAt: 500 })
    await hear({ times: [120, 140, 160], bootedAt: 10 })
    expect(await known()).toMatchObject({
      up: [
        { from: 100, to: 160 },
        { from: 520, to: 520 },
      ],
      down: [{ from: 160, to: 500, cause: 'power' }],
    })
  })

  it('was off only after the last of the words that turn up in the middle', async () => {
    await hear({ times: [100], bootedAt: 10 })
    await hear({ times: [520], bootedAt: 500 })
    await hear({ times: [300, 310], bootedAt: 10 })
    expect(await known()).toMatchObject({
      up: [
        { from: 100, to: 100 },
        { from: 300, to: 310 },
        { from: 520, to: 520 },
      ],
      down: [{ from: 310, to: 500, cause: 'power' }],
    })
  })

  it('was off twice when the words in the middle tell of another boot', async () => {
    await hear({ times: [100], bootedAt: 10 })
    await hear({ times: [520], bootedAt: 500 })
    await hear({ times: [300, 310], bootedAt: 290 })
    expect((await known()).down).toEqual([
      { from: 100, to: 290, cause: 'power' },
      { from: 310, to: 500, cause: 'power' },
    ])
  })

  it('was not off at all when words from both sides of the boot are close together', async () => {
    await hear({ times: [100], bootedAt: 10 })
    await hear({ times: [520], bootedAt: 500 })
    await hear({ times: [490], bootedAt: 10 })
    expect(await known()).toMatchObject({
      up: [
        { from: 100, to: 100 },
        { from: 490, to: 520 },
      ],
      down: [],
    })
  })
})

/** Boots of a machine, and the words heard of it, each with the boot that it ran from. */
const story = fc
  .record({
    boots: fc.uniqueArray(fc.integer({ min: 1, max: 600 }), { maxLength: 3 }),
    times: fc.uniqueArray(fc.integer({ min: 1, max: 600 }), { minLength: 1, maxLength: 25 }),
  })
  .map(({ boots, times }) => {
    const sorted = times.toSorted((left, right) => left - right)
    return sorted.map(at => ({ at, bootedAt: Math.max(0, ...boots.filter(boot => boot <= at)) }))
  })

/** What must stand there in the end, worked out from all words at once. */
function truthOf(words: { at: number; bootedAt: number }[]) {
  const up: Interval[] = []
  for (const { at } of words) {
    const last = up.at(-1)
    if (last !== undefined && at - last.to <= PATIENCE_MS) last.to = at
    else up.push({ from: at, to: at })
  }
  const down = up.flatMap((span, index) => {
    const before = up[index - 1]
    const bootedAt = words.find(({ at }) => at === span.from)?.bootedAt ?? 0
    if (before === undefined || bootedAt <= before.to || bootedAt > span.from) return []
    return [{ from: before.to, to: bootedAt, cause: 'power' }]
  })
  return { up, down }
}

/** The same words as batches: cut anywhere, in any order, some delivered twice. The first word of all comes first. */
const deliveries = story.chain(words =>
  fc
    .record({
      shuffled: fc.shuffledSubarray(words.slice(1), { minLength: words.length - 1 }),
      cuts: fc.array(fc.integer({ min: 1, max: 6 }), { minLength: 30, maxLength: 30 }),
      again: fc.subarray(words),
    })
    .map(({ shuffled, cuts, again }) => {
      const batches: Word[] = words.slice(0, 1).map(({ at, bootedAt }) => ({ times: [at], bootedAt }))
      const rest = [...shuffled, ...again.slice(0, 4)]
      for (const size of cuts) {
        const chunk = rest.splice(0, size)
        // A batch comes from one run of the machine.
        for (const [bootedAt, group] of Map.groupBy(chunk, word => word.bootedAt)) {
          batches.push({ times: group.map(({ at }) => at), bootedAt })
        }
      }
      return { words, batches }
    }),
)

describe('whatever the order', () => {
  it('a machine that is heard in the very millisecond of its boot was off until then', async () => {
    for (const times of [
      [372, 373],
      [373, 372],
    ]) {
      await hear({ times: [5], bootedAt: 0 })
      for (const at of times) await hear({ times: [at], bootedAt: 372 })
      expect((await known()).down).toEqual([{ from: 5, to: 372, cause: 'power' }])
      await forgetAll()
    }
  })

  it('the same words end in the same intervals, and the history has neither holes nor overlaps', async () => {
    await fc.assert(
      fc
        .asyncProperty(
          deliveries,
          fc.nat(600),
          fc.integer({ min: 1, max: 600 }),
          async ({ words, batches }, from, ms) => {
            for (const batch of batches) await hear(batch)
            const truth = truthOf(words)
            const found = await known()
            expect(found.up).toEqual(truth.up)
            expect(found.down).toEqual(truth.down)
            const window = { from, to: from + ms }
            const history = historyOf(found, window)
            expect(history[0]?.from).toBe(window.from)
            expect(history.at(-1)?.to).toBe(window.to)
            for (const [index, interval] of history.entries()) {
              expect(interval.to).toBeGreaterThan(interval.from)
              if (index > 0) expect(interval.from).toBe(history[index - 1]?.to)
            }
          },
        )
        .afterEach(forgetAll),
      { numRuns: 80 },
    )
  })
})
