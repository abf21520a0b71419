import { describe, expect, it } from 'vitest'
import { arrangeLinks } from '../../../dashboard/src/views/network/arrange-links.ts'
import { arrangeTopology } from '../../../dashboard/src/views/network/arrange-topology.ts'
import { holidaysOf, openingsOf, openingsText } from '../../../dashboard/src/views/network/calendar-text.ts'
import { bandRuns, smokePoints } from '../../../dashboard/src/views/network/smoke.ts'
import type { LinkView } from '../../../protocol/links.ts'
import type { SubjectState } from '../../../protocol/vocabulary.ts'

const subject = (id: string) => ({
  ...{ id, slug: id, name: id, kind: 'router', agencyId: null, siteId: null },
  standing: { state: 'up' as const, since: null, inMaintenance: false },
})
const edge = (childId: string, parentId: string) => ({ childId, parentId, source: 'person' as const })

describe('the drawing of the topology', () => {
  it('puts each node to the right of its parents, no two in one place, and who hangs on nothing apart', () => {
    const drawn = arrangeTopology({
      subjects: ['core', 'a', 'b', 'c', 'alone'].map(subject),
      edges: [edge('a', 'core'), edge('b', 'core'), edge('c', 'a'), edge('c', 'b')],
    })
    const column = (id: string) => drawn.nodes.find(node => node.id === id)?.column
    expect(['core', 'a', 'b', 'c'].map(column)).toEqual([0, 1, 1, 2])
    expect(new Set(drawn.nodes.map(({ column: x, row }) => `${x}/${row}`)).size).toBe(4)
    expect(drawn.alone).toEqual(['alone'])
  })

  it('ends also for a ring', () => {
    const ring = arrangeTopology({ subjects: ['a', 'b'].map(subject), edges: [edge('a', 'b'), edge('b', 'a')] })
    expect(ring.nodes).toHaveLength(2)
  })
})

describe('the list of links', () => {
  const link = (name: string, state: SubjectState, more: { monitored?: boolean; inMaintenance?: boolean } = {}) => {
    const nowhere = { siteId: null, deviceId: null, interface: null }
    const { monitored = true, inMaintenance = false } = more
    const view: LinkView = {
      ...{ id: name, slug: name, name, createdAt: 0, peer: 'site', peerName: '', agencyId: null, providerId: null },
      ...{ contractNumber: '', committedBps: null, near: nowhere, far: nowhere, address: null, calendarId: null },
      ...{ standing: { state, since: null, inMaintenance }, monitored },
    }
    return view
  }
  const links = [
    ...[link('Arsip 10', 'up'), link('Arsip 9', 'up'), link('Kebun', 'down', { inMaintenance: true })],
    ...[link('Pasar', 'unknown', { monitored: false }), link('Dinkes', 'down'), link('Kec. Jebres', 'unknown')],
  ]
  const namesOf = (text: string, standing = '') =>
    arrangeLinks(links, { text, standing }, ({ name }) => name).map(({ name }) => name)

  it('has the worst on top; planned work is no trouble, and what nobody watches is none that is well', () => {
    expect(namesOf('')).toEqual(['Dinkes', 'Kec. Jebres', 'Pasar', 'Kebun', 'Arsip 9', 'Arsip 10'])
  })

  it('is searched by every word and by one standing', () => {
    expect(namesOf('jebres KEC')).toEqual(['Kec. Jebres'])
    expect(namesOf('', 'unmonitored')).toEqual(['Pasar'])
    expect(namesOf('arsip', 'down')).toEqual([])
  })
})

describe('the smoke graph', () => {
  const series = (stat: string, points: [number, number | null][], agentId = 'one') => ({
    agentId,
    labels: { stat },
    points,
  })

  it('takes milliseconds of the agent that tells most, with what was lost', () => {
    const points = smokePoints(
      [
        series('p50', [
          [0, 0.01],
          [10, null],
        ]),
        series('p50', [[0, 9]], 'other'),
        series('mean', [[0, 1]]),
      ],
      [
        series('', [
          [0, 0],
          [10, 1],
        ]),
      ],
    )
    expect(points).toMatchObject([
      { at: 0, p50: 10, lossRatio: 0 },
      { at: 10, p50: null, lossRatio: 1 },
    ])
  })

  it('leaves a gap where nothing came back, and where nothing was measured for long', () => {
    const point = (at: number, min: number | null) => ({
      ...{ at, min, p10: null, p25: null, p50: null, p75: null, p90: null, max: min, lossRatio: null },
    })
    const runs = bandRuns([point(0, 1), point(10, 2), point(20, null), point(30, 3), point(100, 4)], 'min', 'max', 25)
    expect(runs.map(run => run.map(({ at }) => at))).toEqual([[0, 10], [30], [100]])
  })
})

describe('a service calendar as people write it', () => {
  it('takes hours with dots or colons, and says where it can not read them', () => {
    const openings = openingsOf('7.30 – 12.00, 13:00-16:00')
    expect(openings).toEqual([
      { from: '07:30', to: '12:00' },
      { from: '13:00', to: '16:00' },
    ])
    expect(openingsText(openings ?? [])).toBe('07:30-12:00, 13:00-16:00')
    expect(openingsOf('')).toEqual([])
    expect(openingsOf('pagi sampai sore')).toBeNull()
  })

  it('finds holidays in lists, in CSV and in iCalendar with days in a row; a day that is none is left out', () => {
    expect(holidaysOf('2026-12-25;Natal\n17/8/2026,HUT RI\n2026-02-30\n2026-12-25')).toEqual([
      '2026-08-17',
      '2026-12-25',
    ])
    const event = (lines: string[]) => ['BEGIN:VEVENT', ...lines, 'END:VEVENT'].join('\r\n')
    const calendar = [
      event(['DTSTART;VALUE=DATE:20261231', 'DTEND;VALUE=DATE:20270102', 'SUMMARY:Tahun baru']),
      event(['SUMMARY:Nyepi', 'DTSTART;TZID=Asia/Makassar:20260319T000000']),
      event(['SUMMARY:tanpa tanggal']),
    ].join('\r\n')
    expect(holidaysOf(calendar)).toEqual(['2026-03-19', '2026-12-31', '2027-01-01'])
  })
})
