// Debian's real Icinga 2 writes its checks by line protocol, with the configuration that the settings page shows, and its
// hosts appear on the wall with graphs.

import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { writerSnippets } from '../../dashboard/src/views/settings/writer-snippets.ts'
import { startBrowser } from '../support/browser.ts'
import { call, startCollector, type TestCollector, untilTrue } from '../support/collector.ts'
import { type Icinga, startIcinga } from '../support/icinga.ts'
import { signUp } from '../support/sign-up.ts'

let collector: TestCollector
let icinga: Icinga
let browser: Browser

beforeAll(async () => {
  collector = await startCollector({ settings: { nocAgent: { enabled: false } } })
  const { key } = await call(collector, 'createWriter', { body: { name: 'icinga', intervalMs: 5_000 } })
  const snippet = writerSnippets(new URL(collector.url)).find(({ name }) => name === 'icinga2')?.text ?? ''
  icinga = await startIcinga(`
${snippet.replace('KEY', key).replace('flush_interval = 10s', 'flush_interval = 1s')}
object Host "web 1" {
  check_command = "dummy"
  check_interval = 1s
  vars.dummy_text = "up|rta=1.5ms;10;20;0 pl=0%"
}
object Host "db-1" {
  check_command = "dummy"
  check_interval = 1s
  vars.dummy_text = "up|rta=0.5ms"
}
object Service "room" {
  host_name = "web 1"
  check_command = "dummy"
  check_interval = 1s
  vars.dummy_text = "warm|'room temp'=24.5;30;35 load1=0.25"
}
`)
})
afterAll(async () => {
  await browser?.close()
  await icinga?.remove()
  await collector?.kill()
  collector?.cleanUp()
})

describe('an Icinga beside Pantau', () => {
  it('has its hosts on the wall, up, each as a server', async () => {
    const servers = await untilTrue(`both hosts are up; Icinga says ${icinga.output()}`, 60_000, async () => {
      const { servers } = await call(collector, 'wall')
      return servers.filter(({ state }) => state === 'up').length === 2 ? servers : null
    })
    expect(servers.map(({ name, slug }) => [name, slug])).toEqual([
      ['db-1', 'db-1'],
      ['web 1', 'web-1'],
    ])
    const { writers } = await call(collector, 'writers')
    expect(writers[0]).toMatchObject({ hosts: 2, refusedLines: 0, lastRefusal: null })
    // Icinga sends units as text.
    expect(writers[0]?.textFields).toBeGreaterThan(0)
  })

  it('has its figures in the store, with the labels that tell them apart', async () => {
    const id = (await call(collector, 'wall')).servers.find(({ name }) => name === 'web 1')?.id ?? ''
    const values = await untilTrue('all four series are stored', 60_000, async () => {
      const to = Date.now()
      const query = { subject: id, metric: 'dummy_value', from: to - 120_000, to, stepMs: 120_000 }
      const { series } = await call(collector, 'range', { query: { ...query, aggregate: 'max' } })
      return series.length === 4 ? series : null
    })
    const told = values.map(({ labels, points }) => [
      `${labels.service ?? 'host'}/${labels.metric}`,
      points.findLast(([, value]) => value !== null)?.[1],
    ])
    expect(Object.fromEntries(told)).toEqual({
      'host/rta': 0.0015,
      'host/pl': 0,
      'room/room temp': 24.5,
      'room/load1': 0.25,
    })
  })

  it('has a graph for each of its metrics on the page of its host, and a line under the settings', async () => {
    browser = await startBrowser()
    const page = await browser.newPage()
    await signUp(page, collector)
    await page.locator('a.tile', { hasText: 'web 1' }).click()
    const graph = page.locator('.graph', { hasText: 'dummy_value' })
    await graph.locator('canvas').waitFor()
    await untilTrue('the legend names the series', 60_000, async () =>
      /room temp/.test((await graph.textContent()) ?? ''),
    )
    expect(await page.locator('.graph-cpu').count()).toBe(0)

    await page.goto(`${collector.url}/settings/writers`)
    await page.locator('table', { hasText: 'icinga' }).waitFor()
    await page.locator('form input').first().fill('telegraf')
    await page.locator('form button[type="submit"]').click()
    const secret = page.locator('.secret-once')
    await secret.waitFor()
    expect(await secret.textContent()).toMatch(/pantau_writer_.*outputs\.influxdb.*InfluxdbWriter.*curl/s)
  })
})
