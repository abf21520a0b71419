import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  blinded,
  type Debounce,
  type DebounceSettings,
  debounce,
  nextQuestionAt,
  tellable,
  UNDECIDED,
} from '../../../../agent/sources/probes/debounce.ts'
import { PROBE_DEFAULTS } from '../../../../protocol/probe-words.ts'

const SETTINGS: DebounceSettings = { everyMs: 3_000, retryEveryMs: 500, failures: 4, successes: 2 }

/** A device that answers or not by the time of the question, asked as the machine itself wants it. */
function play(answers: (at: number) => boolean, untilMs: number, settings = SETTINGS) {
  const told: { at: number; standing: Debounce }[] = []
  let standing = UNDECIDED
  for (let at = 0; at < untilMs; ) {
    const before = standing.state
    standing = debounce(standing, answers(at) ? 'answered' : 'failed', at, settings)
    if (standing.state !== before) told.push({ at, standing })
    at = nextQuestionAt(standing, at, settings)
  }
  return told
}

describe('answers and silences become a state', () => {
  it('a router that is pulled is down within 5 s of its last answer, from the first question it left unanswered', () => {
    const defaults = { ...PROBE_DEFAULTS }
    for (let pulledAt = 60_001; pulledAt < 63_001; pulledAt += 250) {
      const [first, second] = play(at => at < pulledAt, 120_000, defaults)
      expect(first).toMatchObject({ at: 0, standing: { state: 'up', since: 0 } })
      const firstUnanswered = Math.ceil(pulledAt / 3_000) * 3_000
      expect(second?.standing).toMatchObject({ state: 'down', since: firstUnanswered })
      // The last question needs its time to stay unanswered, too.
      expect((second?.at ?? 0) + defaults.timeoutMs - pulledAt).toBeLessThanOrEqual(5_000)
    }
  })

  it('a single lost packet is nothing', () => {
    expect(play(at => at !== 30_000, 120_000)).toHaveLength(1)
  })

  it('one answer out of the silence does not make it up; two do, from the first of them', () => {
    const flicker = play(at => at < 9_000 || at === 31_500 || at >= 60_000, 120_000)
    expect(flicker.map(({ standing }) => standing.state)).toEqual(['up', 'down', 'up'])
    expect(flicker[2]?.standing.since).toBeGreaterThanOrEqual(60_000)
  })

  it('of what is in doubt nothing is told, and a poller without network tells of nothing at all', () => {
    const up = debounce(UNDECIDED, 'answered', 0, SETTINGS)
    expect(tellable(up)).toBe('up')
    const doubtful = debounce(up, 'failed', 3_000, SETTINGS)
    expect(tellable(doubtful)).toBeNull()
    expect(nextQuestionAt(doubtful, 3_000, SETTINGS)).toBe(3_500)
    expect(tellable(debounce(doubtful, 'answered', 3_500, SETTINGS))).toBe('up')
    expect(tellable(blinded())).toBeNull()
  })

  it('whatever comes, a state changes only after as many of one kind in a row as it must, and from the first of them', () => {
    const settings = fc.record({ failures: fc.integer({ min: 1, max: 6 }), successes: fc.integer({ min: 1, max: 6 }) })
    fc.assert(
      fc.property(fc.array(fc.boolean(), { maxLength: 60 }), settings, (outcomes, limits) => {
        let standing = UNDECIDED
        for (const [at, answered] of outcomes.entries()) {
          const before = standing
          standing = debounce(standing, answered ? 'answered' : 'failed', at, limits)
          let row = 0
          while (row <= at && outcomes[at - row] === answered) row += 1
          const outcome = answered ? 'up' : 'down'
          const needed = answered ? (before.state === null ? 1 : limits.successes) : limits.failures
          if (standing.state !== before.state) {
            expect(standing).toEqual({ state: outcome, since: at - needed + 1, doubt: null })
            expect(row).toBeGreaterThanOrEqual(needed)
          } else if (before.state !== outcome) expect(row).toBeLessThan(needed)
        }
      }),
    )
  })
})
