// The pages of the network as people use them: a calendar with holidays from a file, links and who has none, a cut that
// shows itself without asking, its cause, the agency of it, who hangs on whom, and work that a second person approves.
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { startBrowser } from '../support/browser.ts'
import { call, rawCall, startCollector, type TestCollector, untilTrue } from '../support/collector.ts'
import { PASSWORD, signUp } from '../support/sign-up.ts'
import { enrolTestAgent, type TestAgent } from '../support/test-agent.ts'

const SECOND_MS = 1_000
const LONG_INTERVAL_MS = 600_000
let collector: TestCollector
let browser: Browser
let page: Page
let poller: TestAgent
const links = { core: '', office: '' }

beforeAll(async () => {
  collector = await startCollector({ settings: { nocAgent: { enabled: false } } })
  browser = await startBrowser()
  page = await browser.newPage({ viewport: { width: 1440, height: 900 }, locale: 'id-ID' })
  await signUp(page, collector)
  const agency = (name: string, shortName: string) => call(collector, 'createAgency', { body: { name, shortName } })
  const health = await agency('Dinas Kesehatan', 'Dinkes')
  await agency('Dinas Arsip', 'Arsip')
  const provider = await call(collector, 'createProvider', { body: { name: 'PT Serat Nusantara' } })
  poller = await enrolTestAgent(collector, { hostname: 'poller', intervalMs: LONG_INTERVAL_MS })
  const { agents } = await call(collector, 'agents')
  const agentIds = agents.filter(({ hostname }) => hostname === 'poller').map(({ id }) => id)
  const link = async (name: string, more: { agencyId?: string; providerId?: string } = {}): Promise<string> => {
    const { id } = await call(collector, 'createLink', { body: { name, ...more } })
    await call(collector, 'createProbe', {
      body: { subjectId: id, name: 'icmp', agentIds, check: { kind: 'icmp', address: '192.0.2.1' } },
    })
    return id
  }
  links.core = await link('Pusat data')
  links.office = await link('Dinkes – Serat', { agencyId: health.id, providerId: provider.id })
  await tell({ core: 1, office: 1 }, 60 * SECOND_MS)
  await tell({ core: 1, office: 1 })
})
afterAll(async () => {
  await browser?.close()
  await collector?.stop()
  collector?.cleanUp()
})

/** What the poller saw, some time ago. */
async function tell(seen: { core: 0 | 1; office: 0 | 1 }, agoMs = 0): Promise<void> {
  const at = Date.now() - agoMs
  await poller.deliver(
    (['core', 'office'] as const).map(name => ({
      ...({ kind: 'gauge', subject: links[name], metric: 'probe_up', labels: { probe: 'icmp' } } as const),
      points: [[at, seen[name]] satisfies [number, number]],
    })),
  )
}
const dialog = () => page.getByRole('dialog')

it('a service calendar is made, with holidays from a file, and a link is owed by it', async () => {
  await page.goto(`${collector.url}/network/calendars`)
  await page.getByText('Belum ada kalender').waitFor()
  await page.getByRole('button', { name: 'Tambah kalender' }).click()
  await dialog().getByLabel('Nama').fill('Jam kantor')
  await dialog().getByLabel('Jumat').fill('07.30 - 11.30, 13:00-16:00')
  const days = ['DTSTART;VALUE=DATE:20260321', 'DTEND;VALUE=DATE:20260323']
  const file = ['BEGIN:VCALENDAR', 'BEGIN:VEVENT', ...days, 'SUMMARY:Idulfitri', 'END:VEVENT', 'END:VCALENDAR'].join(
    '\r\n',
  )
  await dialog().getByRole('textbox', { name: 'Hari libur' }).fill('17/08/2026')
  await dialog()
    .getByLabel('Impor hari libur')
    .setInputFiles({ name: 'libur.ics', mimeType: 'text/calendar', buffer: Buffer.from(file) })
  await dialog().getByText('3 hari.').waitFor()
  await dialog().getByRole('button', { name: 'Simpan' }).click()
  await page.getByRole('row', { name: /Jam kantor.*Senin, Selasa, Rabu, Kamis 07:30-16:00.*3/ }).waitFor()

  await page.goto(`${collector.url}/network/links`)
  await page.getByRole('link', { name: 'Arsip', exact: true }).waitFor()
  const row = page.getByRole('row', { name: /Dinkes – Serat/ })
  await row.getByRole('button', { name: 'Ubah' }).click()
  await dialog().getByLabel('Kalender layanan').selectOption({ label: 'Jam kantor' })
  await dialog().getByRole('button', { name: 'Simpan' }).click()
  await dialog().waitFor({ state: 'hidden' })
  const { calendars } = await call(collector, 'calendars')
  const kept = (await call(collector, 'links')).links.find(({ id }) => id === links.office)
  expect(kept?.calendarId).toBe(calendars[0]?.id)
  expect(calendars[0]?.definition).toMatchObject({
    hours: {
      friday: [
        { from: '07:30', to: '11:30' },
        { from: '13:00', to: '16:00' },
      ],
    },
    holidays: ['2026-03-21', '2026-03-22', '2026-08-17'],
  })
  await page.goto(`${collector.url}/network/availability`)
  await page
    .getByRole('row', { name: /Dinkes – Serat.*Jam kantor/ })
    .first()
    .waitFor()
})

it('what hangs on what is said on the drawing', async () => {
  await page.goto(`${collector.url}/network/topology`)
  await page.getByRole('button', { name: /Dinkes – Serat/ }).click()
  await dialog().getByLabel('Pusat data').check()
  await dialog().getByRole('button', { name: 'Simpan' }).click()
  await page.getByRole('img', { name: 'Topologi jaringan, 2 simpul' }).waitFor()
})

it('a cut shows itself on the open page of the link, and a person says why it was', async () => {
  await page.goto(`${collector.url}/network/links`)
  await page.getByRole('link', { name: 'Dinkes – Serat' }).click()
  await page.getByRole('heading', { name: 'Dinkes – Serat' }).waitFor()
  const state = page.locator('.screen-head')
  await expect.poll(() => state.textContent()).toContain('Aktif')
  await tell({ core: 1, office: 0 })
  await expect.poll(() => state.textContent()).toContain('Mati')
  const outages = page.getByRole('table', { name: 'Gangguan' })
  await outages.getByRole('button', { name: 'Koreksi' }).click()
  await dialog().getByLabel('Penyebab').selectOption({ label: 'Listrik' })
  await dialog().getByLabel('Alasan').fill('PLN padam sekecamatan')
  await dialog().getByRole('button', { name: 'Simpan' }).click()
  await outages.getByText(/dikoreksi Kepala NOC: PLN padam sekecamatan/).waitFor()

  await page.getByRole('link', { name: 'Dinas Kesehatan' }).click()
  await page.getByRole('heading', { name: 'Riwayat sambungan' }).waitFor()
  await expect.poll(() => page.locator('.screen-head').textContent()).toContain('Mati')
  await page.getByRole('row', { name: /Dinkes – Serat.*PT Serat Nusantara/ }).waitFor()
})

it('the root of a larger trouble is told, and what hangs on it is unreachable', async () => {
  await page.goto(`${collector.url}/network/topology`)
  await page.locator('.topology-words', { hasText: 'Mati' }).waitFor()
  await tell({ core: 0, office: 0 })
  await page.locator('.topology-words', { hasText: 'Mati · akar: 1 terputus' }).waitFor()
  await page.locator('.topology-words', { hasText: 'Tak terjangkau' }).waitFor()
})

it('work that was declared afterwards waits for another person than the one who declared it', async () => {
  await page.goto(`${collector.url}/network/maintenance`)
  await page.getByRole('button', { name: 'Nyatakan pemeliharaan' }).click()
  await dialog().getByLabel('Pekerjaan').fill('Ganti modul serat')
  await dialog().getByLabel('Mengenai').selectOption({ label: 'Dinkes – Serat' })
  await dialog().getByLabel('Mulai').fill('2026-01-05T08:00')
  await dialog().getByRole('button', { name: 'Simpan' }).click()
  const row = page.getByRole('row', { name: /Ganti modul serat/ })
  await row.getByText('Menunggu orang kedua').waitFor()
  expect(await row.getByRole('button', { name: 'Setujui' }).isDisabled()).toBe(true)

  // The page shows names, two persons may have the same one: it is the account that counts.
  await call(collector, 'createUser', {
    body: { name: 'kedua', displayName: 'Kepala NOC', role: 'admin', password: PASSWORD },
  })
  const second = await (await browser.newContext({ locale: 'id-ID' })).newPage()
  const signedIn = await rawCall(collector, 'signIn', { body: { name: 'kedua', password: PASSWORD }, token: null })
  const [name = '', value = ''] = (signedIn.headers.getSetCookie()[0] ?? '').split(';')[0]?.split('=') ?? []
  await second.context().addCookies([{ name, value, url: collector.url }])
  await second.goto(`${collector.url}/network/maintenance`)
  await second.getByRole('button', { name: 'Setujui' }).click()
  await untilTrue('it is approved', 60_000, async () => {
    const { maintenances } = await call(collector, 'maintenances')
    return maintenances[0]?.state === 'approved'
  })
  // Told by the live line: nobody loaded this page again.
  await row.getByText('Disetujui').first().waitFor()
})
