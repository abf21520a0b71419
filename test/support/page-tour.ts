// Takes every page at the sizes, themes and languages in which people see it, of a city with something on each
// (as root): node test/support/page-tour.ts --out DIRECTORY [--only PATTERN] [--widths 360,1440,3840]
// [--themes dark,light] [--languages id,en] [--wait SECONDS]. With --keep the city lives on afterwards, and --url takes pictures of one that does.
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import type { Browser, BrowserContext, Page } from 'playwright-core'
import { startBrowser } from './browser.ts'
import { call, rawCall } from './collector.ts'
import { startPictureCity } from './picture-city.ts'
import { PASSWORD, signUp } from './sign-up.ts'

const { values: options } = parseArgs({
  options: {
    out: { type: 'string', default: 'page-tour' },
    only: { type: 'string', default: '' },
    widths: { type: 'string', default: '360,1440,3840' },
    themes: { type: 'string', default: 'dark,light' },
    languages: { type: 'string', default: 'id,en' },
    wait: { type: 'string', default: '60' },
    url: { type: 'string' },
    keep: { type: 'boolean', default: false },
  },
})

async function pagesOf(collector: { url: string }): Promise<[name: string, path: string][]> {
  const { servers, incidents } = await call(collector, 'wall')
  const { incidents: all } = await call(collector, 'incidents', { query: {} })
  const { devices } = await call(collector, 'devices')
  const { links } = await call(collector, 'links')
  const { agencies } = await call(collector, 'agencies')
  const { duties } = await call(collector, 'duties', { query: {} })
  const { records } = await call(collector, 'registerRecords', { query: { kind: 'service' } })
  const { records: datasets } = await call(collector, 'registerRecords', { query: { kind: 'dataset' } })
  const server = (part: string) => servers.find(({ name }) => name.includes(part))?.id ?? ''
  const found = <T>(list: readonly T[], holds: (one: T) => boolean) => list.find(holds) ?? list[0]
  const device = (part: string) => found(devices, ({ vendor }) => vendor?.toLowerCase().includes(part) === true)?.id
  const evidence =
    incidents.length === 0 ? null : await call(collector, 'incident', { params: { id: incidents[0]?.id ?? '' } })
  const evidenceId = /"evidenceId":"([0-9a-f-]{36})"/.exec(JSON.stringify(evidence))?.[1] ?? 'none'
  return [
    ['wall', '/'],
    ['server-real', `/servers/${server('aplikasi-nyata')}`],
    ['server-told', `/servers/${server('cctv')}`],
    ['devices', '/devices'],
    ['add-device', '/devices/new'],
    ['device-router', `/devices/${device('mikrotik')}`],
    ['device-switch', `/devices/${device('cisco')}`],
    ['device-ups', `/devices/${device('apc')}`],
    ['device-conflict', `/devices/${devices.find(one => one.hasConflict)?.id ?? ''}`],
    ['links', '/network/links'],
    ['availability', '/network/availability'],
    ['topology', '/network/topology'],
    ['maintenance', '/network/maintenance'],
    ['calendars', '/network/calendars'],
    ['link-down', `/links/${found(links, one => one.standing.state === 'down')?.id}`],
    ['link-up', `/links/${found(links, one => one.standing.state === 'up')?.id}`],
    ['agency', `/agencies/${agencies[4]?.id}`],
    ['coverage', '/backups/coverage'],
    ['jobs', '/backups/jobs'],
    ['supervision', '/backups/supervision'],
    ['drc', '/backups/drc'],
    ['classes', '/backups/classes'],
    ['dataset', `/datasets/${datasets[5]?.id}`],
    ['incidents', '/incidents'],
    ['incident-open', `/incidents/${incidents[0]?.id}`],
    ['incident-settled', `/incidents/${found(all, one => one.state === 'resolved')?.id}`],
    ['evidence', `/evidence/${evidenceId}`],
    ['duties', '/duties'],
    ['duty-unmet', `/duties/${found(duties, one => JSON.stringify(one).includes('"unmet":1'))?.id}`],
    ['duty-first', `/duties/${duties[0]?.id}`],
    ['duty-calendar', '/duties/calendar'],
    ['exemptions', '/duties/exemptions'],
    ['registers', '/registers'],
    ['record', `/registers/${records[0]?.id}`],
    ...['agents', 'places', 'writers', 'credentials', 'channels', 'rules', 'users', 'tokens', 'audit', 'password'].map(
      (section): [string, string] => [`settings-${section}`, `/settings/${section}`],
    ),
    ['not-found', '/tidak/ada/di-sini'],
  ]
}

async function signedIn(browser: Browser, url: string): Promise<BrowserContext> {
  const context = await browser.newContext()
  const answer = await rawCall({ url }, 'signIn', { body: { name: 'kepala', password: PASSWORD }, token: null })
  const [name = '', value = ''] = (answer.headers.getSetCookie()[0] ?? '').split(';')[0]?.split('=') ?? []
  await context.addCookies([{ name, value, url }])
  return context
}

const HEIGHTS: Record<number, number> = { 360: 800, 1440: 900, 3840: 2160 }
/** A picture of a taller page is too large for the browser. */
const TALLEST_PX = 12_000

async function look(page: Page, url: string, path: string, width: number): Promise<string[]> {
  await page.setViewportSize({ width, height: HEIGHTS[width] ?? Math.round((width * 9) / 16) })
  await page.goto(url + path)
  await page
    .locator('h1')
    .first()
    .waitFor({ state: 'attached', timeout: 30_000 })
    .catch(() => {})
  await page
    .locator('.skeleton')
    .first()
    .waitFor({ state: 'detached', timeout: 30_000 })
    .catch(() => {})
  await page.waitForTimeout(400)
  return await page.evaluate(() => {
    const { scrollWidth, clientWidth } = document.documentElement
    const wide = scrollWidth > clientWidth ? [`the page is ${scrollWidth - clientWidth} px too wide`] : []
    const boxes = [...document.querySelectorAll('.table-frame')].filter(one => one.scrollWidth > one.clientWidth + 1)
    return [...wide, ...boxes.map(one => `a table is ${one.scrollWidth - one.clientWidth} px too wide`)]
  })
}

async function tour(url: string): Promise<void> {
  const browser = await startBrowser()
  try {
    const pages = (await pagesOf({ url })).filter(([name]) => new RegExp(options.only).test(name))
    const context = await signedIn(browser, url)
    const page = await context.newPage()
    page.on('pageerror', error => process.stdout.write(`${page.url()}: ${error}\n`))
    for (const language of options.languages.split(',')) {
      for (const theme of options.themes.split(',')) {
        await page.goto(`${url}/healthz`)
        await page.evaluate(
          ([language, theme]) => {
            localStorage.setItem('pantau.language', language ?? '')
            localStorage.setItem('pantau.theme', theme ?? '')
          },
          [language, theme],
        )
        for (const width of options.widths.split(',').map(Number)) {
          const into = join(options.out, `${width}-${theme}-${language}`)
          mkdirSync(into, { recursive: true })
          for (const [name, path] of pages) {
            const wrong = await look(page, url, path, width)
            for (const what of wrong) process.stdout.write(`${width} ${theme} ${language} ${name}: ${what}\n`)
            const tall = await page.evaluate(() => document.documentElement.scrollHeight)
            const clip = { x: 0, y: 0, width, height: Math.min(tall, TALLEST_PX) }
            await page.screenshot({ path: join(into, `${name}.png`), fullPage: true, clip })
          }
        }
      }
    }
  } finally {
    await browser.close()
  }
}

if (options.url !== undefined) await tour(options.url)
else {
  const city = await startPictureCity()
  process.stdout.write(`${city.collector.url}\n`)
  try {
    const browser = await startBrowser()
    await signUp(await browser.newPage(), city.collector)
    await browser.close()
    await new Promise(resolve => setTimeout(resolve, Number(options.wait) * 1_000))
    process.stdout.write('the city stands\n')
    if (options.keep) await new Promise(resolve => process.once('SIGTERM', resolve))
    else await tour(city.collector.url)
  } finally {
    await city.stop()
  }
}
