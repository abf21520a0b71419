// Agencies and sites as a person keeps them: on the page, in both languages, with a server placed at one.
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { ADMIN_TOKEN, call, rawCall, type TestCollector } from '../support/collector.ts'
import { openSignedInPage, type SignedInPage } from '../support/signed-in-page.ts'

let collector: TestCollector
let page: Page
let close: SignedInPage['close'] | undefined
beforeAll(async () => {
  ;({ collector, page, close } = await openSignedInPage())
})
afterAll(() => close?.())

const dialog = () => page.getByRole('dialog')

it('an agency and its office are added, changed and named by their owner', async () => {
  await page.goto(`${collector.url}/settings/places`)
  await page.getByText('Belum ada OPD').waitFor()
  await page.getByRole('button', { name: 'Tambah OPD' }).click()
  await dialog().getByLabel('Nama lengkap').fill('Dinas Kesehatan')
  await dialog().getByLabel('Sebutan').fill('Dinkes')
  await dialog().getByRole('button', { name: 'Simpan' }).click()
  await page.getByRole('row', { name: /Dinas Kesehatan/ }).waitFor()

  await page.getByRole('button', { name: 'Tambah lokasi' }).click()
  await dialog().getByLabel('Nama lokasi').fill('Kantor Dinkes')
  await dialog().getByLabel('OPD').selectOption({ label: 'Dinas Kesehatan' })
  await dialog().getByLabel('Lintang').fill('-7,5755')
  await dialog().getByRole('button', { name: 'Simpan' }).click()
  await dialog().getByText('Isi lintang dan bujur, atau kosongkan keduanya.').waitFor()
  await dialog().getByLabel('Bujur').fill('110.8243')
  await dialog().getByRole('button', { name: 'Simpan' }).click()
  await page.getByRole('row', { name: /Kantor Dinkes.*Dinkes.*-7,5755 · 110,8243/ }).waitFor()

  const row = page.getByRole('row', { name: /Dinas Kesehatan/ }).first()
  await row.getByRole('button', { name: 'Ubah' }).click()
  await dialog().getByLabel('Nomor keputusan PD Mandiri TIK').fill('555/12/2026')
  await dialog().getByRole('button', { name: 'Simpan' }).click()
  await page.getByText('PD Mandiri TIK: 555/12/2026').waitFor()
})

it('an agency that still owns something is not removed, and the page says what', async () => {
  const row = page.getByRole('row', { name: /Dinas Kesehatan/ }).first()
  await row.getByRole('button', { name: 'Hapus' }).click()
  await dialog().getByRole('button', { name: 'Hapus' }).click()
  await dialog()
    .getByText(/Kantor Dinkes/)
    .waitFor()
  await dialog().getByRole('button', { name: 'Batal' }).click()
})

it('a server gets its owner and its site on its own page; both lists count it; only then it keeps the site', async () => {
  const { secret } = await call(collector, 'createEnrolmentToken', { body: { label: 'x' } })
  const body = { hostname: 'server-dinkes', machineId: 'd'.repeat(64), agentVersion: '1' }
  const { deviceId } = await call(collector, 'enrol', { token: secret, body })
  await page.goto(`${collector.url}/servers/${deviceId}`)
  await page.getByLabel('Milik OPD').selectOption({ label: 'Dinas Kesehatan' })
  await expect
    .poll(() => call(collector, 'server', { params: { id: deviceId } }).then(one => one.place.agencyId))
    .toBeTruthy()
  await page.getByLabel('Berada di').selectOption({ label: 'Kantor Dinkes' })
  await expect.poll(() => call(collector, 'sites').then(({ sites }) => sites[0]?.devices)).toBe(1)
  expect((await call(collector, 'agencies')).agencies).toMatchObject([{ slug: 'dinkes', sites: 1, devices: 1 }])

  const { sites } = await call(collector, 'sites')
  const refused = await rawCall(collector, 'removeSite', { params: { id: sites[0]?.id ?? '' }, token: ADMIN_TOKEN })
  expect(refused.status).toBe(409)
  expect(await refused.text()).toContain('server-dinkes')
  await call(collector, 'removeServer', { params: { id: deviceId } })
  await call(collector, 'removeSite', { params: { id: sites[0]?.id ?? '' } })
  expect((await call(collector, 'sites')).sites).toEqual([])
})

it('names that are not there are refused by name, coordinates off the globe too', async () => {
  const nobody = '0190a000-0000-7000-8000-000000000000'
  const foreign = await rawCall(collector, 'createSite', {
    body: { name: 'Kantor', agencyId: nobody },
    token: ADMIN_TOKEN,
  })
  expect(foreign.status).toBe(404)
  expect(await foreign.text()).toContain(nobody)
  const off = await rawCall(collector, 'createSite', {
    body: { name: 'Kantor', coordinates: { latitude: 97, longitude: 110 } },
    token: ADMIN_TOKEN,
  })
  expect(off.status).toBe(400)
  expect(await off.text()).toContain('coordinates.latitude')
})
