// `npm run screenshot` (as root): a real collector, three real agents on this machine, a real browser. In namespaces of
// their own the agents have names of their own; one filesystem is really full and one agent is really dead.
import { type ChildProcess, spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type Browser, chromium } from 'playwright-core'
import { startCollector, type TestCollector } from './collector.ts'
import { CHROMIUM_PATH } from './debian-packages.ts'
import { startNamedAgent } from './named-agent.ts'

const MEASURE_FOR_MS = Number(process.argv[2] ?? 6) * 60_000
const INTERVAL_MS = 5_000
const FULL_DISK = '/srv'
const ADMINISTRATOR = { name: 'piket', displayName: 'Petugas Piket', password: 'kata sandi untuk gambar' }
const self = fileURLToPath(import.meta.url)

/** Mounts and names that are made in here end with this process and are seen by nobody else. */
function enterOwnWorld(): number | null {
  const inside = ['--mount', '--uts', '--fork', '--kill-child', process.execPath, self, ...process.argv.slice(2)]
  return spawnSync('unshare', inside, { stdio: 'inherit', env: { ...process.env, PANTAU_PICTURE: 'inside' } }).status
}

function run(command: string, ...args: string[]): void {
  const { status } = spawnSync(command, args, { stdio: ['ignore', 'inherit', 'inherit'] })
  if (status !== 0) throw new Error(`${command} ${args.join(' ')} ended with ${status}`)
}

async function takePictures(browser: Browser, collector: TestCollector): Promise<void> {
  const page = await browser.newPage({ viewport: { width: 1440, height: 900 }, locale: 'id-ID', colorScheme: 'dark' })
  await page.goto(`${collector.url}/setup#${collector.setUpLink()}`)
  await page.locator('input[autocomplete="username"]').fill(ADMINISTRATOR.name)
  await page.locator('input[autocomplete="name"]').fill(ADMINISTRATOR.displayName)
  for (const field of await page.locator('input[type="password"]').all()) await field.fill(ADMINISTRATOR.password)
  await page.locator('button[type="submit"]').click()
  const tile = page.locator('a[href^="/servers/"]', { hasText: 'server-noc' }).first()
  await tile.waitFor()
  await page.waitForTimeout(3_000)
  await page.screenshot({ path: fileURLToPath(new URL('../../docs/screenshot.png', import.meta.url)) })
  await tile.click()
  await page.getByText('15 mnt', { exact: true }).click()
  await page.waitForTimeout(5_000)
  await page.screenshot({ path: fileURLToPath(new URL('../../docs/screenshot-server.png', import.meta.url)) })
}

async function main(): Promise<void> {
  const place = mkdtempSync(join(tmpdir(), 'pantau-picture-'))
  run('hostname', 'server-noc')
  // Only what a server of a city would have; mounts of whoever runs this are nobody's business.
  spawnSync('sh', ['-c', 'awk \'$2 ~ "^/(mnt|media|tmp)/" { print $2 }\' /proc/self/mounts | xargs -r umount --lazy'])
  const collector = await startCollector({
    settings: { place: 'Kota Contoh', nocAgent: { enabled: true, intervalMs: INTERVAL_MS } },
  })
  const browser = await chromium.launch({ executablePath: CHROMIUM_PATH, args: ['--no-sandbox'] })
  const agents: ChildProcess[] = []
  try {
    for (const name of ['server-aplikasi', 'server-basisdata'])
      agents.push(await startNamedAgent(collector, { name, place, intervalMs: INTERVAL_MS }))
    run('mount', '-t', 'tmpfs', '-o', 'size=64m', 'tmpfs', FULL_DISK)
    writeFileSync(join(FULL_DISK, 'arsip'), Buffer.alloc(40 * 1024 * 1024))
    process.stderr.write(`pantau: measuring for ${MEASURE_FOR_MS / 60_000} minutes before the pictures are taken\n`)
    await new Promise(resolve => setTimeout(resolve, MEASURE_FOR_MS))
    writeFileSync(join(FULL_DISK, 'salinan'), Buffer.alloc(22 * 1024 * 1024))
    agents[1]?.kill('SIGKILL')
    await new Promise(resolve => setTimeout(resolve, 60_000))
    await takePictures(browser, collector)
  } finally {
    for (const agent of agents) agent.kill('SIGKILL')
    await browser.close()
    await collector.stop()
    collector.cleanUp()
    rmSync(place, { recursive: true, force: true })
  }
}

if (process.getuid?.() !== 0) {
  console.error('the pictures need root: names, mounts and a full disk are made in namespaces of their own')
  process.exitCode = 1
} else if (process.env.PANTAU_PICTURE === 'inside') await main()
else process.exitCode = enterOwnWorld() ?? 1
