import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  arrangeIncidents,
  arrangeTiles,
  countStates,
  matchesFilter,
} from '../../../dashboard/src/views/wall/arrange.ts'
import { chooseDensity, DENSITIES } from '../../../dashboard/src/views/wall/density.ts'
import { splitName } from '../../../dashboard/src/views/wall/split-name.ts'
import { SUBJECT_STATES } from '../../../protocol/vocabulary.ts'
import { anIncident, aTile, NOON } from '../support.ts'

describe('the order of the wall', () => {
  test('worst first; silence above slowness; names as people count', () => {
    const servers = [
      aTile('web-10'),
      aTile('web-9'),
      aTile('m', { state: 'maintenance' }),
      aTile('s', { state: 'degraded' }),
      aTile('q', { lastSampleAt: NOON - 60_000 }),
      aTile('d', { state: 'down' }),
      aTile('u', { state: 'unreachable' }),
    ]
    expect(arrangeTiles(servers, NOON).map(({ tile }) => tile.id)).toEqual(['d', 'u', 'q', 's', 'm', 'web-9', 'web-10'])
  })

  test('among equals the worst incident comes first', () => {
    const servers = [aTile('a', { worstSeverity: 'low' }), aTile('b', { worstSeverity: 'critical' }), aTile('c')]
    expect(arrangeTiles(servers, NOON).map(({ tile }) => tile.id)).toEqual(['b', 'a', 'c'])
  })

  test('does not depend on the order in which the collector names the servers', () => {
    const servers = fc.uniqueArray(
      fc.record({ id: fc.uuid(), state: fc.constantFrom(...SUBJECT_STATES), name: fc.constantFrom('a', 'b', 'c') }),
      { selector: one => one.id, maxLength: 20 },
    )
    fc.assert(
      fc.property(servers, list => {
        const tiles = list.map(one => aTile(one.id, one))
        const order = (input: typeof tiles) => arrangeTiles(input, NOON).map(({ tile }) => tile.id)
        expect(order([...tiles].reverse())).toEqual(order(tiles))
      }),
    )
  })

  test('counts what is shown, not what was last said', () => {
    const shown = arrangeTiles([aTile('a'), aTile('b', { lastSampleAt: null })], NOON)
    expect(countStates(shown)).toMatchObject({ up: 1, unknown: 1, down: 0 })
  })

  test('the filter wants every word', () => {
    const tile = aTile('x', { name: 'Disdukcapil-DB', slug: 'disdukcapil-db-7' })
    expect(matchesFilter(tile, 'db dukcapil')).toBe(true)
    expect(matchesFilter(tile, '')).toBe(true)
    expect(matchesFilter(tile, 'db mail')).toBe(false)
  })

  test('incidents: worst, then what nobody has taken on, then newest', () => {
    const list = [
      anIncident(1, { severity: 'low' }),
      anIncident(2, { severity: 'critical', state: 'acknowledged' }),
      anIncident(3, { severity: 'critical', openedAt: NOON - 9_000 }),
      anIncident(4, { severity: 'critical', openedAt: NOON }),
    ]
    expect(arrangeIncidents(list).map(incident => incident.number)).toEqual([4, 3, 2, 1])
  })
})

describe('how large a tile is', () => {
  test('one server gets a large tile, many get small ones', () => {
    expect(chooseDensity(1, 60, 40, 16)).toEqual({ density: 'hero', scale: 1.6 })
    expect(chooseDensity(24, 74, 44, 38.4).density).toBe('normal')
    expect(chooseDensity(500, 60, 40, 16)).toEqual({ density: 'dense', scale: 1 })
  })

  test('on a wall 500 servers fit without scrolling, on a desk their letters stay readable', () => {
    expect(chooseDensity(500, 74, 46, 38.4).scale).toBeLessThan(1)
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 2_000 }), fc.integer({ min: 16, max: 42 }), (count, remPx) => {
        expect(chooseDensity(count, 60, 40, remPx).scale * remPx).toBeGreaterThanOrEqual(16)
      }),
    )
  })

  test('whatever is chosen from the large ones fits into the space', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 2_000 }),
        fc.integer({ min: 41, max: 120 }),
        fc.integer({ min: 10, max: 70 }),
        (count, width, height) => {
          const { density, scale } = chooseDensity(count, width, height, 16)
          const size = DENSITIES.find(one => one.name === density)
          if (size === undefined || density === 'dense') return
          const columns = Math.max(1, Math.floor(width / (size.widthRem * scale)))
          expect(Math.ceil(count / columns) * size.heightRem * scale).toBeLessThanOrEqual(height)
        },
      ),
    )
  })

  test('a phone shows rows', () => {
    expect(chooseDensity(300, 21, 40, 16)).toEqual({ density: 'compact', scale: 1 })
  })
})

describe('a name that is too long', () => {
  test('keeps its end, where the number stands', () => {
    expect(splitName('backup-nas-12')).toEqual(['backup-nas', '-12'])
    expect(splitName('srv-perizinan-oss')).toEqual(['srv-perizinan', '-oss'])
    expect(splitName('srv-simpeg-aplikasi-01')).toEqual(['srv-simpeg-aplikasi', '-01'])
    expect(splitName('mail')).toEqual(['mail', ''])
  })

  test('of a domain keeps its front', () => {
    expect(splitName('db01.disdukcapil.depok.go.id')).toEqual(['db01.disdukcapil.depok.go.id', ''])
  })

  test('is never changed as a whole', () => {
    fc.assert(
      fc.property(fc.string(), name => {
        expect(splitName(name).join('')).toBe(name)
      }),
    )
  })
})
