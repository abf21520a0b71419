// A wall that people look up to does not scroll: the tiles that are counted to fit do fit, in a real browser.
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { startBrowser } from '../support/browser.ts'
import { startCollector, type TestCollector, untilTrue } from '../support/collector.ts'
import { signUp } from '../support/sign-up.ts'
import { enrolTestAgent, gauge } from '../support/test-agent.ts'

let collector: TestCollector
let browser: Browser
let page: Page

beforeAll(async () => {
  collector = await startCollector({ settings: { nocAgent: { enabled: false } } })
  browser = await startBrowser()
  page = await browser.newPage({ viewport: { width: 1440, height: 900 }, colorScheme: 'dark' })
  await signUp(page, collector)
})

afterAll(async () => {
  await browser?.close()
  await collector?.stop()
  collector?.cleanUp()
})

it('shows one to a dozen servers whole, at a desk and on a large wall', async () => {
  for (let count = 1; count <= 12; count += 1) {
    const agent = await enrolTestAgent(collector, { hostname: `server-${count}`, intervalMs: 600_000 })
    await agent.deliver([gauge('node_load1', 0.5, Date.now())])
    await untilTrue(`${count} tiles`, 60_000, async () => (await page.locator('a.tile').count()) === count)
    for (const viewport of [
      { width: 1440, height: 900 },
      { width: 3840, height: 2160 },
    ]) {
      await page.setViewportSize(viewport)
      await untilTrue(`${count} tiles fit ${viewport.width}`, 60_000, () =>
        page
          .locator('a.tile')
          .evaluateAll(tiles => tiles.every(tile => tile.getBoundingClientRect().bottom <= window.innerHeight)),
      )
    }
  }
  expect(await page.locator('a.tile').count()).toBe(12)
})
