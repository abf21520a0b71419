// Whoever has no mouse: every page by real key presses alone, in a real Chromium.
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { call, type TestCollector } from '../support/collector.ts'
import { openSignedInPage, type SignedInPage } from '../support/signed-in-page.ts'

let collector: TestCollector
let page: Page
let close: SignedInPage['close'] | undefined
beforeAll(async () => {
  ;({ collector, page, close } = await openSignedInPage({}, async started => {
    await call(started, 'createAgency', { body: { name: 'Dinas Kesehatan', shortName: 'Dinkes' } })
    await call(started, 'createLink', { body: { name: 'Dinkes – Serat' } })
  }))
})
afterAll(() => close?.())

async function open(path: string): Promise<void> {
  await page.goto(collector.url + path)
  await page.locator('h1').first().waitFor({ state: 'attached' })
  await page.locator('.skeleton').first().waitFor({ state: 'detached' })
}

/** The words of what the keyboard is on. */
const focused = () =>
  page.evaluate(() => {
    const at = document.activeElement
    if (!(at instanceof HTMLElement) || at === document.body) return null
    return { words: at.innerText, inDialog: at.closest('dialog') !== null }
  })

/** Presses Tab until the keyboard is on what is called so. */
async function tabTo(words: string): Promise<void> {
  for (let presses = 0; presses < 80; presses += 1) {
    await page.keyboard.press('Tab')
    if ((await focused())?.words.trim() === words) return
  }
  throw new Error(`the key Tab leads to no "${words}" on ${page.url()}`)
}

const PAGES = [
  ...['/', '/devices/new', '/network/links', '/network/maintenance', '/backups/coverage', '/duties'],
  ...['/settings/agents', '/settings/tokens'],
]

/** Counts what can be used, and lets each note when the keyboard was on it, and whether one saw that. */
function markAll(): number {
  const usable = [
    ...document.querySelectorAll<HTMLElement>('a[href], button, input, select, textarea, summary'),
  ].filter(
    one =>
      !one.matches(':disabled, [type="radio"], [tabindex="-1"]') && one.checkVisibility({ visibilityProperty: true }),
  )
  for (const one of usable) {
    one.dataset.reached = 'never'
    one.addEventListener('focus', () => {
      const { outlineStyle, outlineWidth } = getComputedStyle(one)
      one.dataset.reached = outlineStyle !== 'none' && Number.parseFloat(outlineWidth) > 0 ? 'seen' : 'unseen'
    })
  }
  return usable.length
}

describe('the key Tab', () => {
  it.each(PAGES)('%s: reaches all that can be used, and one sees where it is', async path => {
    await open(path)
    const count = await page.evaluate(markAll)
    expect(count).toBeGreaterThan(10)
    for (let presses = 0; presses < count + 10; presses += 1) await page.keyboard.press('Tab')
    const missed = page.locator('[data-reached="never"], [data-reached="unseen"]')
    expect(await missed.evaluateAll(list => list.map(one => one.outerHTML))).toEqual([])
  })
})

describe('Enter and Escape', () => {
  it('the first stop of a page leads past its head', async () => {
    await open('/network/links')
    await page.keyboard.press('Tab')
    expect((await focused())?.words).toBe('Langsung ke isi')
    await page.keyboard.press('Enter')
    await page.keyboard.press('Tab')
    expect(await page.evaluate(() => document.querySelector('main')?.contains(document.activeElement))).toBe(true)
  })

  it('a dialog holds the keyboard, gives it back, and does its work without a mouse', async () => {
    await open('/settings/places')
    await tabTo('Tambah OPD')
    await page.keyboard.press('Enter')
    await page.getByRole('dialog').waitFor()
    for (let presses = 0; presses < 12; presses += 1) {
      // Between its last and its first field a browser stops at its own bar, which is no element of the page.
      const at = await focused()
      expect(at === null || at.inDialog).toBe(true)
      await page.keyboard.press('Tab')
    }
    await page.keyboard.press('Escape')
    await page.getByRole('dialog').waitFor({ state: 'detached' })
    await expect.poll(async () => (await focused())?.words).toBe('Tambah OPD')

    await page.keyboard.press('Enter')
    const form = page.getByRole('dialog')
    await form.getByLabel('Nama lengkap').pressSequentially('Dinas Arsip')
    await page.keyboard.press('Tab')
    await page.keyboard.type('Arsip')
    await expect.poll(() => form.getByLabel('Nama lengkap').inputValue()).toBe('Dinas Arsip')
    await page.keyboard.press('Enter')
    await page.getByRole('row', { name: /Dinas Arsip/ }).waitFor()
    await page.getByRole('dialog').waitFor({ state: 'detached' })
    await expect.poll(async () => (await focused())?.words).toBe('Tambah OPD')
  })

  it('what vanishes under the keyboard hands it to what stands around it', async () => {
    const row = page.getByRole('row', { name: /Dinas Arsip/ })
    await row.getByRole('button', { name: 'Hapus' }).focus()
    await page.keyboard.press('Enter')
    await page.getByRole('dialog').waitFor()
    await tabTo('Hapus')
    await page.keyboard.press('Enter')
    await row.waitFor({ state: 'detached' })
    await expect.poll(focused).not.toBeNull()
  })

  it('menu and help open and close, and the key "/" finds', async () => {
    await open('/network/links')
    await page.locator('.menu summary').focus()
    await page.keyboard.press('Enter')
    await page.keyboard.press('Tab')
    await page.keyboard.press('Escape')
    expect(await page.evaluate(() => document.activeElement?.matches('.menu summary'))).toBe(true)
    await page.keyboard.press('?')
    await page.getByRole('dialog').waitFor()
    await page.keyboard.press('Escape')
    await page.getByRole('dialog').waitFor({ state: 'detached' })
    await page.keyboard.press('/')
    await page.keyboard.type('tidak ada')
    await page.getByText('Tidak ada tautan yang cocok').waitFor()
    await page.keyboard.press('Escape')
    await page.getByRole('link', { name: 'Dinkes – Serat' }).waitFor()
  })
})
