// A city comes under its regulation, sees how its duties stand and why, and tries out another number, in a real browser.
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { call, type TestCollector } from '../support/collector.ts'
import { openSignedInPage, type SignedInPage } from '../support/signed-in-page.ts'

const AUDIT = 'palopo-2020-26-40-1-audit-infrastruktur'
let collector: TestCollector
let page: Page
let close: SignedInPage['close'] | undefined
beforeAll(async () => {
  ;({ collector, page, close } = await openSignedInPage({ timeZone: 'Asia/Makassar' }))
})
afterAll(() => close?.())

it('a regulation is chosen; its duties stand at once, the gap in its list and what nobody measured are told', async () => {
  await page.getByRole('link', { name: 'Kewajiban' }).click()
  await page.getByText('Belum ada peraturan yang berlaku di sini').waitFor()
  const palopo = page.locator('.regulations > li', { hasText: 'Peraturan Walikota Palopo Nomor 26 Tahun 2020' })
  await palopo.getByRole('button', { name: 'Berlakukan' }).click()
  await page.getByText('Daftar ini belum lengkap').waitFor()
  await page.getByText('Peraturan Walikota 81/2017').waitFor()
  await page.getByText('dari yang berlaku belum terukur').waitFor()
  const { duties } = await call(collector, 'duties', { query: {} })
  expect(duties).toHaveLength(51)
  await expect.poll(() => page.locator('.duty-group tbody tr').count()).toBe(51)
  expect(await page.locator('.duty-group tbody tr', { hasText: 'Terpenuhi' }).count()).toBe(0)
})

it('one duty tells its citation, its word, why it stands so and where each number comes from', async () => {
  await page.locator(`a[href="/duties/${AUDIT}"]`).click()
  await page.getByRole('heading', { name: 'Audit infrastruktur minimal lima tahun sekali' }).waitFor()
  await page.getByText('Pasal 40 ayat (1)').waitFor()
  await page.getByText('Bila tidak dipenuhi: temuan').waitFor()
  await page.getByText('1 dari 1 penilaian belum terukur').waitFor()
  const rowOf = (name: string) => page.getByRole('row', { name })
  expect(await rowOf('Berkala tiap').textContent()).toContain('60 bulanditetapkan peraturan')
  expect(await rowOf('Diingatkan sebelumnya').textContent()).toContain('usulan Diskominfo')
})

it('what the text sets can be tried but not set; a proposal is set by decree', async () => {
  await page.getByText('Coba nilai lain').click()
  await page.getByLabel('Nilai', { exact: true }).fill('24')
  await page.getByRole('button', { name: 'Coba', exact: true }).click()
  await page.getByText('Tidak ada yang berubah.').waitFor()
  expect(await page.getByRole('button', { name: 'Tetapkan' }).count()).toBe(0)

  await page.locator('.try select').selectOption('reminderBeforeDueDays')
  await page.getByLabel('Nilai', { exact: true }).fill('60')
  await page.getByLabel('Pejabat').fill('Kepala Dinas Kominfo')
  await page.getByLabel('Nomor keputusan').fill('7/2026')
  await page.getByRole('button', { name: 'Tetapkan' }).click()
  await page.getByText('ditetapkan kota').waitFor()
  await page.getByText('dalam berkas: 180 hari').waitFor()
  const { parameters } = await call(collector, 'duty', { params: { rule: AUDIT } })
  expect(parameters.find(one => one.name === 'reminderBeforeDueDays')).toMatchObject({ value: 60, packValue: 180 })
  expect(parameters.find(one => one.name === 'periodMonths')).toMatchObject({ value: 60, setting: null })
})

it('an open page shows what another person entered, without being loaded again', async () => {
  await page.goto(`${collector.url}/registers?kind=document`)
  await page.getByText('Belum ada catatan').or(page.getByRole('table')).first().waitFor()
  const { record } = await call(collector, 'createRegisterRecord', {
    body: { kind: 'document', title: 'SOP ruang server', fields: { documentType: 'sop', topic: 'pd-sop' } },
  })
  await page.getByRole('link', { name: 'SOP ruang server' }).click()
  await page.getByRole('heading', { name: 'SOP ruang server' }).waitFor()
  await call(collector, 'correctRegisterRecord', {
    params: { id: record.id },
    body: { title: 'SOP ruang server, baru', fields: record.fields },
  })
  await page.getByRole('heading', { name: 'SOP ruang server, baru' }).waitFor()
})

it('the calendar tells what is due in the time zone of the city', async () => {
  await page.goto(`${collector.url}/duties/calendar`)
  await page.getByText('Hari menurut WITA').waitFor()
  await page.getByRole('link', { name: 'Jaringan mesti sesuai standar perundang-undangan' }).waitFor()
})
