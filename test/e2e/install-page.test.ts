// The settings page shows how to bring a machine in, and the moment its first sample comes.
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { startBrowser } from '../support/browser.ts'
import { call, startCollector, type TestCollector } from '../support/collector.ts'
import { signUp } from '../support/sign-up.ts'

let collector: TestCollector
let browser: Browser
let page: Page
beforeAll(async () => {
  collector = await startCollector({ settings: { nocAgent: { enabled: false } } })
  browser = await startBrowser()
  page = await browser.newPage({ viewport: { width: 1440, height: 900 }, locale: 'id-ID' })
  await signUp(page, collector)
  await page.goto(`${collector.url}/settings/agents`)
})
afterAll(async () => {
  await browser?.close()
  await collector?.stop()
  collector?.cleanUp()
})

const batchOf = (spool: string, at: number) => ({
  ...{ wire: 1, agentVersion: '1', spool, number: 1, intervalMs: 10_000 },
  series: [{ kind: 'gauge', metric: 'node_load1', points: [[at, 1]] }],
})

it('a new token comes with the line to run, and the page waits for the first sample', async () => {
  await page.getByLabel('Nama', { exact: true }).fill('server perizinan')
  await page.getByRole('button', { name: 'Buat token' }).click()
  const line = page.locator('code.copy-text', { hasText: '/install.sh | sh -s -- --token pantau_enrol_' })
  await line.waitFor()
  await page.getByText('Menunggu agen mendaftar').waitFor()
  const [, secret = ''] = /--token (\S+)/.exec((await line.textContent()) ?? '') ?? []

  const body = { hostname: 'server-izin', machineId: 'c'.repeat(64), agentVersion: '1' }
  const { key, agentId, deviceId } = await call(collector, 'enrol', { token: secret, body })
  await page.getByText('server-izin terdaftar, menunggu hasil ukur pertama').waitFor()
  const at = Date.now()
  const delivered = await fetch(`${collector.url}/api/v1/ingest`, {
    method: 'POST',
    headers: {
      ...{ authorization: `Bearer ${key}`, 'content-type': 'application/json' },
      ...{ 'pantau-sent-at': String(at), 'pantau-lane': 'fresh' },
    },
    body: JSON.stringify(batchOf(agentId, at)),
  })
  expect(delivered.status).toBe(200)
  const arrived = page.getByRole('link', { name: 'Hasil ukur pertama dari server-izin tiba' })
  await arrived.waitFor()
  expect(await arrived.getAttribute('href')).toBe(`/servers/${deviceId}`)
})

it('a router gets its script, shown once, and is seen when it sends', async () => {
  await page.getByLabel('Nama router').fill('router-kelurahan')
  await page.getByLabel('Sistem', { exact: true }).selectOption('routeros')
  await page.getByRole('button', { name: 'Buat skrip' }).click()
  const script = page.locator('code.copy-text', { hasText: '/tool fetch' })
  await script.waitFor()
  await page.getByText('router-kelurahan terdaftar, menunggu').waitFor()
  const [, key = ''] = /Bearer (\S+?)"/.exec((await script.textContent()) ?? '') ?? []
  const pushed = await fetch(`${collector.url}/api/v1/push`, {
    method: 'POST',
    headers: { authorization: `Bearer ${key}` },
    body: 'uptime=00:10:00\ncpu_percent=3',
  })
  expect(pushed.status).toBe(200)
  await page.getByRole('link', { name: 'Hasil ukur pertama dari router-kelurahan tiba' }).waitFor()
  await page.getByRole('button', { name: 'Sudah saya simpan' }).last().click()
  await script.waitFor({ state: 'detached' })
})
