import { describe, expect, it } from 'vitest'
import { CATALOGUE } from '../../../server/rules/measures/catalogue.ts'
import { DUTY_MEASURES } from '../../../server/rules/measures/duty-registry.ts'
import { judgedMonth, monthVerdict } from '../../../server/rules/measures/observed.ts'
import { distanceKm } from '../../../server/rules/measures/placement.ts'

const HOUR_MS = 3_600_000
const MONTH = judgedMonth(Date.UTC(2026, 2, 20), '2026-03-20', 'Asia/Jakarta')

describe('the measures of duties', () => {
  it('are those of the catalogue, each once', () => {
    expect(Object.keys(DUTY_MEASURES).sort()).toEqual(Object.keys(CATALOGUE).sort())
  })
})

describe('a month against its target', () => {
  it('is the open one from its second day on, in the zone of the city', () => {
    expect(MONTH).toMatchObject({ from: Date.UTC(2026, 1, 28, 17), endsAt: Date.UTC(2026, 2, 31, 17) })
    const first = judgedMonth(Date.UTC(2026, 3, 1, 1), '2026-04-01', 'Asia/Jakarta')
    expect(first.from).toBe(MONTH.from)
    expect(first.to).toBe(MONTH.endsAt)
  })

  it('is lost for certain once the target is out of reach, however little was seen', () => {
    // 744 hours: half a per cent are 3.72.
    expect(monthVerdict(MONTH, { upMs: 300 * HOUR_MS, outageMs: 3 * HOUR_MS }, 0.995).value).toBeGreaterThan(0.995)
    expect(monthVerdict(MONTH, { upMs: 300 * HOUR_MS, outageMs: 4 * HOUR_MS }, 0.995).value).toBeLessThan(0.995)
    expect(monthVerdict(MONTH, { upMs: 0, outageMs: 4 * HOUR_MS }, 0.995).value).toBeLessThan(0.995)
  })

  it('says nothing while too little of it was seen', () => {
    expect(monthVerdict(MONTH, { upMs: 100 * HOUR_MS, outageMs: 0 }, 0.995).value).toBeNull()
    expect(monthVerdict(MONTH, { upMs: 0, outageMs: 0 }, 0.995).value).toBeNull()
  })
})

describe('a distance', () => {
  it('is the great circle: Solo to Yogyakarta', () => {
    const km = distanceKm({ latitude: -7.5666, longitude: 110.8167 }, { latitude: -7.8014, longitude: 110.3644 })
    expect(km).toBeGreaterThan(55)
    expect(km).toBeLessThan(57)
  })
})
