import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { effectiveState, isStale, STALE_INTERVALS } from '../../../dashboard/src/live/effective-state.ts'
import { SUBJECT_STATES } from '../../../protocol/vocabulary.ts'
import { aTile, NOON } from '../support.ts'

describe('what the page may claim', () => {
  test('a server that says up on data of three intervals is up, a moment later it is unknown', () => {
    const tile = aTile('a', { lastSampleAt: NOON })
    expect(effectiveState(tile, NOON + 30_000)).toBe('up')
    expect(effectiveState(tile, NOON + 30_001)).toBe('unknown')
  })

  test('a server that never delivered is not up, whatever its record says', () => {
    expect(effectiveState(aTile('a', { lastSampleAt: null }), NOON)).toBe('unknown')
  })

  test('what probes still reach is as the collector says, however old its samples are', () => {
    const tile = aTile('a', { state: 'degraded', lastSampleAt: null, isReached: true })
    expect(effectiveState(tile, NOON)).toBe('degraded')
  })

  test('what is known to be bad stays known', () => {
    const old = NOON + 3_600_000
    expect(effectiveState(aTile('a', { state: 'down' }), old)).toBe('down')
    expect(effectiveState(aTile('a', { state: 'unreachable' }), old)).toBe('unreachable')
    expect(effectiveState(aTile('a', { state: 'degraded' }), old)).toBe('unknown')
  })

  test('old data never looks OK', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...SUBJECT_STATES),
        fc.integer({ min: 100, max: 3_600_000 }),
        fc.integer({ min: 1, max: 1e9 }),
        (state, intervalMs, beyondMs) => {
          const tile = aTile('a', { state, intervalMs, lastSampleAt: NOON })
          const at = NOON + STALE_INTERVALS * intervalMs + beyondMs
          expect(isStale(tile, at)).toBe(true)
          expect(effectiveState(tile, at)).not.toBe('up')
        },
      ),
    )
  })
})
