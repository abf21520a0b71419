// Backups as people see them: a city of 48 agencies whose matrix was worked out beforehand, a job that pings, a reported
// job that is accepted.
import { execFileSync } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { CITY, CITY_TOTALS, DATASET_KINDS } from '../support/backup-city.ts'
import type { TestCollector } from '../support/collector.ts'
import { expectCoverageOfCity } from '../support/coverage-answers.ts'
import { type SeededDataset, seedBackupCity } from '../support/seed-backup-city.ts'
import { openSignedInPage, type SignedInPage } from '../support/signed-in-page.ts'
import { enrolTestAgent } from '../support/test-agent.ts'

let collector: TestCollector
let page: Page
let close: SignedInPage['close'] | undefined
let datasets: SeededDataset[]
beforeAll(async () => {
  ;({ collector, page, close } = await openSignedInPage({}, async started => {
    ;({ datasets } = await seedBackupCity(started))
  }))
})
afterAll(() => close?.())

const dialog = () => page.getByRole('dialog')
const idOf = (name: string) => datasets.find(dataset => dataset.name === name)?.id ?? ''
const cell = (dataset: string, place: string) => page.locator(`tr[data-dataset="${dataset}"] td[data-place="${place}"]`)

/** What a person reads off the cards: agency, its verdict, and a line a data set with the state of each place. */
function readMatrix() {
  return page.locator('.coverage-card').evaluateAll(cards =>
    cards.map(card => ({
      shortName: card.querySelector('h2 .cut')?.textContent,
      verdict: card.getAttribute('data-verdict'),
      datasets: [...card.querySelectorAll('tbody tr')].map(row => [
        row.getAttribute('data-dataset'),
        row.getAttribute('data-verdict'),
        ...[...row.querySelectorAll('td[data-place]')].map(place => place.getAttribute('data-state')),
      ]),
    })),
  )
}

it('the matrix of the city is as it was worked out beforehand: by the API, as a file and on the screen', async () => {
  await expectCoverageOfCity(collector)
  await page.getByRole('link', { name: 'Cadangan', exact: true }).click()
  await expect.poll(() => page.locator('.coverage-card').count()).toBe(CITY.length)
  const byName = (left: { shortName?: string | null | undefined }, right: { shortName?: string | null | undefined }) =>
    (left.shortName ?? '').localeCompare(right.shortName ?? '')
  const expected = CITY.map(({ shortName, verdict, datasets: own }) => ({
    ...{ shortName, verdict },
    datasets: own
      .map(({ name, kind }) => [name, DATASET_KINDS[kind].verdict, ...DATASET_KINDS[kind].cells])
      .sort(([left = ''], [right = '']) => left.localeCompare(right)),
  }))
  const shown = await readMatrix()
  for (const { datasets: own } of shown) own.sort(([left], [right]) => (left ?? '').localeCompare(right ?? ''))
  expect(shown.sort(byName)).toEqual(expected.toSorted(byName))

  const total = (name: string) => page.getByRole('button', { name, exact: false }).locator('strong').textContent()
  expect(await total('data terdaftar')).toBe(String(CITY_TOTALS.datasets))
  expect(await total('OPD tanpa data')).toBe(String(CITY_TOTALS.agenciesWithoutDataset))
  await page.getByRole('button', { name: 'data tanpa pekerjaan' }).click()
  await expect.poll(() => page.locator('.coverage-card tbody tr').count()).toBe(CITY_TOTALS.datasetsWithoutJob)
})

it('a ping job made on the page is good once its address was called', async () => {
  await page.goto(`${collector.url}/datasets/${idOf('Jalan')}`)
  await page.getByText('Belum ada pekerjaan', { exact: true }).waitFor()
  await page.getByRole('button', { name: 'Pekerjaan ping baru' }).click()
  await dialog().getByRole('button', { name: 'Buat alamat' }).click()
  const address = (await page.locator('.secret-once .copy-text').first().textContent()) ?? ''
  expect(address).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/ping\/\S{20,}$/)
  expect(await page.locator('.secret-once .copy-text').nth(1).textContent()).toContain(`${address}/start`)

  execFileSync('curl', ['-fsS', '-m', '10', '-o', '/dev/null', `${address}/start`])
  execFileSync('curl', ['-fsS', '-m', '10', '-o', '/dev/null', `${address}/0`])
  await page.getByRole('button', { name: 'Sudah saya simpan' }).click()
  await page.getByRole('row', { name: /jalan/ }).getByText('Terpenuhi').waitFor()
  await page.getByRole('row', { name: /Pusat data ada ya/ }).waitFor()
  // A copy that nobody has restored is not yet a backup.
  await page.getByText('Belum pernah diuji pulih').waitFor()
  await page.locator('.screen-head', { hasText: 'Waspada' }).waitFor()
  expect(await page.locator('body').textContent()).not.toContain(address)
})

it('a job that an agent reports counts once a person has accepted it', async () => {
  const agent = await enrolTestAgent(collector, { hostname: 'srv-dukcapil', intervalMs: 60_000 })
  const at = Date.now() - 5_000
  const copy = { id: 'awan-1', takenAt: at - 3_600_000, bytes: 3_000_000, tookMs: null, trouble: null }
  const look = { at, tookMs: 200, trouble: null, detail: '', copies: [copy], copyCount: 1, oldestAt: copy.takenAt }
  const about = { id: randomUUID(), dataset: idOf('Kependudukan'), job: 'ke-awan', tool: 's3' as const }
  await agent.deliver([], { backups: [{ report: 'sighting', ...about, ...look, verifiedAt: null }] })

  await page.goto(`${collector.url}/backups/jobs`)
  await page.getByText('Menunggu diterima (1)').waitFor()
  const row = page.getByRole('row', { name: /ke-awan/ })
  await row.getByRole('button', { name: 'Terima' }).click()
  await dialog().getByLabel('Tempat').selectOption('cloud')
  await dialog().getByRole('button', { name: 'Terima' }).click()
  await page.getByText('Menunggu diterima (1)').waitFor({ state: 'detached' })
  await page.getByRole('searchbox').fill('ke-awan')
  await row.getByText('Awan', { exact: true }).waitFor()

  await page.goto(`${collector.url}/backups/coverage`)
  await cell('Kependudukan', 'cloud').waitFor()
  await expect.poll(() => cell('Kependudukan', 'cloud').getAttribute('data-state')).toBe('good')
  expect(await cell('Kependudukan', 'agency').getAttribute('data-state')).toBe('not-required')
})
