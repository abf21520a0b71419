// A month of a link as it is settled with its provider: outages, planned work, a collector that was off and a spool that
// came late, with figures worked out by hand, by the clocks of two cities.
import { describe, expect, it } from 'vitest'
import type { WireSeries } from '../../../protocol/batch.ts'
import { readAvailabilityTable } from '../../../server/availability/availability-tables.ts'
import { decideMaintenance } from '../../../server/availability/decide-maintenance.ts'
import { declareMaintenance } from '../../../server/availability/declare-maintenance.ts'
import { momentAt } from '../../../server/availability/service-calendar.ts'
import { createAgency } from '../../../server/inventory/create-agency.ts'
import { createCalendar } from '../../../server/inventory/create-calendar.ts'
import { createProvider } from '../../../server/inventory/create-provider.ts'
import { type Network, openNetwork, vote } from '../rules/network.ts'
import { ADMIN, HOUR_MS, MINUTE_MS, openWatch, person, type Watch } from '../rules/watch.ts'

const RHYTHM_MS = 5 * MINUTE_MS
type Span = { from: number; to: number }
const hours = (count: number) => count * HOUR_MS

/** All that the poller says of a link in a span: a word each five minutes, and one at each change. */
function wordsOf(link: string, { from, to }: Span, downs: readonly Span[]): WireSeries {
  const isDown = (at: number) => downs.some(down => at >= down.from && at < down.to)
  const moments = new Set<number>()
  for (let at = from; at <= to; at += RHYTHM_MS) moments.add(at)
  for (const { from: begins, to: ends } of downs)
    for (const at of [begins, ends]) if (at >= from && at <= to) moments.add(at)
  const points = [...moments].sort((a, b) => a - b).map((at): [number, number] => [at, isDown(at) ? 0 : 1])
  return { ...vote(link, from, true), kind: 'gauge', points }
}

/** Delivered in batches of two days, each at its end or, from a spool, all at `receivedAt`. */
async function live(
  watch: Watch,
  network: Network,
  links: ReadonlyMap<string, readonly Span[]>,
  span: Span,
  receivedAt?: number,
) {
  for (let from = span.from; from < span.to; from += 2 * 24 * HOUR_MS) {
    const to = Math.min(span.to, from + 2 * 24 * HOUR_MS)
    watch.clock.at = receivedAt ?? to
    const more = [...links].map(([link, downs]) => wordsOf(link, { from, to }, downs))
    await watch.speak(network.poller, { at: to, receivedAt: receivedAt ?? to, intervalMs: RHYTHM_MS, more })
  }
}

describe.each(['Asia/Jakarta', 'Asia/Makassar'])('November 2026 in %s', timeZone => {
  it('is what was worked out by hand, before and after the late data', async () => {
    const watch = await openWatch({ timeZone })
    const local = (day: string, time: string) => momentAt(day, time, timeZone)
    const span = (fromDay: string, fromTime: string, toDay: string, toTime: string) => ({
      from: local(fromDay, fromTime),
      to: local(toDay, toTime),
    })
    watch.clock.at = local('2026-10-31', '00:00')
    const network = await openNetwork(watch)
    const { id: provider } = await createProvider.perform(watch.verbDeps, ADMIN, { name: 'Moratel' })
    const { id: agency } = await createAgency.perform(watch.verbDeps, ADMIN, {
      name: 'Dinas Kesehatan',
      shortName: 'Dinkes',
    })
    const { id: lonely } = await createAgency.perform(watch.verbDeps, ADMIN, {
      name: 'Dinas Arsip',
      shortName: 'Arsip',
    })
    const link = await network.link('Dinkes utama', { agencyId: agency, providerId: provider })
    const second = await network.link('Dinkes cadangan', { agencyId: agency, providerId: provider })
    const day = [{ from: '07:30', to: '16:00' }]
    const { id: office } = await createCalendar.perform(watch.verbDeps, ADMIN, {
      name: 'Jam kerja',
      definition: {
        kind: 'hours',
        hours: { monday: day, tuesday: day, wednesday: day, thursday: day, friday: day },
        holidays: ['2026-11-25'],
      },
    })

    const downs = [
      // A Tuesday morning: two and a half hours.
      span('2026-11-03', '08:00', '2026-11-03', '10:30'),
      // Announced from 22:00 to 01:00, and an hour longer than that.
      span('2026-11-07', '22:00', '2026-11-08', '02:00'),
      // While the collector was off; only the spool of the poller knows it. A Saturday.
      span('2026-11-14', '03:00', '2026-11-14', '05:00'),
      // A Friday; somebody remembers the next day that it was planned.
      span('2026-11-20', '13:00', '2026-11-20', '14:00'),
      // Over the end of the month: one hour of it is November's.
      span('2026-11-30', '23:00', '2026-12-01', '01:00'),
    ]
    const seen = new Map([
      [link, downs],
      // The second way fails once together with the first, for half an hour.
      [second, [span('2026-11-03', '10:00', '2026-11-03', '11:00')]],
    ])
    await declareMaintenance.perform(watch.verbDeps, ADMIN, {
      title: 'Ganti kabel',
      timing: { kind: 'once', ...span('2026-11-07', '22:00', '2026-11-08', '01:00') },
      subjects: [{ kind: 'link', id: link }],
    })
    await live(watch, network, seen, span('2026-10-31', '00:00', '2026-11-14', '00:00'))
    // The collector is off for twelve hours.
    await live(watch, network, seen, span('2026-11-14', '12:00', '2026-11-21', '00:00'))
    watch.clock.at = local('2026-11-21', '09:00')
    const { id: afterwards } = await declareMaintenance.perform(watch.verbDeps, ADMIN, {
      title: 'Perbaikan listrik gedung',
      timing: { kind: 'once', ...span('2026-11-20', '13:00', '2026-11-20', '14:00') },
      subjects: [{ kind: 'agency', id: agency }],
    })
    await live(watch, network, seen, span('2026-11-21', '00:00', '2026-12-02', '00:00'))

    const november = span('2026-11-01', '00:00', '2026-12-01', '00:00')
    const table = async (
      of: 'link' | 'agency' | 'provider',
      more: { id?: string; calendarId?: string; by?: 'day' | 'year' } = {},
    ) => {
      const { by = 'month' as const, ...rest } = more
      const question = { of, by, window: november, ...rest }
      return await readAvailabilityTable({ records: watch.records, timeZone }, question, watch.clock.at)
    }
    const monthOf = async (of: 'link' | 'agency' | 'provider', id: string, calendarId?: string) => {
      const [row] = await table(of, { id, ...(calendarId === undefined ? {} : { calendarId }) })
      expect(row?.periods.map(({ label }) => label)).toEqual(['2026-11'])
      return row?.periods[0]
    }

    // Before: the twelve hours are unobserved, and what was declared afterwards is an outage.
    expect(await monthOf('link', link)).toMatchObject({
      ...{
        serviceMs: hours(720),
        upMs: hours(699.5),
        outageMs: hours(5.5),
        plannedMs: hours(3),
        plannedAfterwardsMs: 0,
      },
      ...{ unobservedMs: hours(12), outages: 4, mttrMs: hours(5.5) / 4, mtbfMs: hours(699.5) / 4 },
      uptimeRatio: 699.5 / 705,
    })
    // The agency was cut off only while both ways were down.
    expect(await monthOf('agency', agency)).toMatchObject({
      upMs: hours(707.5),
      outageMs: hours(0.5),
      unobservedMs: hours(12),
    })

    // The spool comes, and a second person approves.
    await live(watch, network, seen, span('2026-11-14', '00:00', '2026-11-14', '12:00'), local('2026-12-02', '00:00'))
    const declarer = decideMaintenance.perform(watch.verbDeps, ADMIN, { id: afterwards, decision: 'approved' })
    await expect(declarer).rejects.toMatchObject({ code: 'forbidden' })
    await decideMaintenance.perform(watch.verbDeps, person('operator'), { id: afterwards, decision: 'approved' })

    expect(await monthOf('link', link)).toMatchObject({
      ...{ serviceMs: hours(720), upMs: hours(709.5), outageMs: hours(6.5), plannedMs: hours(3) },
      ...{ plannedAfterwardsMs: hours(1), unobservedMs: 0, outages: 4, mttrMs: hours(6.5) / 4 },
      uptimeRatio: 709.5 / 716,
    })
    // In office hours: 20 days of 8.5 hours, of which 2.5 were lost and one was planned after all.
    expect(await monthOf('link', link, office)).toMatchObject({
      ...{ serviceMs: hours(170), outageMs: hours(2.5), plannedAfterwardsMs: hours(1), outages: 1 },
      uptimeRatio: 166.5 / 169,
    })
    // Of the provider: 1,440 link hours; the second link was down for one.
    expect(await monthOf('provider', provider)).toMatchObject({
      ...{ serviceMs: hours(1440), outageMs: hours(7.5), upMs: hours(709.5 + 719), unobservedMs: 0 },
    })
    // Day by day it adds up to the month, and who has no link is listed all the same.
    const days = (await table('link', { id: link, by: 'day' }))[0]?.periods ?? []
    expect(days).toHaveLength(30)
    expect(days.reduce((sum, one) => sum + one.outageMs, 0)).toBe(hours(6.5))
    expect(days.find(({ label }) => label === '2026-11-03')).toMatchObject({ outageMs: hours(2.5), upMs: hours(21.5) })
    expect((await table('agency', { id: lonely }))[0]).toMatchObject({ watched: 0, periods: [] })

    // The correction is told once for each link, never silent.
    expect((await watch.audit('state.correct')).map(({ subject, detail }) => ({ subject, ...detail }))).toMatchObject([
      { subject: link, to: local('2026-11-14', '12:00'), was: 'unknown', upMs: hours(10), downMs: hours(2) },
      { subject: second, was: 'unknown', upMs: hours(12), downMs: 0 },
    ])
  })
})

it('one and the same outage belongs to October in Jakarta and to November in Makassar', async () => {
  const outageIn = async (timeZone: string) => {
    const watch = await openWatch({ timeZone })
    watch.clock.at = Date.parse('2026-10-31T00:00Z')
    const network = await openNetwork(watch)
    const link = await network.link('Batas bulan')
    const down = { from: Date.parse('2026-10-31T16:30Z'), to: Date.parse('2026-10-31T17:00Z') }
    const window = { from: watch.clock.at, to: Date.parse('2026-11-01T12:00Z') }
    await live(watch, network, new Map([[link, [down]]]), window)
    const rows = await readAvailabilityTable(
      { records: watch.records, timeZone },
      { of: 'link', by: 'month', window },
      watch.clock.at,
    )
    return rows[0]?.periods.map(({ label, outageMs }) => [label, outageMs])
  }
  expect(await outageIn('Asia/Jakarta')).toEqual([
    ['2026-10', hours(0.5)],
    ['2026-11', 0],
  ])
  expect(await outageIn('Asia/Makassar')).toEqual([
    ['2026-10', 0],
    ['2026-11', hours(0.5)],
  ])
})
