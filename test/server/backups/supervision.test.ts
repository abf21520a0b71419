import { describe, expect, it } from 'vitest'
import { answerReminder } from '../../../server/backups/answer-reminder.ts'
import { listClasses } from '../../../server/backups/class-queries.ts'
import { readHistory } from '../../../server/backups/dataset-queries.ts'
import { PROPOSED_LIMITS } from '../../../server/backups/limits.ts'
import { pruneBackups } from '../../../server/backups/prune.ts'
import { remindAgency } from '../../../server/backups/remind-agency.ts'
import { setBackupClass } from '../../../server/backups/set-backup-class.ts'
import { readSupervision } from '../../../server/backups/supervision.ts'
import { createAgency } from '../../../server/inventory/create-agency.ts'
import { signalReminder } from '../../../server/rules/backup-reminders.ts'
import { ADMIN, HOUR_MS, openWatch, person } from '../rules/watch.ts'
import { enter, ran } from './told.ts'

describe('supervision', () => {
  it('reminds an agency by a notice with the text, keeps what was missing, and closes it with the answer', async () => {
    const watch = await openWatch()
    const deps = { ...watch.verbDeps, signalReminder }
    const { id: agencyId } = await createAgency.perform(deps, ADMIN, { name: 'Dinas Kesehatan', shortName: 'Dinkes' })
    const about = [{ kind: 'agency' as const, id: agencyId }]
    const fields = { role: 'Narahubung TIK', person: 'Ibu Sari', reachedBy: 'tik@dinkes.example' }
    await enter(watch, 'contact', { title: 'Narahubung', subjects: about, fields })
    await enter(watch, 'dataset', { title: 'Rekam Medis', subjects: about, fields: { urgency: 'high' } })

    const text = 'Mohon daftarkan pencadangan rekam medis.'
    const asked = remindAgency.perform(deps, person('viewer'), { agencyId, text })
    await expect(asked).rejects.toMatchObject({ code: 'forbidden' })
    const { id } = await remindAgency.perform(deps, ADMIN, { agencyId, text })
    const [notice] = await watch.incidents('active')
    expect(notice).toMatchObject({ ruleId: 'backup-reminder', subject: { id: agencyId }, severity: 'medium', value: 1 })
    expect(notice?.title.id).toContain(text)
    expect(await watch.outbox()).toEqual(['opened'])

    watch.clock.at += HOUR_MS
    const { agencies } = await readSupervision(watch.records, watch.clock.at)
    expect(agencies[0]).toMatchObject({
      ...{ agency: { shortName: 'Dinkes' }, contact: 'Ibu Sari, tik@dinkes.example' },
      gaps: [{ gap: 'data-set-without-job', about: { name: 'Rekam Medis' } }],
      reminders: [{ id, text, noticeNumber: notice?.number, answer: null, contact: 'Ibu Sari, tik@dinkes.example' }],
    })
    const answer = { id, text: 'Agen dipasang pekan depan.', promisedOn: '2026-12-01' }
    await answerReminder.perform(deps, ADMIN, answer)
    expect(await watch.incidents('active')).toEqual([])
    const after = await readSupervision(watch.records, watch.clock.at)
    expect(after.agencies[0]?.reminders[0]?.answer).toMatchObject({ at: watch.clock.at, promisedOn: '2026-12-01' })
    await expect(answerReminder.perform(deps, ADMIN, answer)).rejects.toMatchObject({ code: 'wrong-state' })
    const actions = (await watch.audit()).map(({ action }) => action)
    expect(actions).toEqual(expect.arrayContaining(['backup-reminder.send', 'backup-reminder.answer']))
  })

  it('shows the limits of a class as proposed until somebody sets others, and then who, when, why, and what was before', async () => {
    const watch = await openWatch()
    const high = async () => (await listClasses(watch.records)).find(({ urgency }) => urgency === 'high')
    expect(await high()).toMatchObject({ limits: PROPOSED_LIMITS.high, setBy: null, earlier: [] })
    const limits = { ...PROPOSED_LIMITS.high, maxAgeHours: 12 }
    const set = (body: object) => setBackupClass.perform(watch.verbDeps, ADMIN, { urgency: 'high', ...body })
    await expect(set({ limits })).rejects.toMatchObject({ code: 'bad-request' })
    await set({ limits, reason: 'Rapat pengawasan' })
    watch.clock.at += HOUR_MS
    await set({ limits: PROPOSED_LIMITS.high, reason: 'Terlalu ketat' })
    expect(await high()).toMatchObject({
      ...{ limits: PROPOSED_LIMITS.high, setAt: watch.clock.at, reason: 'Terlalu ketat' },
      earlier: [{ limits, reason: 'Rapat pengawasan', until: watch.clock.at }],
    })
    expect((await watch.audit('backup-class.set')).map(({ detail }) => detail.reason)).toEqual([
      'Rapat pengawasan',
      'Terlalu ketat',
    ])
  })

  it('thins out old runs and never the newest that went well', async () => {
    const watch = await openWatch()
    const machine = await watch.enrol()
    const dataset = await enter(watch, 'dataset', { title: 'Keuangan' })
    const at = (hours: number) => watch.clock.at - hours * HOUR_MS
    const failed = { outcome: 'failed', trouble: 'command-failed' } as const
    const backups = [ran(dataset, at(9)), ...[8, 7, 6, 5, 4].map(hours => ran(dataset, at(hours), failed))]
    await watch.speak(machine, { backups })
    await pruneBackups(watch.records, watch.clock.at, 2)
    const { runs } = await readHistory(watch.records, { datasetId: dataset, from: 0, to: watch.clock.at, limit: 50 })
    expect(runs.map(({ startedAt, outcome }) => [startedAt, outcome])).toEqual([
      [at(4), 'failed'],
      [at(5), 'failed'],
      [at(9), 'good'],
    ])
  })
})
