import { describe, expect, it } from 'vitest'
import { availabilityOf, historyOf, upUntil } from '../../../server/availability/history.ts'
import { evidenceLastsMs, subjectStateOf } from '../../../server/availability/subject-state.ts'

const INTERVAL_MS = 10_000
const NOTHING = { up: [], down: [], watched: [] }

describe('the history of a subject', () => {
  it('has a state for every moment: what nobody speaks for is unknown', () => {
    const known = {
      ...NOTHING,
      up: [
        { from: 100, to: 200 },
        { from: 500, to: 700 },
      ],
      down: [{ from: 200, to: 450, cause: 'power' }],
    }
    expect(historyOf(known, { from: 0, to: 1000 })).toEqual([
      { from: 0, to: 100, state: 'unknown', cause: null },
      { from: 100, to: 200, state: 'up', cause: null },
      { from: 200, to: 450, state: 'down', cause: 'power' },
      { from: 450, to: 500, state: 'unknown', cause: null },
      { from: 500, to: 700, state: 'up', cause: null },
      { from: 700, to: 1000, state: 'unknown', cause: null },
    ])
    expect(historyOf(NOTHING, { from: 5, to: 9 })).toEqual([{ from: 5, to: 9, state: 'unknown', cause: null }])
  })

  it('a healthy server is up until now, as its tile says, and not silent since its last word', () => {
    const now = 100_000
    const known = { up: [{ from: 0, to: 95_000 }], down: [], watched: [{ from: 0, to: 97_000 }] }
    const window = { from: 0, to: now }
    const seen = upUntil(known, now, evidenceLastsMs(INTERVAL_MS))
    expect(historyOf(seen, window)).toEqual([{ from: 0, to: now, state: 'up', cause: null }])
    expect(availabilityOf(seen, window)).toMatchObject({ upMs: now, outageMs: 0, unobservedMs: 0, uptimeRatio: 1 })
  })

  it('once its evidence has run out, the silence counts from the last word on', () => {
    const known = { up: [{ from: 0, to: 60_000 }], down: [], watched: [{ from: 0, to: 100_000 }] }
    const lastsMs = evidenceLastsMs(INTERVAL_MS)
    expect(upUntil(known, 90_000, lastsMs).up).toEqual([{ from: 0, to: 90_000 }])
    expect(upUntil(known, 90_001, lastsMs)).toEqual(known)
    expect(availabilityOf(upUntil(known, 100_000, lastsMs), { from: 0, to: 100_000 })).toMatchObject({
      upMs: 60_000,
      outageMs: 40_000,
    })
  })

  it('nothing heard gives nothing to go on with', () => {
    expect(upUntil(NOTHING, 100, 1000)).toEqual(NOTHING)
  })
})

describe('the state of a server now', () => {
  const state = (ageMs: number | null, worstSeverity: 'critical' | 'high' | 'medium' | null = null) =>
    subjectStateOf({
      at: 1_000_000,
      lastHeardAt: ageMs === null ? null : 1_000_000 - ageMs,
      listenedUntil: null,
      intervalMs: INTERVAL_MS,
      worstSeverity,
    })

  it('is up for three intervals after its last word, then unknown', () => {
    expect(state(0)).toBe('up')
    expect(state(30_000)).toBe('up')
    expect(state(30_001)).toBe('unknown')
    expect(state(null)).toBe('unknown')
  })

  it('is down when it is asked and does not answer, and unknown when nobody asks any more', () => {
    const asked = (heardAgoMs: number | null, askedAgoMs: number) =>
      subjectStateOf({
        ...{ at: 1_000_000, intervalMs: INTERVAL_MS, worstSeverity: null },
        lastHeardAt: heardAgoMs === null ? null : 1_000_000 - heardAgoMs,
        listenedUntil: 1_000_000 - askedAgoMs,
      })
    expect(asked(30_000, 0)).toBe('up')
    expect(asked(30_001, 0)).toBe('down')
    expect(asked(null, 0)).toBe('down')
    expect(asked(60_000, 30_001)).toBe('unknown')
    expect(asked(60_000, 60_000)).toBe('unknown')
  })

  it('is degraded while something serious is open, but never without evidence', () => {
    expect(state(0, 'critical')).toBe('degraded')
    expect(state(0, 'high')).toBe('degraded')
    expect(state(0, 'medium')).toBe('up')
    expect(state(30_001, 'critical')).toBe('unknown')
    expect(state(null, 'high')).toBe('unknown')
  })
})
