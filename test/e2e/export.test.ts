// Samples taken along from a running collector: by the API, by the command, and by the button on the page.
import { execFile } from 'node:child_process'
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { parquetReadObjects } from 'hyparquet'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { startBrowser } from '../support/browser.ts'
import { call, rawCall, startCollector, type TestCollector, untilTrue } from '../support/collector.ts'
import { signUp } from '../support/sign-up.ts'
import { enrolTestAgent, gauge } from '../support/test-agent.ts'

const PANTAU = fileURLToPath(new URL('../../pantau.mjs', import.meta.url))
const started = Math.floor(Date.now() / 1000) * 1000 - 600_000
const values = Array.from({ length: 50 }, (_, index) => index / 8)
let collector: TestCollector
let directory = ''
let deviceId = ''

beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), 'pantau-export-'))
  collector = await startCollector({ settings: { nocAgent: { enabled: false } } })
  const agent = await enrolTestAgent(collector, { hostname: 'srv-01', intervalMs: 60_000 })
  deviceId = agent.deviceId
  for (const [index, value] of values.entries()) {
    await agent.deliver([gauge('room_temperature', value, started + index * 1000, { rack: index % 2 ? 'a' : 'b' })])
  }
  const query = { subject: deviceId, metric: 'room_temperature', from: started, to: started + 60_000, stepMs: 60_000 }
  await untilTrue('all is stored', 60_000, async () => {
    const { series } = await call(collector, 'range', { query: { ...query, aggregate: 'count' } })
    return series.flatMap(({ points }) => points).reduce((sum, [, count]) => sum + (count ?? 0), 0) === values.length
  })
})
afterAll(async () => {
  await collector?.stop()
  collector?.cleanUp()
  rmSync(directory, { recursive: true })
})

const question = { metric: 'room_temperature', from: started, to: started + 60_000 }

async function pantau(args: string[], token: string) {
  const { PATH, NODE_COMPILE_CACHE } = process.env
  const env = { PATH, NODE_COMPILE_CACHE, PANTAU_API_TOKEN: token }
  const run = promisify(execFile)(process.execPath, [PANTAU, 'export', '--url', collector.url, ...args], { env })
  return await run.then(
    ({ stdout }) => ({ code: 0, said: stdout }),
    (error: { code: number; stderr: string }) => ({ code: error.code, said: error.stderr }),
  )
}

it('by the API, as CSV with a head of its own, for whoever may read', async () => {
  const query = { ...question, subject: deviceId, format: 'csv' }
  const answer = await rawCall(collector, 'exportSeries', { query })
  expect(answer.headers.get('content-type')).toContain('text/csv')
  expect(answer.headers.get('content-disposition')).toMatch(/^attachment; filename="srv-01-room_temperature-.*\.csv"$/)
  const lines = (await answer.text()).trimEnd().split('\r\n')
  expect(lines[0]).toBe('time,server,server_id,agent_id,metric,rack,value')
  expect(lines).toHaveLength(values.length + 1)
  const told = lines.slice(1).map(line => line.split(','))
  expect(told.map(cells => Number(cells.at(-1))).sort((a, b) => a - b)).toEqual(values)
  expect((await rawCall(collector, 'exportSeries', { query, token: null })).status).toBe(401)
  const stranger = { ...query, subject: '0190a000-0000-7000-8000-000000000000' }
  expect((await rawCall(collector, 'exportSeries', { query: stranger })).status).toBe(404)
  expect((await rawCall(collector, 'exportSeries', { query: { ...query, to: started } })).status).toBe(400)
})

it('by the command, as Parquet and as CSV, with a token that may read', async () => {
  const { secret } = await call(collector, 'createApiToken', { body: { label: 'export', scopes: ['read'] } })
  const window = ['--from', new Date(started).toISOString(), '--to', new Date(started + 60_000).toISOString()]
  const asked = ['--subject', 'srv-01', '--metric', 'room_temperature', ...window]
  const file = join(directory, 'samples.parquet')
  expect(await pantau([...asked, '--format', 'parquet', '--out', file], secret)).toEqual({
    code: 0,
    said: `${file} is written\n`,
  })
  const rows = await parquetReadObjects({ file: new Uint8Array(readFileSync(file)).buffer })
  expect(rows.map(({ value }) => value).sort((a, b) => a - b)).toEqual(values)
  expect(rows[0]).toMatchObject({ time: new Date(started), server: 'srv-01', metric: 'room_temperature', rack: 'b' })

  const steps = join(directory, 'steps.csv')
  const step = ['--format', 'csv', '--step', '60', '--aggregate', 'count']
  expect(await pantau([...asked, ...step, '--out', steps], secret)).toMatchObject({ code: 0 })
  const counted = readFileSync(steps, 'utf8').trimEnd().split('\r\n').slice(1)
  expect(counted.reduce((sum, line) => sum + Number(line.split(',').at(-1)), 0)).toBe(values.length)

  const tokenFile = join(directory, 'token')
  writeFileSync(tokenFile, `${secret}\n`)
  const byFile = await pantau([...asked, ...step, '--out', steps, '--token-file', tokenFile], 'wrong')
  expect(byFile.code).toBe(0)
  const refused = await pantau([...asked, '--format', 'csv', '--out', join(directory, 'no.csv')], 'wrong')
  expect(refused).toMatchObject({ code: 1, said: expect.stringContaining('401') })
  const unknown = ['--subject', 'srv-99', '--metric', 'x', '--from', '2026-01-01', '--format', 'csv', '--out', 'x.csv']
  expect(await pantau(unknown, secret)).toMatchObject({ code: 1, said: expect.stringContaining('srv-99') })
  expect(await pantau(['--subject', 'x', '--from', 'yesterday', '--format', 'pdf'], secret)).toEqual({
    code: 2,
    said: expect.stringMatching(/--metric: .*\n--from: .*\n--format: .*\n--out: /),
  })
  expect(readdirSync(directory).sort()).toEqual(['samples.parquet', 'steps.csv', 'token'])
  expect(existsSync('x.csv')).toBe(false)
})

it('by the button on the page', async () => {
  const browser = await startBrowser()
  try {
    const page = await browser.newPage()
    await signUp(page, collector)
    await page.locator('a.tile', { hasText: 'srv-01' }).click()
    const button = page.locator('a[download]')
    await button.waitFor()
    const [download] = await Promise.all([page.waitForEvent('download'), button.click()])
    expect(download.suggestedFilename()).toMatch(/^srv-01-room_temperature-.*\.csv$/)
    const text = readFileSync(await download.path(), 'utf8')
    expect(text.trimEnd().split('\r\n')).toHaveLength(values.length + 1)
  } finally {
    await browser.close()
  }
})
