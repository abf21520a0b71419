// Words of many at once end in the same intervals as the same words one by one, whatever failed in between.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { sql } from 'kysely'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { recordHeard } from '../../../server/availability/heard.ts'
import type { Interval } from '../../../server/availability/intervals.ts'
import { createPresence, type Heard } from '../../../server/availability/presence.ts'
import { openRecords, type Records } from '../../../server/stores/records/records.ts'

const directory = mkdtempSync(join(tmpdir(), 'pantau-presence-'))
const stores: Records[] = []
beforeAll(async () => {
  for (const name of ['one-by-one', 'together']) {
    const records = await openRecords({ directory: join(directory, name) })
    await sql`pragma synchronous = off`.execute(records)
    stores.push(records)
  }
})
afterAll(async () => {
  for (const records of stores) await records.destroy()
  rmSync(directory, { recursive: true })
})

const intervalsOf = (records: Records) =>
  records.selectFrom('state_interval').selectAll().orderBy('subject_id').orderBy('from_ms').execute()

const word: fc.Arbitrary<Heard> = fc.record({
  subjectId: fc.constantFrom('a', 'b'),
  times: fc.array(fc.nat(400), { maxLength: 3 }).map(times => times.sort((left, right) => left - right)),
  patienceMs: fc.constantFrom(30, 30, 30, 60),
  bootedAt: fc.constantFrom(null, 5, 5, 5, 150, 260),
})
const said = (times: number[], patienceMs: number): Heard => ({ subjectId: 'a', times, patienceMs, bootedAt: null })
const group = fc.record({ words: fc.array(word, { minLength: 1, maxLength: 6 }), fails: fc.nat(5).map(n => n === 0) })

it('the same words together and one by one end in the same intervals and close the same silences', async () => {
  const [oneByOne, together] = stores
  if (oneByOne === undefined || together === undefined) throw new Error('no records')
  await fc.assert(
    fc.asyncProperty(fc.array(group, { maxLength: 8 }), async groups => {
      for (const records of stores) await records.deleteFrom('state_interval').execute()
      const presence = createPresence()
      for (const { words, fails } of groups) {
        const closed: (Interval & { subjectId: string })[] = []
        const writing = together.transaction().execute(async tx => {
          const believe = await presence.record(tx, words, async silence => void closed.push(silence))
          if (fails) throw new Error('the disk is full')
          return believe
        })
        const believe = await writing.catch(() => null)
        if (believe === null) continue
        believe()
        const expected: typeof closed = []
        await oneByOne.transaction().execute(async tx => {
          for (const one of words) {
            for (const silence of await recordHeard(tx, one)) {
              expected.push({ subjectId: one.subjectId, ...silence })
            }
          }
        })
        expect(closed).toEqual(expected)
        expect(await intervalsOf(together)).toEqual(await intervalsOf(oneByOne))
      }
    }),
    {
      numRuns: 60,
      // A batch without samples was once taken for a word that went by another patience.
      examples: [
        [
          [
            { words: [said([0], 30)], fails: false },
            { words: [said([31], 30)], fails: false },
            { words: [said([], 60), said([31], 60)], fails: false },
          ],
        ],
      ],
    },
  )
})
