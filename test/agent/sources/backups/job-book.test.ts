import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createJobBook, mayBegin } from '../../../../agent/sources/backups/job-book.ts'
import type { PlannedJob } from '../../../../agent/sources/backups/plan.ts'

const job = (name: string, more: Partial<PlannedJob> = {}): PlannedJob => ({
  ...{ dataset: 'd', name, tool: 'files', everyMs: 900_000, withinMs: 60_000, problem: null, checks: [] },
  ...more,
})
const WALL = new Date(2026, 10, 22, 3, 0)

describe('when to look', () => {
  it('spreads the jobs, and each keeps its rhythm however long a look takes', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 80 }), fc.integer({ min: 0, max: 3_000_000 }), (count, tookMs) => {
        const book = createJobBook({ firstAfterMs: 1_000 })
        const jobs = Array.from({ length: count }, (_, index) => job(`job-${index}`))
        book.take(jobs, 0)
        expect(book.due(0, WALL)).toEqual([])
        expect(book.due(62_000, WALL)).toHaveLength(count)
        const [first] = book.due(1_000, WALL)
        expect(first?.job.name).toBe('job-0')
        if (first === undefined) return
        book.begin(first)
        expect(book.due(1_500, WALL).filter(({ job }) => job.name === 'job-0')).toEqual([])
        book.done(first, 1_000 + tookMs)
        const nextMs = 1_000 + 900_000 * (Math.floor(tookMs / 900_000) + 1)
        const names = (atMs: number) => book.due(atMs, WALL).map(({ job }) => job.name)
        expect(names(nextMs - 1)).not.toContain('job-0')
        expect(names(nextMs)).toContain('job-0')
      }),
    )
  })

  it('a new plan moves only what is new or other', () => {
    const book = createJobBook({ firstAfterMs: 0 })
    book.take([job('a')], 0)
    const [look] = book.due(0, WALL)
    if (look !== undefined) book.begin(look)
    if (look !== undefined) book.done(look, 10)
    book.take([job('a'), job('b')], 20)
    expect(book.due(5_000, WALL).map(({ job }) => job.name)).toEqual(['b'])
    book.take([], 30)
    expect(book.size()).toBe(0)
  })

  it('checks after a look, within its hours, once', () => {
    const check = {
      purpose: 'restore-test' as const,
      withinMs: 1_000,
      dueAt: 0,
      between: [120, 300] as [number, number],
    }
    const book = createJobBook({ firstAfterMs: 0 })
    book.take([job('a', { checks: [check] })], 0)
    const [look] = book.due(0, WALL)
    expect(look?.check).toBeUndefined()
    if (look !== undefined) book.begin(look)
    expect(book.due(1, WALL)).toEqual([])
    if (look !== undefined) book.done(look, 10)
    expect(book.due(20, new Date(2026, 10, 22, 12, 0))).toEqual([])
    const [due] = book.due(20, WALL)
    expect(due?.check).toEqual(check)
    if (due !== undefined) book.begin(due)
    expect(book.due(21, WALL)).toEqual([])
    if (due !== undefined) book.done(due, 30)
    // Until a plan says when it is due again, not at once.
    expect(book.due(40, WALL)).toEqual([])
  })

  it('hours may reach over midnight', () => {
    const at = (hours: number) => mayBegin([22 * 60, 5 * 60], new Date(2026, 10, 22, hours, 0))
    expect([21, 22, 0, 4, 5].map(at)).toEqual([false, true, true, true, false])
  })
})
