// A running collector under a regulation: a duty that is unmet becomes met by what people enter; files come back as they
// went; and the commands find that all of it holds, until somebody changes a byte.
import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { sql } from 'kysely'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { openRecords } from '../../server/stores/records/records.ts'
import { call, rawCall, startCollector, type TestCollector, untilTrue } from '../support/collector.ts'

const PANTAU = fileURLToPath(new URL('../../pantau.mjs', import.meta.url))
const DUTY = 'depok-2021-40-52-2-narahubung'
const PDF = Buffer.from('%PDF-1.7\nbukti')
let collector: TestCollector

beforeAll(async () => {
  collector = await startCollector({ settings: { nocAgent: { enabled: false }, regulation: 'depok-2021-40' } })
})
afterAll(() => collector?.cleanUp())

async function pantau(...args: string[]): Promise<{ code: number; said: string }> {
  return await promisify(execFile)(process.execPath, [PANTAU, ...args, '--data', collector.data]).then(
    ({ stdout }) => ({ code: 0, said: stdout }),
    (error: { code: number; stderr: string }) => ({ code: error.code, said: error.stderr }),
  )
}

it('a duty is met by what people enter, and the page says why', async () => {
  const agency = await call(collector, 'createAgency', { body: { name: 'Dinas Kesehatan', shortName: 'Dinkes' } })
  const verdict = async () => {
    const answer = await rawCall(collector, 'duty', { params: { rule: DUTY } })
    if (!answer.ok) return null
    const { subjects } = (await answer.json()) as { subjects: { subject: { id: string }; verdict: string }[] }
    return subjects.find(({ subject }) => subject.id === agency.id)?.verdict ?? null
  }
  // Any change makes the engine look again; this one is about nothing else.
  await call(collector, 'createRegisterRecord', {
    body: { kind: 'decision', title: 'Keputusan', fields: { topic: 'runs-lpse' } },
  })
  await untilTrue('the duty is unmet', 60_000, async () => (await verdict()) === 'unmet')
  const csv = 'Judul;OPD;role;person;reachedBy\nNarahubung;dinkes;narahubung;Sari;0811\n'
  const file = { name: 'contact.csv', contentBase64: Buffer.from(csv).toString('base64') }
  const taken = await call(collector, 'importRegister', { body: { ...file, mode: 'apply' } })
  expect(taken).toMatchObject({ added: 1, refused: 0 })
  await untilTrue('the duty is met', 60_000, async () => (await verdict()) === 'met')
})

it('a file comes back as it went, never shown in place, and only to whoever may read', async () => {
  const { record } = await call(collector, 'createRegisterRecord', {
    body: { kind: 'document', title: 'SOP', fields: { documentType: 'sop', topic: 'pd-sop' } },
  })
  const body = { name: 'sop é.pdf', mediaType: 'application/pdf', contentBase64: PDF.toString('base64') }
  const { attachments } = await call(collector, 'attachToRecord', { params: { id: record.id }, body })
  const params = { id: attachments[0]?.id ?? '' }
  const answer = await rawCall(collector, 'attachment', { params })
  expect(answer.headers.get('content-disposition')).toBe("attachment; filename*=UTF-8''sop%20%C3%A9.pdf")
  expect(Buffer.from(await answer.arrayBuffer())).toEqual(PDF)
  expect((await rawCall(collector, 'attachment', { params, token: null })).status).toBe(401)
  const { secret } = await call(collector, 'createApiToken', { body: { label: 'hanya audit', scopes: ['audit:read'] } })
  expect((await rawCall(collector, 'attachment', { params, token: secret })).status).toBe(403)
})

it('an exemption without a basis is refused, and so is a number that the regulation sets', async () => {
  const exemption = { kind: 'exemption', title: 'SIAK', fields: { duties: [DUTY], decree: '1' } }
  expect((await rawCall(collector, 'createRegisterRecord', { body: exemption })).status).toBe(400)
  const set = { name: 'minContacts', value: 0, validFrom: '2026-01-01', author: 'Kepala Dinas', decree: '1' }
  const refused = await rawCall(collector, 'setDuty', { params: { rule: DUTY }, body: set })
  expect(await refused.text()).toContain('the regulation itself sets this')
})

it('the commands judge again and verify; a changed byte is named', async () => {
  await collector.stop()
  const today = new Intl.DateTimeFormat('en-CA', { timeZone: 'Asia/Jakarta' }).format(Date.now())
  const replayed = await pantau('rules', 'replay', '--from', today, '--to', today)
  expect(replayed.code).toBe(0)
  expect(replayed.said).toContain(`${today},${DUTY},Dinas Kesehatan,,,met,0`)
  expect(await pantau('evidence', 'verify')).toMatchObject({ code: 0 })
  const records = await openRecords({ directory: collector.data })
  await sql`update evidence set verdict = 'met' where seq = 3 and verdict <> 'met'`.execute(records)
  await records.destroy()
  const found = await pantau('evidence', 'verify')
  expect(found.code).toBe(1)
  expect(found.said).toMatch(/^evidence entry 3: changed \(rule depok-2021-40-/)
})
