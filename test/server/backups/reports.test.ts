// From the report of an agent to incident and duty, on a real database with the rules that Pantau comes with.
import { describe, expect, it } from 'vitest'
import { acceptBackupJob } from '../../../server/backups/accept-backup-job.ts'
import { readBackupStates } from '../../../server/backups/backup-states.ts'
import { readHistory } from '../../../server/backups/dataset-queries.ts'
import { endBackupJob } from '../../../server/backups/end-backup-job.ts'
import { listJobs } from '../../../server/backups/job-queries.ts'
import { readStatuses } from '../../../server/backups/read-known.ts'
import { recordReports } from '../../../server/backups/record-reports.ts'
import { resumeBackupJob } from '../../../server/backups/resume-backup-job.ts'
import { setBackupClass } from '../../../server/backups/set-backup-class.ts'
import { withdrawRegisterRecord } from '../../../server/registers/withdraw-record.ts'
import { readSnapshot } from '../../../server/rules/duties/read-snapshot.ts'
import { ADMIN, HOUR_MS, MINUTE_MS, openWatch, person, type Watch } from '../rules/watch.ts'
import { PROOF } from './jobs.ts'
import { enter, ran, seen, sighting } from './told.ts'

const DAY_MS = 24 * HOUR_MS
const all = { from: 0, to: Number.MAX_SAFE_INTEGER, limit: 100 }

async function statusOf(watch: Watch, id: string, at = watch.clock.at) {
  const { statuses } = await readStatuses(watch.records, at, id)
  return statuses[0]?.status
}

async function onlyJob(watch: Watch) {
  const [job] = await listJobs(watch.records, watch.clock.at, {})
  if (job === undefined) throw new Error('there is no job')
  return job
}

async function accept(watch: Watch) {
  const { id } = await onlyJob(watch)
  await acceptBackupJob.perform(watch.verbDeps, ADMIN, { id, place: 'data-centre' })
  return id
}

const rounded = (watch: Watch) => watch.evaluator.evaluateWindows(watch.clock.at)

describe('a report', () => {
  it('of a job that nobody has accepted is kept and counts for nothing; ended, it counts no more', async () => {
    const watch = await openWatch()
    const machine = await watch.enrol()
    const dataset = await enter(watch, 'dataset', { title: 'Kependudukan', fields: { urgency: 'high' } })
    await watch.speak(machine, { backups: [sighting(dataset, watch.clock.at, [seen('a', watch.clock.at - HOUR_MS)])] })
    expect(await onlyJob(watch)).toMatchObject({ state: 'waiting', agent: { name: 'web-1' }, verdict: 'unmeasured' })
    expect(await statusOf(watch, dataset)).toMatchObject({ verdict: 'unmeasured', lastGood: null })
    expect((await readBackupStates(watch.records, watch.clock.at)).size).toBe(0)
    expect((await readHistory(watch.records, { datasetId: dataset, ...all })).copies).toHaveLength(1)

    const id = await accept(watch)
    expect(await statusOf(watch, dataset)).toMatchObject({ lastGood: { copyId: 'a' } })
    await endBackupJob.perform(watch.verbDeps, ADMIN, { id, reason: 'Diganti pekerjaan lain' })
    expect(await statusOf(watch, dataset)).toMatchObject({ verdict: 'unmeasured', lastGood: null })
    expect((await readHistory(watch.records, { datasetId: dataset, ...all })).copies).toHaveLength(1)
    await resumeBackupJob.perform(watch.verbDeps, ADMIN, { id, reason: 'Salah diakhiri' })
    expect(await statusOf(watch, dataset)).toMatchObject({ lastGood: { copyId: 'a' } })
    expect((await watch.audit()).map(({ action }) => action).filter(action => action.startsWith('backup-job'))).toEqual(
      ['backup-job.accept', 'backup-job.end', 'backup-job.resume'],
    )
  })

  it('is accepted by whoever may, and by nobody else', async () => {
    const watch = await openWatch()
    const machine = await watch.enrol()
    const dataset = await enter(watch, 'dataset', { title: 'Keuangan' })
    await watch.speak(machine, { backups: [ran(dataset, watch.clock.at)] })
    const { id } = await onlyJob(watch)
    const asked = acceptBackupJob.perform(watch.verbDeps, person('viewer'), { id, place: 'drc' })
    await expect(asked).rejects.toMatchObject({ code: 'forbidden' })
    // An agent of another machine that names the same job is another job.
    const other = await watch.enrol('web-2')
    await watch.speak(other, { backups: [ran(dataset, watch.clock.at)] })
    expect(await listJobs(watch.records, watch.clock.at, {})).toHaveLength(2)
  })

  it('told twice counts once, an end told before its beginning stays an end', async () => {
    const watch = await openWatch()
    const machine = await watch.enrol()
    const dataset = await enter(watch, 'dataset', { title: 'Keuangan' })
    const end = ran(dataset, watch.clock.at, { outcome: 'failed', trouble: 'disk-full', exitCode: 3 })
    const begin = { ...end, outcome: 'running' as const, endedAt: null, trouble: null, exitCode: null }
    const look = sighting(dataset, watch.clock.at, [seen('a', watch.clock.at - HOUR_MS)])
    for (const report of [end, begin, look, end, look]) await watch.speak(machine, { backups: [report] })
    const history = await readHistory(watch.records, { datasetId: dataset, ...all })
    expect(history.runs).toMatchObject([{ outcome: 'failed', trouble: 'disk-full', exitCode: 3 }])
    expect([history.sightings.length, history.copies.length]).toEqual([1, 1])
  })

  it('whose copies are named no more has lost them; those older than all that are named may be there still', async () => {
    const watch = await openWatch()
    const machine = await watch.enrol()
    const dataset = await enter(watch, 'dataset', { title: 'Keuangan' })
    const now = watch.clock.at
    const [a, b, c] = [seen('a', now - 3 * DAY_MS), seen('b', now - 2 * DAY_MS), seen('c', now - DAY_MS)]
    await watch.speak(machine, { backups: [sighting(dataset, now, [c, b, a])] })
    watch.clock.at += HOUR_MS
    // Only the two newest of three are told, and b is not among them any more.
    await watch.speak(machine, {
      backups: [
        sighting(dataset, watch.clock.at, [c, b].slice(0, 1).concat(seen('b2', now - 2.5 * DAY_MS)), { copyCount: 3 }),
      ],
    })
    const { copies } = await readHistory(watch.records, { datasetId: dataset, ...all })
    const gone = copies.flatMap(({ copyId, goneAt }) => (goneAt === null ? [] : [copyId]))
    expect(gone).toEqual(['b'])
    // A look in vain proves nothing of them.
    watch.clock.at += HOUR_MS
    await watch.speak(machine, { backups: [sighting(dataset, watch.clock.at, [], { trouble: 'locked' })] })
    const after = await readHistory(watch.records, { datasetId: dataset, ...all })
    expect(after.copies.filter(({ goneAt }) => goneAt === null)).toHaveLength(3)
  })

  it('with a clock that runs ahead makes nothing younger than it is', async () => {
    const watch = await openWatch()
    const machine = await watch.enrol()
    const dataset = await enter(watch, 'dataset', { title: 'Keuangan', fields: { urgency: 'high' } })
    const now = watch.clock.at
    const tomorrow = now + DAY_MS
    await watch.records.transaction().execute(tx =>
      recordReports(
        tx,
        [
          sighting(dataset, now, [seen('ahead', tomorrow), seen('old', now - 30 * HOUR_MS)], {
            verifiedAt: tomorrow,
          }),
          ran(dataset, tomorrow, { purpose: 'restore-test', proof: PROOF }),
        ],
        { agentId: machine.agentId, receivedAt: now, correctedByMs: 0 },
      ),
    )
    await accept(watch)
    const status = await statusOf(watch, dataset)
    expect(status?.lastGood?.copyId).toBe('old')
    expect(status?.findings.map(({ code }) => code)).toContain('clock-ahead')
    expect(status).toMatchObject({ lastRestored: null, lastVerified: { at: now } })
    const { runs } = await readHistory(watch.records, { datasetId: dataset, ...all })
    expect(runs).toMatchObject([{ clockAhead: true }])
  })

  it('with a clock that is known to be off is put right, and a copy never made younger by it', async () => {
    const watch = await openWatch()
    const machine = await watch.enrol()
    const dataset = await enter(watch, 'dataset', { title: 'Keuangan' })
    const now = watch.clock.at
    for (const [correctedByMs, id] of [
      [-DAY_MS, 'ahead'],
      [DAY_MS, 'behind'],
    ] as const) {
      await watch.records.transaction().execute(tx =>
        recordReports(
          tx,
          [sighting(dataset, now - correctedByMs, [seen(id, now - correctedByMs - HOUR_MS)], { job: id })],
          {
            ...{ agentId: machine.agentId, receivedAt: now, correctedByMs },
          },
        ),
      )
    }
    const { copies, sightings } = await readHistory(watch.records, { datasetId: dataset, ...all })
    expect(sightings.map(({ at }) => at)).toEqual([now, now])
    const takenAt = Object.fromEntries(copies.map(copy => [copy.copyId, copy.takenAt]))
    expect(takenAt).toEqual({ ahead: now - HOUR_MS, behind: now - DAY_MS - HOUR_MS })
  })
})

describe('what was reported', () => {
  it('raises a fault by the limits of its class, ends it, and is judged in the past by what was known and asked then', async () => {
    const watch = await openWatch()
    const machine = await watch.enrol()
    const dataset = await enter(watch, 'dataset', { title: 'Kependudukan', fields: { urgency: 'high' } })
    const t0 = watch.clock.at
    await watch.speak(machine, { backups: [sighting(dataset, t0, [seen('a', t0 - HOUR_MS)])] })
    await accept(watch)
    await rounded(watch)
    const late = async () => (await watch.incidents('active')).filter(({ ruleId }) => ruleId === 'backup-late')
    expect(await late()).toEqual([])

    watch.clock.at = t0 + 26 * HOUR_MS
    await rounded(watch)
    const [incident] = await late()
    expect(incident).toMatchObject({
      subject: { id: dataset, name: 'Kependudukan', kind: 'dataset' },
      severity: 'high',
    })
    // The collector starts again: it knows where everything stood, and nothing is told twice.
    const evidence = (await watch.evidence()).length
    await watch.restart()
    await rounded(watch)
    expect((await watch.evidence()).length).toBe(evidence)

    await watch.speak(machine, {
      backups: [sighting(dataset, watch.clock.at, [seen('b', watch.clock.at - MINUTE_MS)])],
    })
    await rounded(watch)
    expect(await late()).toEqual([])

    // Diskominfo asks for a copy every twelve hours from now on.
    const { limits } = (await readStatuses(watch.records, watch.clock.at, dataset)).statuses[0]?.dataset ?? {}
    await setBackupClass.perform(watch.verbDeps, ADMIN, {
      ...{ urgency: 'high', limits: { ...limits, maxAgeHours: 12 }, reason: 'Keputusan rapat pengawasan' },
    })
    watch.clock.at += 13 * HOUR_MS
    expect((await statusOf(watch, dataset))?.findings.map(({ code }) => code)).toContain('late')
    expect((await statusOf(watch, dataset, t0 + 20 * HOUR_MS))?.findings.map(({ code }) => code)).not.toContain('late')
    expect((await statusOf(watch, dataset, t0 + 20 * HOUR_MS))?.lastGood?.copyId).toBe('a')
    expect((await statusOf(watch, dataset, t0 + 27 * HOUR_MS))?.lastGood?.copyId).toBe('b')
    expect(await watch.evidenceHolds()).toBe(true)

    // A data set that is withdrawn leaves no incident behind.
    await rounded(watch)
    expect(await late()).toHaveLength(1)
    await withdrawRegisterRecord.perform(watch.verbDeps, ADMIN, { id: dataset, reason: 'Digabung dengan data lain' })
    await rounded(watch)
    expect(await watch.incidents('active')).toEqual([])
    expect((await watch.incidents('resolved')).map(({ subject }) => subject.name)).toContain('Kependudukan')
  })

  it('is what the duties on backups are judged by, with the limits of the class where a pack leaves them open', async () => {
    const watch = await openWatch()
    const machine = await watch.enrol()
    const dataset = await enter(watch, 'dataset', { title: 'Kependudukan', fields: { urgency: 'low' } })
    const at = watch.clock.at
    const ask = async () =>
      (
        await readSnapshot({
          records: watch.records,
          at: watch.clock.at,
          timeZone: 'Asia/Jakarta',
          versions: [],
          house: null,
          ports: {},
        })
      ).ports.backup(dataset)
    expect(await ask()).toBeNull()
    const copies = [1, 2, 3].map(days =>
      seen(`copy-${days}`, at - days * DAY_MS, { bytes: days === 1 ? 100_000 : 1_000_000 }),
    )
    await watch.speak(machine, {
      backups: [
        sighting(dataset, at, copies),
        ran(dataset, at - 2 * HOUR_MS, { purpose: 'restore-test', proof: PROOF }),
      ],
    })
    await accept(watch)
    expect(await ask()).toEqual({
      ...{ lastGoodAt: at - DAY_MS, sizeRatio: 0.1, lastRestoredAt: at - 2 * HOUR_MS + MINUTE_MS },
      copies: [{ place: 'data-centre', siteId: null, country: null }],
      limits: { maxAgeHours: 168, leastSizeRatio: 0.5, restoreTestDays: 365 },
    })
    watch.clock.at = at + 30 * DAY_MS
    expect(await ask()).toMatchObject({ lastGoodAt: at - DAY_MS, copies: [] })
  })
})
