// What is answered from memory in place of the disk must be what the disk would answer.
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { createRecentEntries } from '../../../server/ingest/recent-entries.ts'

const entryOf = (id: number) => ({ id })

it('answers what follows an id exactly, or says that it does not know', () => {
  const steps = fc.array(
    fc.oneof(
      // Ids are left out where an answer of the journal was lost.
      { weight: 6, arbitrary: fc.record({ do: fc.constant('add' as const), skip: fc.constantFrom(0, 0, 0, 0, 1, 3) }) },
      { weight: 3, arbitrary: fc.record({ do: fc.constantFrom('series' as const, 'state' as const), by: fc.nat(4) }) },
    ),
    { maxLength: 60 },
  )
  fc.assert(
    fc.property(steps, fc.integer({ min: 1, max: 8 }), (plan, most) => {
      const recent = createRecentEntries(['series', 'state'], () => 10, { entries: most, bytes: 55 })
      const ids: number[] = []
      const passed = { series: 0, state: 0 }
      for (const step of plan) {
        if (step.do === 'add') {
          ids.push((ids.at(-1) ?? 0) + 1 + step.skip)
          recent.add(entryOf(ids.at(-1) ?? 0))
        } else {
          passed[step.do] = Math.min(ids.at(-1) ?? 0, passed[step.do] + step.by)
          recent.passed(step.do, passed[step.do])
        }
        for (let id = 0; id <= (ids.at(-1) ?? 0) + 1; id++) {
          const found = recent.after(id, 3)
          // In memory only what lies without a gap behind what was asked for.
          if (found !== null)
            expect(found.map(entry => entry.id)).toEqual([id + 1, id + 2, id + 3].slice(0, found.length))
          if (found !== null) expect(found.every(entry => ids.includes(entry.id))).toBe(true)
        }
        const held = Array.from({ length: (ids.at(-1) ?? 0) + 1 }, (_, id) => id).filter(
          id => recent.after(id, 1) !== null,
        )
        expect(held.length).toBeLessThanOrEqual(Math.min(most, 5))
      }
    }),
    { numRuns: 200 },
  )
})

it('keeps what the slower consumer still wants, and lets go of it then', () => {
  const recent = createRecentEntries(['series', 'state'], () => 10)
  for (const id of [1, 2, 3]) recent.add(entryOf(id))
  recent.passed('series', 3)
  expect(recent.after(0, 10)?.map(({ id }) => id)).toEqual([1, 2, 3])
  recent.passed('state', 2)
  expect(recent.after(0, 10)).toBeNull()
  expect(recent.after(2, 10)?.map(({ id }) => id)).toEqual([3])
  expect(recent.after(3, 10)).toBeNull()
})
