import { describe, expect, test } from 'vitest'
import { type Line, nextLine, SILENCE_MS } from '../../../dashboard/src/live/line.ts'
import { LIVE_BEAT_MS } from '../../../protocol/live.ts'

const live: Line = { state: 'live', since: 1_000 }

describe('the line to the collector', () => {
  test('two missed beats are tolerated, the third silence is a loss dated by the last word', () => {
    expect(SILENCE_MS).toBeGreaterThan(2 * LIVE_BEAT_MS)
    expect(nextLine(live, { kind: 'tick', at: 10_000 + SILENCE_MS, lastHeardAt: 10_000 })).toBe(live)
    expect(nextLine(live, { kind: 'tick', at: 10_001 + SILENCE_MS, lastHeardAt: 10_000 })).toEqual({
      state: 'lost',
      since: 10_000,
    })
  })

  test('a closed socket is a loss at once', () => {
    expect(nextLine(live, { kind: 'disconnected', at: 7_000 })).toEqual({ state: 'lost', since: 7_000 })
  })

  test('a loss keeps its date through failed attempts, until something is heard', () => {
    const lost: Line = { state: 'lost', since: 5_000 }
    expect(nextLine(lost, { kind: 'disconnected', at: 9_000 })).toBe(lost)
    expect(nextLine(lost, { kind: 'tick', at: 99_000, lastHeardAt: 4_000 })).toBe(lost)
    expect(nextLine(lost, { kind: 'heard', at: 12_000 })).toEqual({ state: 'live', since: 12_000 })
  })

  test('a page that never heard anything is lost after the same silence', () => {
    const connecting: Line = { state: 'connecting', since: 0 }
    expect(nextLine(connecting, { kind: 'tick', at: SILENCE_MS + 1, lastHeardAt: 0 }).state).toBe('lost')
  })
})
