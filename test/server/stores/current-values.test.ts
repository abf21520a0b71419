import { describe, expect, it } from 'vitest'
import { createCurrentValues } from '../../../server/stores/current-values.ts'

const HOUR_MS = 3_600_000
const disk = (mountpoint: string, at: number, value: number) => ({ metric: 'used', labels: { mountpoint }, at, value })

describe('current values', () => {
  it('keep the newest of each series, whether a metric has one or several', () => {
    const current = createCurrentValues()
    current.put('a', disk('/', 2, 0.5))
    current.put('a', disk('/', 1, 0.4))
    expect(current.of('a', 'used')).toEqual([disk('/', 2, 0.5)])
    current.put('a', disk('/home', 2, 0.1))
    current.put('a', disk('/', 3, 0.6))
    current.put('a', { metric: 'load', labels: {}, at: 3, value: 1 })
    current.put('b', disk('/', 1, 0.9))
    expect(current.of('a', 'used')).toEqual([disk('/', 3, 0.6), disk('/home', 2, 0.1)])
    expect(current.all('a')).toHaveLength(3)
    expect(current.of('b', 'used')).toEqual([disk('/', 1, 0.9)])
    expect(current.of('b', 'load')).toEqual([])
  })

  it('let go of a series that fell silent a day ago while its subject speaks on', () => {
    const current = createCurrentValues()
    current.put('a', disk('/', 0, 0.5))
    current.put('a', disk('/mnt', 0, 0.5))
    current.put('a', { metric: 'gone', labels: {}, at: 0, value: 1 })
    for (let hour = 1; hour <= 26; hour++) current.put('a', disk('/', hour * HOUR_MS, 0.5))
    expect(current.all('a')).toEqual([disk('/', 26 * HOUR_MS, 0.5)])
  })
})
