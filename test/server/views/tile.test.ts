import { describe, expect, it } from 'vitest'
import type { IncidentSummary } from '../../../protocol/incident-views.ts'
import type { Severity } from '../../../protocol/vocabulary.ts'
import type { Server } from '../../../server/inventory/roster.ts'
import { createCurrentValues } from '../../../server/stores/current-values.ts'
import { createStateClock } from '../../../server/views/state-clock.ts'
import { filesystemsOf, newestReading, stateOf, tileOf } from '../../../server/views/tile.ts'

const NOW = Date.UTC(2026, 10, 23, 1)
const INTERVAL_MS = 10_000
const ID = '01938f6e-0000-7000-8000-000000000001'

function server(lastSampleAt: number | null): Server {
  return {
    ...{ id: ID, slug: 'web-1', name: 'web-1', kind: 'server', createdAt: 0, poll: null },
    agent: {
      ...{ id: ID, kind: 'remote', version: '0.1.0', intervalMs: INTERVAL_MS, enrolledAt: 0 },
      ...{ lastContactAt: lastSampleAt, lastSampleAt, skewMs: 0, revokedAt: null },
    },
  }
}

function incident(severity: Severity, state: IncidentSummary['state'] = 'open'): IncidentSummary {
  return {
    ...{ id: ID, number: 1, state, severity, kind: 'fault', ruleId: 'r', title: { id: 'x', en: 'x' }, part: '' },
    ...{ subject: { id: ID, name: 'web-1' }, openedAt: 0, acknowledgedAt: null, acknowledgedBy: null },
    ...{ resolvedAt: null, value: null, threshold: null, unit: 'ratio' },
  }
}

function tile(change: Partial<Parameters<typeof tileOf>[0]> = {}) {
  const input = { server: server(NOW), current: createCurrentValues(), incidents: [], ...change }
  return { ...tileOf(input), state: stateOf(input.server, input.incidents, NOW) }
}

/** Current values from lines of metric, labels and value, all of one moment. */
function values(rows: [metric: string, labels: Record<string, string>, value: number, at?: number][]) {
  const current = createCurrentValues()
  for (const [metric, labels, value, at = NOW] of rows) current.put(ID, { metric, labels, at, value })
  return current
}

describe('the state of a tile', () => {
  it('is unknown on old data and without any, whatever else is known', () => {
    expect(tile({ server: server(NOW - 3 * INTERVAL_MS) }).state).toBe('up')
    expect(tile({ server: server(NOW - 3 * INTERVAL_MS - 1) }).state).toBe('unknown')
    expect(tile({ server: server(null) })).toMatchObject({ state: 'unknown', lastSampleAt: null })
    expect(tile({ server: { ...server(NOW), agent: null } })).toMatchObject({ state: 'unknown', lastSampleAt: null })
    expect(tile({ server: server(null), incidents: [incident('critical')] }).state).toBe('unknown')
  })

  it('is degraded while something serious is not resolved', () => {
    expect(tile({ incidents: [incident('high')] }).state).toBe('degraded')
    expect(tile({ incidents: [incident('critical', 'acknowledged')] }).state).toBe('degraded')
    expect(tile({ incidents: [incident('medium'), incident('low')] }).state).toBe('up')
  })

  it('counts incidents and tells the worst', () => {
    const incidents = [incident('low'), incident('high', 'acknowledged'), incident('medium')]
    expect(tile({ incidents })).toMatchObject({
      openIncidents: 2,
      acknowledgedIncidents: 1,
      worstSeverity: 'high',
    })
    expect(tile()).toMatchObject({ openIncidents: 0, acknowledgedIncidents: 0, worstSeverity: null })
  })
})

describe('the figures of a tile', () => {
  it('are null where nothing was measured', () => {
    expect(tile()).toMatchObject({ cpuRatio: null, memoryRatio: null, fullestFilesystem: null })
  })

  it('cpu is everything but idle and waiting for the disk, over all CPUs', () => {
    const cpu = 'node_cpu_seconds_per_second'
    const current = values([
      [cpu, { mode: 'user' }, 0.6],
      [cpu, { mode: 'system' }, 0.2],
      [cpu, { mode: 'iowait' }, 0.4],
      [cpu, { mode: 'idle' }, 2.8],
    ])
    expect(tile({ current }).cpuRatio).toBe(0.2)
    current.put(ID, { metric: cpu, labels: { mode: 'idle' }, at: NOW + 1, value: 4 })
    // Only what was said together: the new reading knows no other modes.
    expect(tile({ current }).cpuRatio).toBe(0)
  })

  it('memory is what is not available', () => {
    const total: [string, Record<string, string>, number] = ['node_memory_MemTotal_bytes', {}, 8_000]
    expect(tile({ current: values([total, ['node_memory_MemAvailable_bytes', {}, 2_000]]) }).memoryRatio).toBe(0.75)
    expect(tile({ current: values([total, ['node_memory_MemAvailable_bytes', {}, 9_000]]) }).memoryRatio).toBe(0)
    expect(tile({ current: values([total]) }).memoryRatio).toBeNull()
  })

  const disk = (mountpoint: string, used: number, at = NOW, device = '/dev/vda') =>
    Object.entries({ size_bytes: 1_000, free_bytes: 1_000 - used, avail_bytes: 1_000 - used }).map(
      ([name, value]): [string, Record<string, string>, number, number] => [
        `node_filesystem_${name}`,
        { device, mountpoint, fstype: 'xfs' },
        value,
        at,
      ],
    )

  it('the fullest filesystem is one of the newest reading', () => {
    const current = values([...disk('/', 400), ...disk('/srv', 912), ...disk('/gone', 990, NOW - INTERVAL_MS)])
    expect(tile({ current }).fullestFilesystem).toEqual({ mountpoint: '/srv', usedRatio: 0.912 })
    expect(filesystemsOf(ID, current)).toEqual([
      { mountpoint: '/srv', fstype: 'xfs', sizeBytes: 1_000, availBytes: 88, usedRatio: 0.912 },
      { mountpoint: '/', fstype: 'xfs', sizeBytes: 1_000, availBytes: 600, usedRatio: 0.4 },
    ])
  })

  it('a disk that was mounted over another shows its own figures', () => {
    const before = disk('/srv', 990, NOW - INTERVAL_MS, '/dev/old')
    const after = disk('/srv', 100, NOW, '/dev/new')
    for (const rows of [
      [...before, ...after],
      [...after, ...before],
    ]) {
      expect(filesystemsOf(ID, values(rows))).toMatchObject([{ mountpoint: '/srv', usedRatio: 0.1 }])
    }
  })

  it('of nothing the newest reading is nothing', () => {
    expect(newestReading([])).toEqual([])
  })
})

describe('since when', () => {
  it('a state stands from the moment it was seen, silence from the last word', () => {
    const clock = createStateClock()
    expect(clock.since(ID, 'up', 900, 1_000)).toBe(1_000)
    expect(clock.since(ID, 'up', 1_900, 2_000)).toBe(1_000)
    expect(clock.since(ID, 'unknown', 1_900, 35_000)).toBe(1_900)
    expect(clock.since(ID, 'unknown', 1_900, 45_000)).toBe(1_900)
    expect(clock.since(ID, 'up', 46_000, 46_000)).toBe(46_000)
    expect(clock.since('other', 'unknown', null, 7_000)).toBe(7_000)
  })
})
