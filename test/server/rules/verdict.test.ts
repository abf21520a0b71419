import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { PackRule } from '../../../server/rules/pack.ts'
import { decide, type Limits, limitsOf, type Standing } from '../../../server/rules/verdict.ts'

const DISK: Limits = { worse: 'above', unmet: 0.95, atRisk: 0.85, clearMargin: 0.02, holdMs: 15_000 }
const UPTIME: Limits = { worse: 'below', unmet: 0.99, atRisk: 0.995, clearMargin: 0, holdMs: 0 }
const SECOND = 1000

/** Plays values one after another, each with its moment in seconds, and tells the verdict after each. */
function play(limits: Limits, values: [second: number, value: number | null][], start: Standing | null = null) {
  let standing = start
  return values.map(([second, value]) => {
    standing = decide(standing, value, limits, second * SECOND)
    return standing.verdict
  })
}

describe('a disk that fills', () => {
  it('calls nobody for a peak, and somebody once it has held', () => {
    expect(
      play(DISK, [
        [0, 0.5],
        [10, 0.99],
        [20, 0.5],
        [30, 0.99],
        [44, 0.99],
        [45, 0.99],
      ]),
    ).toEqual(['met', 'met', 'met', 'met', 'met', 'unmet'])
  })

  it('is at risk before it is full, each after its own time', () => {
    expect(
      play(DISK, [
        [0, 0.5],
        [10, 0.9],
        [20, 0.97],
        [25, 0.97],
        [35, 0.97],
      ]),
    ).toEqual(['met', 'met', 'met', 'at-risk', 'unmet'])
  })

  it('is at risk although it trembles around the worse limit without ever holding there', () => {
    expect(
      play(DISK, [
        [0, 0.5],
        [10, 0.96],
        [20, 0.94],
        [30, 0.96],
        [40, 0.94],
      ]),
    ).toEqual(['met', 'met', 'met', 'at-risk', 'at-risk'])
  })

  it('is mended only when it is the margin below the limit', () => {
    const full = decide(null, 0.99, { ...DISK, holdMs: 0 }, 0)
    expect(full.verdict).toBe('unmet')
    expect(
      play(
        DISK,
        [
          [1, 0.94],
          [2, 0.931],
          [3, 0.929],
          [4, 0.84],
          [5, 0.83],
        ],
        full,
      ),
    ).toEqual(['unmet', 'unmet', 'at-risk', 'at-risk', 'met'])
  })

  it('goes on with its margin when the evidence was away for a while', () => {
    expect(
      play({ ...DISK, holdMs: 0 }, [
        [0, 0.96],
        [1, null],
        [2, 0.94],
      ]),
    ).toEqual(['unmet', 'unmeasured', 'unmet'])
  })

  it('a limit itself is still good, and so is a first good value at once', () => {
    expect(play({ ...DISK, holdMs: 0 }, [[0, 0.85]])).toEqual(['met'])
    expect(play({ ...DISK, holdMs: 0 }, [[0, 0.95]])).toEqual(['at-risk'])
    expect(play(DISK, [[0, 0.85]])).toEqual(['met'])
  })

  it('a first bad value is unmeasured until it has held', () => {
    expect(
      play(DISK, [
        [0, 0.99],
        [14, 0.99],
        [15, 0.99],
      ]),
    ).toEqual(['unmeasured', 'unmeasured', 'unmet'])
  })

  it('the time begins anew when the evidence was away', () => {
    expect(
      play(DISK, [
        [0, 0.5],
        [10, 0.99],
        [20, null],
        [30, 0.99],
        [40, 0.99],
        [45, 0.99],
      ]),
    ).toEqual(['met', 'met', 'unmeasured', 'unmeasured', 'unmeasured', 'unmet'])
  })

  it('stands since the moment of the verdict', () => {
    const met = decide(null, 0.1, DISK, 1 * SECOND)
    expect(decide(met, 0.2, DISK, 9 * SECOND)).toMatchObject({ verdict: 'met', since: 1 * SECOND })
    expect(decide(met, null, DISK, 9 * SECOND)).toMatchObject({ verdict: 'unmeasured', since: 9 * SECOND })
  })
})

it('an uptime is worse below', () => {
  expect(
    play(UPTIME, [
      [0, 1],
      [1, 0.995],
      [2, 0.9949],
      [3, 0.99],
      [4, 0.9899],
      [5, 0.991],
      [6, 0.999],
    ]),
  ).toEqual(['met', 'met', 'at-risk', 'at-risk', 'unmet', 'at-risk', 'met'])
})

describe('for any values', () => {
  const value = fc.double({ min: 0, max: 1, noNaN: true })
  const noValue = fc.constantFrom(null, Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY)
  const limits = fc
    .record({ a: value, b: value, hasRisk: fc.boolean(), clearMargin: fc.double({ min: 0, max: 0.3, noNaN: true }) })
    .chain(({ a, b, hasRisk, clearMargin }) =>
      fc.constantFrom('above' as const, 'below' as const).chain(worse =>
        fc.constantFrom(0, 5_000, 15_000).map((holdMs): Limits => {
          const [low, high] = a < b ? [a, b] : [b, a]
          const [good, bad] = worse === 'above' ? [low, high] : [high, low]
          return { worse, unmet: bad, atRisk: hasRisk && good !== bad ? good : null, clearMargin, holdMs }
        }),
      ),
    )
  const steps = fc.array(fc.record({ waitMs: fc.nat(20_000), value: fc.oneof(value, value, noValue) }), {
    minLength: 1,
    maxLength: 30,
  })
  const BADNESS = { met: 0, 'at-risk': 1, unmet: 2 }
  const badness = (verdict: string) => (verdict in BADNESS ? BADNESS[verdict as keyof typeof BADNESS] : -1)

  it('no value is never met, and a value is never taken for none once its time is over', () => {
    fc.assert(
      fc.property(limits, steps, (rule, played) => {
        let standing: Standing | null = null
        let at = 0
        for (const step of played) {
          at += step.waitMs
          standing = decide(standing, step.value, rule, at)
          if (step.value === null || !Number.isFinite(step.value)) expect(standing.verdict).toBe('unmeasured')
          else if (rule.holdMs === 0) expect(standing.verdict).not.toBe('unmeasured')
          expect(standing.since).toBeLessThanOrEqual(at)
          if (rule.atRisk === null) expect(standing.verdict).not.toBe('at-risk')
        }
      }),
    )
  })

  it('a worse value never earns a better verdict', () => {
    fc.assert(
      fc.property(limits, steps, value, value, fc.nat(20_000), (rule, played, one, other, waitMs) => {
        let standing: Standing | null = null
        let at = 0
        for (const step of played) {
          at += step.waitMs
          standing = decide(standing, step.value, rule, at)
        }
        const [better, worse] = (rule.worse === 'above') === one < other ? [one, other] : [other, one]
        const ofBetter = decide(standing, better, rule, at + waitMs)
        const ofWorse = decide(standing, worse, rule, at + waitMs)
        if (badness(ofBetter.verdict) >= 0 && badness(ofWorse.verdict) >= 0) {
          expect(badness(ofWorse.verdict)).toBeGreaterThanOrEqual(badness(ofBetter.verdict))
        }
      }),
    )
  })

  it('a value that trembles inside the margin never flaps, not even when evidence comes and goes', () => {
    const trembling = fc.array(fc.option(fc.double({ min: -0.999, max: 1, noNaN: true }), { freq: 4 }), {
      minLength: 1,
      maxLength: 40,
    })
    fc.assert(
      fc.property(trembling, fc.constantFrom('above' as const, 'below' as const), (shakes, worse) => {
        const rule: Limits = { worse, unmet: 0.5, atRisk: null, clearMargin: 0.1, holdMs: 0 }
        const sign = worse === 'above' ? 1 : -1
        let standing = decide(null, 0.5 + sign * 0.2, rule, 0)
        for (const [index, shake] of shakes.entries()) {
          standing = decide(standing, shake === null ? null : 0.5 + sign * 0.1 * shake, rule, index + 1)
          expect(standing.verdict).toBe(shake === null ? 'unmeasured' : 'unmet')
        }
      }),
    )
  })

  it('what is bad for longer than the hold time is told, however it wavers beyond the limit', () => {
    fc.assert(
      fc.property(fc.array(fc.double({ min: 0.9501, max: 1, noNaN: true }), { minLength: 3, maxLength: 20 }), bad => {
        let standing: Standing | null = null
        for (const [index, one] of bad.entries()) standing = decide(standing, one, DISK, index * 10_000)
        expect(standing?.verdict).toBe('unmet')
      }),
    )
  })
})

describe('limits of a rule', () => {
  const rule = (parameters: Record<string, number>): PackRule => ({
    id: 'disk',
    title: { id: 'Disk', en: 'Disk' },
    measure: 'filesystem_used_ratio',
    subject: 'server',
    severity: 'high',
    parameters: Object.fromEntries(
      Object.entries(parameters).map(([name, value]) => [name, { value, source: 'diskominfo' as const }]),
    ),
  })

  it('are read with their defaults', () => {
    expect(limitsOf(rule({ unmetAbove: 3 }))).toEqual({
      worse: 'above',
      unmet: 3,
      atRisk: null,
      clearMargin: 0,
      holdMs: 0,
    })
    expect(limitsOf(rule({ unmetBelow: 0.99, atRiskBelow: 0.995, holdSeconds: 2, clearMargin: 0.001 }))).toEqual({
      worse: 'below',
      unmet: 0.99,
      atRisk: 0.995,
      clearMargin: 0.001,
      holdMs: 2000,
    })
  })

  it.each([
    [{}, 'set exactly one of unmetAbove and unmetBelow'],
    [{ atRiskAbove: 1 }, 'set exactly one of unmetAbove and unmetBelow'],
    [{ unmetAbove: 1, unmetBelow: 2 }, 'set exactly one of unmetAbove and unmetBelow'],
    [{ unmetAbove: 1, atRiskBelow: 2 }, 'same way'],
    [{ unmetBelow: 1, atRiskAbove: 2 }, 'same way'],
    [{ unmetAbove: 0.9, atRiskAbove: 0.9 }, 'good side'],
    [{ unmetAbove: 0.9, atRiskAbove: 0.95 }, 'good side'],
    [{ unmetBelow: 0.9, atRiskBelow: 0.85 }, 'good side'],
    [{ unmetAbove: 1, clearMargin: -0.1 }, 'must not be negative'],
    [{ unmetAbove: 1, holdSeconds: -1 }, 'must not be negative'],
  ])('%j is refused', (parameters, sentence) => {
    expect(limitsOf(rule(parameters))).toContain(sentence)
  })
})
