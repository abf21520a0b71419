// A router is added through the real page by a person, polled by the agent beside the collector, and seen to die. The
// router is Debian's snmpd.
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startBrowser } from '../support/browser.ts'
import { call, rawCall, startCollector, type TestCollector, untilTrue } from '../support/collector.ts'
import { signUp } from '../support/sign-up.ts'
import { SNMPD_COMMUNITY, SNMPD_USER, type Snmpd, startSnmpd } from '../support/snmpd.ts'

const PATIENCE_MS = 60_000
let collector: TestCollector
let browser: Browser
let page: Page
let snmpd: Snmpd

beforeAll(async () => {
  snmpd = await startSnmpd('router-dinkes')
  collector = await startCollector()
  browser = await startBrowser()
  page = await browser.newPage({ viewport: { width: 1440, height: 900 }, locale: 'id-ID' })
  page.setDefaultTimeout(PATIENCE_MS)
  await signUp(page, collector)
  await untilTrue('the NOC agent', PATIENCE_MS, async () => (await call(collector, 'agents')).agents[0])
})
afterAll(async () => {
  await browser?.close()
  await collector?.stop()
  collector?.cleanUp()
  await snmpd?.stop()
})

async function keepCommunity(name: string, community: string): Promise<void> {
  const form = page.locator('form').filter({ has: page.getByLabel('Community') })
  await form.getByLabel('Nama', { exact: true }).fill(name)
  await form.getByLabel('Community').fill(community)
  await form.getByRole('button', { name: 'Simpan kredensial' }).click()
  await page.getByRole('checkbox', { name: `${name} ·` }).waitFor()
}
const device = async (name: string) => {
  const { devices } = await call(collector, 'devices')
  return devices.find(one => one.name === name)
}

describe('a router', () => {
  it('is added by a person whom a live test tells what is wrong', async () => {
    await page.goto(`${collector.url}/devices/new`)
    await page.getByLabel('Alamat IP, daftar, atau subnet').fill('127.0.0.1')
    await page.getByText('Pilihan lain').click()
    await page.getByLabel('Port SNMP').fill(String(snmpd.ports[0]))
    await keepCommunity('Salah', 'tebakan')
    await page.getByRole('button', { name: 'Uji sekarang' }).click()
    await page.getByRole('heading', { name: 'Community salah' }).waitFor()

    await page.getByRole('button', { name: 'Kredensial baru' }).click()
    await keepCommunity('Router OPD', SNMPD_COMMUNITY)
    await page.getByRole('button', { name: 'Uji sekarang' }).click()
    await page.getByRole('heading', { name: /^Menjawab dalam .* dengan kredensial “Router OPD”$/ }).waitFor()
    const name = page.locator('.probe').getByLabel('Nama', { exact: true })
    expect(await name.inputValue()).toBe('router-dinkes')
    await page.getByRole('button', { name: 'Tambahkan', exact: true }).click()
    await page.waitForURL(/\/devices\/[0-9a-f-]{36}$/)
    await page.getByRole('heading', { name: 'router-dinkes' }).waitFor()
  })

  it('shows its identity, its interfaces and what passes through them, by v2c and by v3', async () => {
    const first = await untilTrue('the device', PATIENCE_MS, () => device('router-dinkes'))
    await call(collector, 'updateDevice', { params: { id: first.id }, body: { intervalMs: 5_000 } })
    const { id: credentialId } = await call(collector, 'createCredential', {
      body: { name: 'Rahasia v3', credential: SNMPD_USER },
    })
    const { added } = await call(collector, 'addDevices', {
      body: {
        devices: [{ address: '127.0.0.1', name: 'lewat-v3' }],
        ...{ credentialId, port: snmpd.ports[1], intervalMs: 5_000 },
      },
    })
    for (const id of [first.id, added[0]?.id ?? '']) {
      const view = await untilTrue('rates', PATIENCE_MS, async () => {
        const found = await call(collector, 'device', { params: { id } })
        const hasRates = found.interfaces.some(port => port.receiveBps !== null && port.receiveBps > 0)
        return hasRates && found.device.state === 'up' ? found : null
      })
      expect(view.identity).toMatchObject({ sysName: 'router-dinkes', sysLocation: 'Ruang server', simulated: false })
      const loopback = view.interfaces.find(port => port.name === 'lo')
      expect(loopback).toMatchObject({ state: 'up' })
      expect(loopback?.addresses.some(address => address.startsWith('127.0.0.1'))).toBe(true)
    }
    // Both say that they have the same engine: of the one that was found later a person is asked.
    const ids = [first.id, added[0]?.id ?? '']
    const doubted = await untilTrue('the doubt', PATIENCE_MS, async () => {
      const views = await Promise.all(ids.map(id => call(collector, 'device', { params: { id } })))
      const others = views.flatMap(({ conflict }) => (conflict === null ? [] : [conflict.otherId]))
      return others.length > 0 ? others : null
    })
    expect(doubted).toHaveLength(1)
    expect(ids).toContain(doubted[0])

    const ports = page.getByRole('table', { name: 'Antarmuka' })
    await ports.getByRole('button', { name: 'lo', exact: true }).waitFor()
    await page.getByRole('heading', { name: /^Masuk di atas, keluar di bawah/ }).waitFor()
  })

  it('is not spoken for by an agent that does not poll it, and its credential is told to nobody', async () => {
    const { id } = await untilTrue('the device', PATIENCE_MS, () => device('router-dinkes'))
    const { secret } = await call(collector, 'createEnrolmentToken', { body: { label: 'stranger' } })
    const enrolled = await call(collector, 'enrol', {
      token: secret,
      body: { hostname: 'stranger', machineId: 'e'.repeat(64), agentVersion: '1' },
    })
    const at = Date.now()
    const refused = await fetch(`${collector.url}/api/v1/ingest`, {
      method: 'POST',
      headers: {
        ...{ authorization: `Bearer ${enrolled.key}`, 'content-type': 'application/json' },
        ...{ 'pantau-sent-at': String(at), 'pantau-lane': 'fresh' },
      },
      body: JSON.stringify({
        ...{ wire: 1, agentVersion: '1', spool: enrolled.agentId, number: 1, intervalMs: 10_000 },
        series: [{ kind: 'gauge', subject: id, metric: 'snmp_up', points: [[at, 1]] }],
      }),
    })
    expect(refused.status).toBe(400)
    expect(await refused.json()).toMatchObject({
      code: 'bad-batch',
      issues: [{ path: 'series.0.subject', message: expect.stringContaining(id) }],
    })
    const orders = await fetch(`${collector.url}/api/v1/agent/assignments?lists=snmp,what-is-to-come`, {
      headers: { authorization: `Bearer ${enrolled.key}` },
    })
    expect(await orders.json()).toMatchObject({ assignments: { snmp: [] }, tasks: [] })
    for (const name of ['credentials', 'audit'] as const) {
      const told = JSON.stringify(await (await rawCall(collector, name)).json())
      for (const word of [SNMPD_COMMUNITY, SNMPD_USER.auth.key, SNMPD_USER.privacy.key])
        expect(told).not.toContain(word)
    }
    expect(collector.output()).not.toContain(SNMPD_COMMUNITY)
  })

  it('is seen to answer no more; its machine still answers pings, so it is impaired and not down', async () => {
    await snmpd.stop()
    await page.locator('.screen-head', { hasText: 'Menurun' }).waitFor()
    const row = await untilTrue('the state', PATIENCE_MS, async () => {
      const found = await device('router-dinkes')
      return found?.state === 'degraded' ? found : null
    })
    expect(row.lastPolledAt ?? 0).toBeGreaterThan(row.lastHeardAt ?? 0)
    await untilTrue('the incident', PATIENCE_MS, async () => {
      const { incidents } = await call(collector, 'incidents', { query: { state: 'active', subject: row.id } })
      return incidents[0]
    })
  })
})
