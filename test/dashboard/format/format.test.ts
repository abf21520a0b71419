import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { formatAge, formatDuration } from '../../../dashboard/src/format/age.ts'
import { formatBitRate, formatBytes, formatPercent, formatUptime } from '../../../dashboard/src/format/number.ts'
import { formatTime, zoneName, zoneOffsetMs } from '../../../dashboard/src/format/time.ts'
import { formatValue } from '../../../dashboard/src/format/value.ts'
import { NOON } from '../support.ts'

const MINUTE = 60_000
const HOUR = 60 * MINUTE

describe('figures', () => {
  test('Indonesian has the decimal comma, English the point', () => {
    expect(formatPercent(0.9734, 'id', 1)).toBe('97,3%')
    expect(formatPercent(0.9734, 'en', 1)).toBe('97.3%')
    expect(formatBytes(1.5 * 1024 ** 3, 'id')).toBe('1,5 GiB')
    expect(formatBytes(1.5 * 1024 ** 3, 'en')).toBe('1.5 GiB')
  })

  test('bytes are binary, bit rates are decimal', () => {
    expect(formatBytes(0, 'en')).toBe('0 B')
    expect(formatBytes(1023, 'en')).toBe('1,023 B')
    expect(formatBytes(1024, 'en')).toBe('1 KiB')
    expect(formatBytes(1024 ** 2 - 1, 'en')).toBe('1 MiB')
    expect(formatBitRate(999, 'en')).toBe('999 bit/s')
    expect(formatBitRate(12_700_000, 'en')).toBe('12.7 Mbit/s')
    expect(formatBitRate(999_960, 'en')).toBe('1 Mbit/s')
    expect(formatBitRate(-2_500, 'en')).toBe('-2.5 kbit/s')
  })

  test('no size ever reads as a full next unit', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 2 ** 52 }), bytes => {
        const [figure] = formatBytes(bytes, 'en').replace(/,/g, '').split(' ')
        expect(Number(figure)).toBeLessThan(1024)
      }),
    )
  })

  test('an availability with any outage never rounds up to 100 %', () => {
    expect(formatUptime(1, 'id')).toBe('100%')
    expect(formatUptime(0.9999999, 'id')).toBe('99,999%')
    expect(formatUptime(0.99987, 'en')).toBe('99.987%')
    expect(formatUptime(0.99999, 'en')).toBe('99.999%')
    fc.assert(
      fc.property(fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }), ratio => {
        expect(Number(formatUptime(ratio, 'en').replace('%', ''))).toBeLessThan(100)
      }),
    )
  })

  test('a value is written in the unit of its rule', () => {
    expect(formatValue(0.95, 'ratio', 'id')).toBe('95%')
    expect(formatValue(0.973, 'ratio', 'id')).toBe('97,3%')
    expect(formatValue(3, 'intervals', 'id')).toBe('3 selang')
    expect(formatValue(1, 'intervals', 'en')).toBe('1 interval')
    expect(formatValue(3, 'batches', 'id')).toBe('3 kiriman')
    expect(formatValue(1, 'batches', 'en')).toBe('1 batch')
    expect(formatValue(90, 's', 'en')).toBe('1 min 30 s')
    expect(formatValue(12, 'celsius', 'en')).toBe('12 celsius')
  })
})

describe('ages and durations', () => {
  test('an age has one unit and is rounded down', () => {
    expect(formatAge(59_999, 'id')).toBe('59 dtk')
    expect(formatAge(MINUTE, 'id')).toBe('1 mnt')
    expect(formatAge(47 * HOUR, 'id')).toBe('47 jam')
    expect(formatAge(48 * HOUR, 'id')).toBe('2 hari')
    expect(formatAge(48 * HOUR, 'en')).toBe('2 d')
  })

  test('a clock that runs ahead gives no negative age', () => {
    expect(formatAge(-5_000, 'en')).toBe('0 s')
  })

  test('a duration has two units, the second only where it says something', () => {
    expect(formatDuration(250, 'en')).toBe('250 ms')
    expect(formatDuration(0, 'en')).toBe('0 s')
    expect(formatDuration(2 * HOUR + 5 * MINUTE, 'id')).toBe('2 jam 5 mnt')
    expect(formatDuration(24 * HOUR, 'id')).toBe('1 hari')
  })
})

describe('times of the place', () => {
  test('an instant is shown in the zone of the place, with the name people use', () => {
    expect(formatTime(NOON, 'Asia/Jakarta', 'id', 'clock')).toBe('12.00.00')
    expect(formatTime(NOON, 'Asia/Makassar', 'id', 'minute')).toBe('13.00')
    expect(formatTime(NOON, 'Asia/Jayapura', 'en', 'clock')).toBe('14:00:00')
    expect(zoneName('Asia/Jakarta', NOON, 'en')).toBe('WIB')
    expect(zoneName('Asia/Makassar', NOON, 'en')).toBe('WITA')
    expect(zoneName('Asia/Jayapura', NOON, 'id')).toBe('WIT')
    expect(zoneName('UTC', NOON, 'en')).toBe('UTC')
  })

  test('midnight is 00, not 24', () => {
    expect(formatTime(NOON - 12 * HOUR, 'Asia/Jakarta', 'en', 'clock')).toBe('00:00:00')
    expect(zoneOffsetMs('Asia/Jakarta', NOON - 12 * HOUR)).toBe(7 * HOUR)
    expect(zoneOffsetMs('Asia/Jayapura', NOON + 123)).toBe(9 * HOUR)
  })
})
