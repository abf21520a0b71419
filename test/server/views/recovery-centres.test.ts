// A recovery centre as the rooms know it: its server speaks in real batches, its link is pinged, a replica tells its lag.
import { expect, it } from 'vitest'
import type { CoverageView } from '../../../protocol/backup-views.ts'
import type { CoverageState } from '../../../protocol/backup-words.ts'
import { reachOf } from '../../../server/backups/recovery-centre.ts'
import { createSite } from '../../../server/inventory/create-site.ts'
import { placeDevice } from '../../../server/inventory/place-device.ts'
import { newId } from '../../../server/platform/ids.ts'
import { readRecoveryCentres } from '../../../server/views/recovery-centres.ts'
import { createWall } from '../../../server/views/wall.ts'
import { openNetwork } from '../rules/network.ts'
import { ADMIN, HOUR_MS, MINUTE_MS, openWatch } from '../rules/watch.ts'

async function openCentre() {
  const watch = await openWatch()
  const network = await openNetwork(watch)
  const { id: siteId } = await createSite.perform(watch.verbDeps, ADMIN, {
    ...{ name: 'DRC Yogyakarta', kind: 'drc', coordinates: { latitude: -7.8, longitude: 110.36 } },
  })
  const place = (id: string) => placeDevice.perform(watch.verbDeps, ADMIN, { id, agencyId: null, siteId })
  const wall = await createWall({ ...watch, board: watch.board, roster: watch.roster, current: watch.current })
  const listeningSince = watch.clock.at
  let rows: CoverageView['agencies'][number]['rows'] = []
  return {
    ...{ watch, network, siteId, place },
    /** A data set that must be at the recovery centre. */
    mustBeThere(name: string, state: CoverageState, lastGoodAt: number | null, required = true) {
      const id = newId(watch.clock.at)
      rows = [
        ...rows,
        {
          dataset: { id, name },
          ...{ urgency: 'high', verdict: 'met', findings: [], lastGoodAt, lastRestoredAt: null },
          cells: [{ place: 'drc', state, required, lastGoodAt, jobs: 1 }],
        },
      ]
      return id
    },
    async centre() {
      const none = { agencies: 1, agenciesWithoutDataset: 0, datasets: 1, datasetsWithoutJob: 0, services: 0 }
      const totals = { ...none, servicesWithoutDataset: 0, met: 0, atRisk: 0, unmet: 0, unmeasured: 0 }
      const coverage = async (_: unknown, at: number) => ({
        ...{ at, totals },
        agencies: [{ agency: null, verdict: 'met' as const, gaps: [], rows }],
      })
      const { records, board, roster, current } = watch
      const deps = { records, board, wall, roster, current, coverage, listeningSince }
      const found = (await readRecoveryCentres(deps, watch.clock.at)).get(siteId)
      if (found === undefined) throw new Error('the site is no recovery centre')
      return found
    },
  }
}

it('answers while its server speaks, and is silent once server and link are', async () => {
  const { watch, network, siteId, place, centre } = await openCentre()
  expect(reachOf(await centre())).toBe('unwatched')

  const replica = await watch.enrol('replica')
  await place(replica.deviceId)
  const link = await network.link('Tautan DRC', { far: { siteId } })
  const both = async () => {
    await watch.speak(replica)
    await network.tell()
  }
  await watch.pass(MINUTE_MS, both)
  const good = await centre()
  expect(reachOf(good)).toBe('answers')
  expect(good.standsThere).toEqual([
    { id: replica.deviceId, name: 'replica', kind: 'server', state: 'up', heartbeat: 'heard' },
    { id: link, name: 'Tautan DRC', kind: 'link', state: 'up', heartbeat: null },
  ])

  await network.change(link, false)
  await watch.pass(6 * MINUTE_MS, () => network.tell())
  const lost = await centre()
  expect(reachOf(lost)).toBe('silent')
  expect(lost.standsThere.map(({ state, heartbeat }) => [state, heartbeat])).toEqual([
    ['unknown', 'silent'],
    ['down', null],
  ])
})

it('is as far behind as its copies, or as the replica of a data set where that is nearer', async () => {
  const { watch, place, mustBeThere, centre } = await openCentre()
  const now = watch.clock.at
  const permits = mustBeThere('perizinan', 'late', now - 30 * HOUR_MS)
  mustBeThere('kependudukan', 'never', null)
  mustBeThere('arsip', 'unmeasured', null)
  mustBeThere('situs', 'not-required', null, false)
  const kept = async () => (await centre()).keptThere.map(({ what, name, found, lagMs }) => [what, name, found, lagMs])
  expect(await kept()).toEqual([
    ['dataset', 'perizinan', 'copy', 30 * HOUR_MS],
    ['dataset', 'kependudukan', 'never', null],
    ['dataset', 'arsip', 'unknown', null],
  ])

  const replica = await watch.enrol('replica')
  await place(replica.deviceId)
  const lag = (labels: Record<string, string>, seconds: number) => ({
    ...{ kind: 'gauge' as const, metric: 'pg_replication_lag_seconds', labels },
    points: [[watch.clock.at, seconds] as [number, number]],
  })
  await watch.speak(replica, { more: [lag({ dataset: permits }, 4), lag({ server: 'pajak' }, 9)] })
  // What a replica said grows old: its silence counts as falling behind.
  watch.clock.at += HOUR_MS
  expect(await kept()).toEqual([
    ['dataset', 'perizinan', 'copy', HOUR_MS + 4_000],
    ['dataset', 'kependudukan', 'never', null],
    ['dataset', 'arsip', 'unknown', null],
    ['stream', 'replica pajak', 'copy', HOUR_MS + 9_000],
  ])
})
