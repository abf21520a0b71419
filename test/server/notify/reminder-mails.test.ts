// Reminders of backups to the contact of an agency, against mail servers that take them, refuse them, or say nothing.
import { expect, it } from 'vitest'
import { mailAddressIn } from '../../../server/backups/contact-address.ts'
import { remindAgency } from '../../../server/backups/remind-agency.ts'
import { readSupervision } from '../../../server/backups/supervision.ts'
import { createAgency } from '../../../server/inventory/create-agency.ts'
import { createChannel } from '../../../server/notify/create-channel.ts'
import { createReminderMails } from '../../../server/notify/reminder-mails.ts'
import { reminderMessage } from '../../../server/notify/reminder-message.ts'
import { signalReminder } from '../../../server/rules/backup-reminders.ts'
import { untilTrue } from '../../support/collector.ts'
import { enter } from '../backups/told.ts'
import { ADMIN, HOUR_MS, openWatch } from '../rules/watch.ts'
import { atEnd } from './house.ts'
import { mailTo } from './house-channels.ts'
import { type SmtpScript, startSmtpScript } from './smtp-script.ts'

const CONTEXT = { place: 'Kota Uji', publicUrl: 'https://pantau.uji.example', timeZone: 'Asia/Jakarta' }

/** A city whose Dinkes lacks a job, with a mail channel to a server that answers as it is told. */
async function openCity(answer: SmtpScript['answer'] | null, reachedBy = 'tik@dinkes.example, 0811') {
  const watch = await openWatch()
  const deps = { ...watch.verbDeps, signalReminder, wake() {} }
  const { id: agencyId } = await createAgency.perform(deps, ADMIN, { name: 'Dinas Kesehatan', shortName: 'Dinkes' })
  const about = [{ kind: 'agency' as const, id: agencyId }]
  const fields = { role: 'Narahubung TIK', person: 'Ibu Sari', reachedBy }
  await enter(watch, 'contact', { title: 'Narahubung', subjects: about, fields })
  await enter(watch, 'dataset', { title: 'Rekam Medis', subjects: about, fields: { urgency: 'high' } })
  const smtp = answer === null ? null : await startSmtpScript({ answer })
  if (smtp !== null) {
    const channel = { name: 'Piket', kind: 'email', settings: mailTo(smtp.port), minimumSeverity: 'low' }
    await createChannel.perform(deps, ADMIN, channel)
  }
  const start = () => {
    const mails = createReminderMails({ ...watch, vault: watch.verbDeps.vault, ...CONTEXT })
    atEnd(mails.stop)
    mails.start()
    return mails
  }
  return {
    watch,
    start,
    remind: () => remindAgency.perform(deps, ADMIN, { agencyId, text: 'Mohon daftarkan pencadangan.' }),
    recipients: () => (smtp?.lines ?? []).filter(line => line.startsWith('RCPT')),
    async mail() {
      const { agencies } = await readSupervision(watch.records, watch.clock.at)
      return agencies[0]?.reminders[0]?.mail ?? null
    },
  }
}

const settled = (city: Awaited<ReturnType<typeof openCity>>, state: string) =>
  untilTrue(`the mail is ${state}`, 15_000, async () => {
    const mail = await city.mail()
    return mail?.state === state ? mail : null
  })

it('goes to the contact alone, once, however often anybody looks', async () => {
  const city = await openCity(() => undefined)
  await city.remind()
  const mails = city.start()
  const mail = await settled(city, 'sent')
  expect(mail).toEqual({ address: 'tik@dinkes.example', state: 'sent', at: city.watch.clock.at, reason: null })
  mails.wake()
  mails.wake()
  await mails.stop()
  await city.start().stop()
  expect(city.recipients()).toEqual(['RCPT TO:<tik@dinkes.example>'])
  // The next reminder is another one.
  city.watch.clock.at += HOUR_MS
  await city.remind()
  city.start()
  await settled(city, 'sent')
  expect(city.recipients()).toHaveLength(2)
})

it('waits for a busy server, and says when it is refused for good', async () => {
  let answer = '451 busy'
  const city = await openCity(line => (line.startsWith('RCPT') ? answer : undefined))
  await city.remind()
  const mails = city.start()
  await untilTrue('it was tried', 15_000, async () => (await city.mail())?.reason ?? null)
  expect(await city.mail()).toMatchObject({ state: 'pending', at: null, reason: expect.stringContaining('busy') })
  answer = '550 no such user'
  city.watch.clock.at += HOUR_MS
  mails.wake()
  expect(await settled(city, 'refused')).toMatchObject({ reason: expect.stringContaining('no such user') })
})

it('does not go again when nobody can say whether it went', async () => {
  let isHeard = false
  const city = await openCity(line => {
    if (line !== '.') return undefined
    isHeard = true
    return ''
  })
  await city.remind()
  const mails = city.start()
  await untilTrue('the server has it and says nothing', 15_000, () => isHeard)
  await mails.stop()
  expect(await city.mail()).toMatchObject({ state: 'unknown', reason: expect.stringContaining('may have arrived') })
  // As a kill would have left it.
  await city.watch.records.updateTable('reminder_mail').set({ state: 'sending' }).execute()
  await city.start().stop()
  expect(await city.mail()).toMatchObject({ state: 'unknown' })
  expect(city.recipients()).toHaveLength(1)
})

it('without a channel or an address nothing goes, and that is told', async () => {
  const city = await openCity(null)
  await city.remind()
  city.start()
  expect(await settled(city, 'no-channel')).toMatchObject({ address: 'tik@dinkes.example' })
  const unreachable = await openCity(null, 'telepon 0811')
  await unreachable.remind()
  expect(await unreachable.mail()).toBeNull()
  expect(mailAddressIn('Sari <sari.w@dinkes.uji-kota.go.id>; 0811')).toBe('sari.w@dinkes.uji-kota.go.id')
  expect(mailAddressIn('@dinkes, sari@lokal')).toBeNull()
})

it('says what is missing, in lines that no name can break', () => {
  const gap = { gap: 'data-set-without-job' as const, place: null, about: { id: 'd', name: 'Rekam\nMedis' } }
  const gaps = [{ ...gap, words: { id: 'Rekam\nMedis: tanpa pekerjaan', en: 'Rekam\nMedis: without a job' } }]
  const { texts } = reminderMessage({ at: 0, agency: 'Dinas\r\nX', text: 'Mohon\ndaftarkan', gaps }, CONTEXT)
  expect(texts.id).toMatchObject({
    ...{ subject: '[Pantau] Pengingat pencadangan: Dinas X', heading: 'Mohon daftarkan' },
    items: [{ text: 'Rekam Medis: tanpa pekerjaan', url: 'https://pantau.uji.example/datasets/d' }],
  })
  expect(texts.en.items[0]?.text).toBe('Rekam Medis: without a job')
})
