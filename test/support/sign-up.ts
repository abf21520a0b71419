import type { Page } from 'playwright-core'
import type { TestCollector } from './collector.ts'

export const PASSWORD = 'kata sandi yang panjang'

/** What the first person does: opens the one-time link, becomes the administrator "Kepala NOC", lands on the wall. */
export async function signUp(page: Page, collector: TestCollector): Promise<void> {
  await page.goto(`${collector.url}/setup#${collector.setUpLink()}`)
  await page.locator('input[autocomplete="username"]').fill('kepala')
  await page.locator('input[autocomplete="name"]').fill('Kepala NOC')
  for (const field of await page.locator('input[type="password"]').all()) await field.fill(PASSWORD)
  await page.locator('button[type="submit"]').click()
  await page.waitForURL(`${collector.url}/`)
}
