import { execFileSync } from 'node:child_process'
import { statfsSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Availability } from '../../../server/availability/availability.ts'
import { filesystemUsedRatio, usedRatioOf } from '../../../server/rules/measures/filesystem-used-ratio.ts'
import { heartbeat } from '../../../server/rules/measures/heartbeat.ts'
import type { MeasureInput } from '../../../server/rules/measures/measure.ts'
import { serverUptime } from '../../../server/rules/measures/server-uptime.ts'
import { createCurrentValues } from '../../../server/stores/current-values.ts'

const INTERVAL_MS = 10_000
const HOUR_MS = 3_600_000
const NOW = Date.UTC(2026, 10, 23, 1)
const SERVER = '01938f6e-0000-7000-8000-000000000001'
const PARAMETERS: Record<string, number> = { unmetAbove: 3, windowDays: 30, minimumObservedHours: 24 }

function inputOf(
  change: Partial<MeasureInput> & { lastSampleAt?: number | null; enrolledAt?: number } = {},
): MeasureInput {
  const { lastSampleAt = NOW, enrolledAt = NOW - HOUR_MS, ...rest } = change
  return {
    at: NOW,
    subject: { id: SERVER, intervalMs: INTERVAL_MS, enrolledAt, lastSampleAt },
    current: () => [],
    silenceCountsFrom: 0,
    availability: null,
    parameter: name => PARAMETERS[name] ?? Number.NaN,
    knownParts: [],
    ...rest,
  }
}

describe('heartbeat', () => {
  const value = (lastSampleAt: number | null, more: Parameters<typeof inputOf>[0] = {}) =>
    heartbeat.evaluate(inputOf({ lastSampleAt, ...more })).map(measurement => measurement.value)

  it('counts in intervals of the agent itself', () => {
    expect(value(NOW)).toEqual([0])
    expect(value(NOW - 15_000)).toEqual([1.5])
    expect(value(NOW - 30_000)).toEqual([3])
    expect(value(NOW - 30_100)).toEqual([3.01])
  })

  it('a word from the future is no negative silence', () => {
    expect(value(NOW + 60_000)).toEqual([0])
  })

  it('says nothing of silence while the collector has only just begun to listen, and of fresh words at once', () => {
    const deaf = { silenceCountsFrom: NOW + 1 }
    expect(value(NOW - HOUR_MS, deaf)).toEqual([])
    expect(value(NOW - INTERVAL_MS, deaf)).toEqual([1])
    expect(value(NOW - HOUR_MS, { silenceCountsFrom: NOW })).toEqual([360])
  })

  it('has no value for a server that never spoke, until its first word is overdue', () => {
    expect(value(null, { enrolledAt: NOW - 30_000 })).toEqual([null])
    expect(value(null, { enrolledAt: NOW - 30_100 })).toEqual([3.01])
    expect(value(null, { enrolledAt: NOW - 30_000, knownParts: [''] })).toEqual([])
  })
})

describe('filesystem_used_ratio', () => {
  it('is what df shows, for the filesystems of this machine', () => {
    const rows = execFileSync(
      'df',
      ['--output=pcent,target', '-x', 'overlay', '-x', 'squashfs', '/', '/tmp', '/dev/shm'],
      {
        encoding: 'utf8',
        env: { ...process.env, LC_ALL: 'C' },
      },
    )
    const shown = rows
      .split('\n')
      .slice(1)
      .flatMap(row => {
        const [, percent, target] = /^\s*(\d+)%\s+(\/.*)$/.exec(row) ?? []
        return target === undefined ? [] : [{ percent: Number(percent), target }]
      })
    expect(shown.length).toBeGreaterThan(0)
    for (const { percent, target } of shown) {
      const { bsize, blocks, bfree, bavail } = statfsSync(target)
      const ratio = usedRatioOf({ sizeBytes: blocks * bsize, freeBytes: bfree * bsize, availBytes: bavail * bsize })
      // df rounds up; a block may have been written between the two looks.
      expect(Math.abs(Math.ceil((ratio ?? 0) * 100) - percent), target).toBeLessThanOrEqual(1)
    }
  })

  it('counts blocks that only root may use as used, and is full when a user can write nothing more', () => {
    expect(usedRatioOf({ sizeBytes: 100, freeBytes: 25, availBytes: 20 })).toBe(75 / 95)
    expect(usedRatioOf({ sizeBytes: 100, freeBytes: 5, availBytes: 0 })).toBe(1)
    expect(usedRatioOf({ sizeBytes: 0, freeBytes: 0, availBytes: 0 })).toBeNull()
  })

  it('lies between nothing and full, whatever is said', () => {
    fc.assert(
      fc.property(fc.nat(), fc.nat(), fc.nat(), (sizeBytes, freeBytes, availBytes) => {
        const ratio = usedRatioOf({ sizeBytes, freeBytes, availBytes })
        if (ratio !== null) expect(ratio >= 0 && ratio <= 1).toBe(true)
      }),
    )
  })

  type Disk = { used: number; at?: number; device?: string; readOnly?: boolean; without?: string }
  function measured(disks: [mountpoint: string, disk: Disk][], more: Parameters<typeof inputOf>[0] = {}) {
    const current = createCurrentValues()
    for (const [mountpoint, { used, at = NOW, device = '/dev/vda1', readOnly = false, without }] of disks) {
      const labels = { device, mountpoint, fstype: 'ext4' }
      const values = { size_bytes: 100, free_bytes: 100 - used, avail_bytes: 100 - used, readonly: readOnly ? 1 : 0 }
      for (const [name, value] of Object.entries(values)) {
        if (name !== without) current.put(SERVER, { metric: `node_filesystem_${name}`, labels, at, value })
      }
    }
    const input = inputOf({ current: metric => current.of(SERVER, metric), ...more })
    return filesystemUsedRatio.evaluate(input).map(({ part, value, basis }) => ({ part, value, reason: basis.reason }))
  }

  it('measures each, by the figures that are not older than three intervals', () => {
    expect(
      measured([
        ['/', { used: 40 }],
        ['/srv', { used: 95, at: NOW - 30_000 }],
        ['/old', { used: 99, at: NOW - 30_001 }],
      ]),
    ).toMatchObject([
      { part: 'mountpoint=/', value: 0.4 },
      { part: 'mountpoint=/srv', value: 0.95 },
    ])
  })

  it('has no value for a part that has vanished, turned read-only or tells only half', () => {
    const knownParts = ['mountpoint=/', 'mountpoint=/srv', 'mountpoint=/half']
    expect(
      measured(
        [
          ['/', { used: 40, readOnly: true }],
          ['/cd', { used: 100, readOnly: true }],
          ['/half', { used: 40, without: 'avail_bytes' }],
        ],
        { knownParts },
      ),
    ).toEqual([
      { part: 'mountpoint=/', value: null, reason: 'mounted read-only' },
      { part: 'mountpoint=/srv', value: null, reason: 'no fresh sample' },
      { part: 'mountpoint=/half', value: null, reason: 'no fresh sample' },
    ])
  })

  it('what is missing proves nothing while the collector has only just begun to listen', () => {
    expect(measured([], { knownParts: ['mountpoint=/'], silenceCountsFrom: NOW + 1 })).toEqual([])
    expect(measured([['/', { used: 40 }]], { silenceCountsFrom: NOW + 1 })).toMatchObject([{ value: 0.4 }])
  })

  it('where another disk was mounted in the same place, the newest word counts', () => {
    const before: [string, Disk] = ['/srv', { used: 99, device: '/dev/old', at: NOW - INTERVAL_MS }]
    const after: [string, Disk] = ['/srv', { used: 10, device: '/dev/new' }]
    expect(measured([before, after])).toMatchObject([{ value: 0.1 }])
    expect(measured([after, before])).toMatchObject([{ value: 0.1 }])
  })
})

describe('server_uptime', () => {
  const value = (availability: Partial<Availability> | null) =>
    serverUptime
      .evaluate(
        inputOf({
          availability: availability && {
            ...{ from: NOW - 720 * HOUR_MS, to: NOW, upMs: 0, outageMs: 0, unobservedMs: 0, uptimeRatio: null },
            ...{
              serviceMs: 720 * HOUR_MS,
              plannedMs: 0,
              plannedAfterwardsMs: 0,
              outages: 0,
              mttrMs: null,
              mtbfMs: null,
            },
            ...availability,
          },
        }),
      )
      .map(measurement => measurement.value)

  it('is the share of the observed time', () => {
    expect(value({ upMs: 99 * HOUR_MS, outageMs: 1 * HOUR_MS, uptimeRatio: 0.99 })).toEqual([0.99])
  })

  it('has no value without enough observed time, and says nothing where nobody looked', () => {
    expect(value({ upMs: 23 * HOUR_MS, outageMs: HOUR_MS - 1, uptimeRatio: 0.96 })).toEqual([null])
    expect(value({ upMs: 23 * HOUR_MS, outageMs: HOUR_MS, uptimeRatio: 0.96 })).toEqual([0.96])
    expect(value({ unobservedMs: 720 * HOUR_MS })).toEqual([null])
    expect(value(null)).toEqual([])
  })
})
