// A collector of its own, and a page in a real browser on which its first administrator has just signed in.
import type { Page } from 'playwright-core'
import { startBrowser } from './browser.ts'
import { startCollector, type TestCollector } from './collector.ts'
import { signUp } from './sign-up.ts'

export type SignedInPage = { collector: TestCollector; page: Page; close(): Promise<void> }

/** `prepare` has its turn before there is a page. */
export async function openSignedInPage(
  settings: Record<string, unknown> = {},
  prepare: (collector: TestCollector) => Promise<unknown> = async () => {},
): Promise<SignedInPage> {
  const collector = await startCollector({ settings: { nocAgent: { enabled: false }, ...settings } })
  const end = async (): Promise<void> => {
    await collector.stop()
    collector.cleanUp()
  }
  try {
    await prepare(collector)
    const browser = await startBrowser()
    const page = await browser.newPage({ viewport: { width: 1440, height: 900 }, locale: 'id-ID' })
    await signUp(page, collector)
    return {
      collector,
      page,
      async close() {
        await browser.close()
        await end()
      },
    }
  } catch (error) {
    await end()
    throw error
  }
}
