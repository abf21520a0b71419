import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  BACKUP_SECTIONS,
  matchRoute,
  pathOf,
  type Route,
  SETTINGS_SECTIONS,
  safeNext,
} from '../../../dashboard/src/app/router.ts'
import { resolveTheme } from '../../../dashboard/src/app/theme.ts'

const id = fc.string({ minLength: 1, maxLength: 40 }).filter(text => text.isWellFormed())
const route: fc.Arbitrary<Exclude<Route, { screen: 'not-found' }>> = fc.oneof(
  fc
    .constantFrom('wall' as const, 'setup' as const, 'sign-in' as const, 'incidents' as const)
    .map(screen => ({ screen })),
  id.map(one => ({ screen: 'server' as const, id: one })),
  id.map(one => ({ screen: 'incident' as const, id: one })),
  id.map(one => ({ screen: 'evidence' as const, id: one })),
  id.map(one => ({ screen: 'dataset' as const, id: one })),
  fc.constantFrom(...BACKUP_SECTIONS).map(section => ({ screen: 'backups' as const, section })),
  fc.constantFrom('duties' as const, 'duty-calendar' as const, 'exemptions' as const).map(screen => ({ screen })),
  id.filter(one => one !== 'calendar' && one !== 'exemptions').map(one => ({ screen: 'duty' as const, id: one })),
  fc.constantFrom(null, ...SETTINGS_SECTIONS).map(section => ({ screen: 'settings' as const, section })),
)

describe('addresses', () => {
  test('each screen has an address that leads back to it', () => {
    fc.assert(
      fc.property(route, one => {
        expect(matchRoute(pathOf(one))).toEqual(one)
      }),
    )
  })

  test('a trailing slash does not matter', () => {
    expect(matchRoute('/incidents/')).toEqual({ screen: 'incidents' })
  })

  test('what no screen answers is not found, a malformed escape included', () => {
    for (const path of [
      '/servers',
      '/servers/a/b',
      '/settings/nothing',
      '/backups/nothing',
      '/x',
      '/incidents/%E0%A4%A',
    ])
      expect(matchRoute(path)).toEqual({ screen: 'not-found' })
  })
})

describe('the way back after signing in', () => {
  test('leads to the screen one came from', () => {
    expect(safeNext('/servers/7?range=24h#graphs')).toBe('/servers/7?range=24h#graphs')
    expect(safeNext(null)).toBe('/')
  })

  test('never leads to another site, and never in a circle', () => {
    for (const crafted of [
      '//evil.example',
      'https://evil.example',
      '/\\evil.example',
      'javascript:alert(1)',
      '/sign-in',
      '/setup#x',
    ])
      expect(safeNext(crafted)).toBe('/')
  })

  test('whatever is asked for, the browser stays on this origin', () => {
    fc.assert(
      fc.property(
        fc
          .webUrl()
          .map(url => url.replace(/^https?:/, ''))
          .chain(tail => fc.constantFrom(tail, `/${tail}`, `http:${tail}`)),
        next => {
          expect(new URL(safeNext(next), 'https://pantau.example').origin).toBe('https://pantau.example')
        },
      ),
    )
  })
})

describe('the theme', () => {
  test('a choice by hand counts everywhere', () => {
    expect(resolveTheme('light', false, 3840)).toBe('light')
    expect(resolveTheme('dark', true, 360)).toBe('dark')
  })

  test('without one the device decides, but a wall is dark', () => {
    expect(resolveTheme('auto', true, 1440)).toBe('light')
    expect(resolveTheme('auto', false, 1440)).toBe('dark')
    expect(resolveTheme('auto', true, 3840)).toBe('dark')
  })
})
