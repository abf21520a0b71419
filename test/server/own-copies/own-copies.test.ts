// Copies of a small collector, made and brought back in this process: what is refused, what is kept, what is noticed.
import { execFileSync } from 'node:child_process'
import {
  appendFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it, vi } from 'vitest'
import { COLLECTOR } from '../../../server/access/actor.ts'
import { appendAudit } from '../../../server/access/audit.ts'
import { createJournal } from '../../../server/ingest/journal.ts'
import { verifyAgainst } from '../../../server/own-copies/copy-steps.ts'
import { isCopyName } from '../../../server/own-copies/layout.ts'
import { type CopyRequest, type CopySources, makeCopy } from '../../../server/own-copies/make-copy.ts'
import { copyAndNote, openOwnCopies } from '../../../server/own-copies/own-copies.ts'
import { OwnCopyError } from '../../../server/own-copies/own-copy-error.ts'
import { readOwnCopies } from '../../../server/own-copies/own-copy-log.ts'
import { type RestoreRequest, refuseHalfRestored, restoreCopy } from '../../../server/own-copies/restore.ts'
import { createLogger } from '../../../server/platform/logs.ts'
import { createMetrics } from '../../../server/platform/metrics.ts'
import { lockDirectory } from '../../../server/stores/directory-lock.ts'
import { openRecords, type Records } from '../../../server/stores/records/records.ts'
import { createEmbeddedSeriesStore } from '../../../server/stores/series/embedded/embedded-series-store.ts'
import { openVault } from '../../../server/stores/vault.ts'
import { mountSmallDisk } from '../../support/small-disk.ts'

const DAY_MS = 86_400_000
const PATIENCE = { timeout: 30_000, interval: 20 }
const BEGAN = Date.UTC(2026, 10, 22, 6)
const KEY = { subjectId: 'server', metric: 'node_load1', labels: {}, agentId: 'agent' }

let root: string
let data: string
let copies: string
let records: Records
let sources: CopySources
let at = BEGAN
const closings: (() => unknown)[] = []

beforeAll(async () => {
  root = mkdtempSync(join(tmpdir(), 'pantau-own-copy-'))
  data = join(root, 'data')
  copies = join(root, 'copies')
  records = await openRecords({ directory: data })
  const journal = await createJournal({ directory: data, consumers: ['series'] })
  const series = await createEmbeddedSeriesStore({ directory: join(data, 'series'), now: () => at })
  closings.push(() => records.destroy(), journal.close, series.close)
  await series.append([{ key: KEY, samples: [[BEGAN, 0.5]] }])
  const vault = openVault({ directory: data })
  mkdirSync(join(data, 'tls'))
  writeFileSync(join(data, 'tls', 'key.pem'), 'THE PRIVATE KEY')
  writeFileSync(join(root, 'city.yaml'), 'place: Kota Uji\n')
  sources = {
    ...{ directory: data, series, vault, backupJournal: journal.backup, version: '1.0.0', place: 'Kota Uji' },
    configuration: [{ name: 'pantau.yaml', path: join(root, 'city.yaml') }],
  }
  await audit('first')
})

afterAll(async () => {
  for (const close of closings) await close()
  rmSync(root, { recursive: true, force: true })
})

const audit = (action: string) =>
  records.transaction().execute(tx => appendAudit(tx, { at, actor: COLLECTOR, action, subject: null, detail: {} }))

const watch = () => ({ now: () => at, signal: new AbortController().signal, onProgress() {} })
const copy = (request: Partial<CopyRequest> = {}) => makeCopy(sources, { to: copies, keep: 3, ...request }, watch())
const restore = (request: Partial<RestoreRequest> & { from: string }) =>
  restoreCopy({ to: join(root, 'new'), key: join(data, 'vault.key'), ...request }, { now: () => at, onStep() {} })

/** Those of the first story. */
const copiesMade = () =>
  readdirSync(copies)
    .slice(1)
    .map(name => join(copies, name))

/** What a person is told. */
async function told(work: Promise<unknown>): Promise<string> {
  const error = await work.then(
    () => null,
    reason => reason,
  )
  expect(error).toBeInstanceOf(OwnCopyError)
  const { en, id } = (error as OwnCopyError).text
  expect(id).not.toBe('')
  return en
}

it('so many stay as are asked for, and those of another collector are left alone', async () => {
  const other = join(copies, 'pantau-2020-01-01T000000Z')
  mkdirSync(other, { recursive: true })
  const made: string[] = []
  for (const day of [0, 1, 1]) {
    at = BEGAN + day * DAY_MS
    made.push((await copy({ keep: 2 })).path)
  }
  expect(readdirSync(copies).map(name => join(copies, name))).toEqual([other, ...made.slice(1)])
  // The third was made within the same second.
  const second = join(copies, 'pantau-2026-11-23T060000Z')
  expect(made.slice(1)).toEqual([second, `${second}-2`])
})

it('no private key leaves the house, and all of it comes back', async () => {
  const [path = ''] = copiesMade()
  const files = readdirSync(path, { recursive: true, withFileTypes: true }).filter(entry => entry.isFile())
  const holding = files.filter(file => readFileSync(join(file.parentPath, file.name)).includes('THE PRIVATE KEY'))
  expect(holding).toEqual([])
  expect(existsSync(join(path, 'vault.key'))).toBe(false)
  const to = join(root, 'back')
  const restored = await restore({ from: path, to })
  expect(restored).toMatchObject({ damage: [], configuration: join(path, 'configuration') })
  expect(readFileSync(join(path, 'configuration', 'pantau.yaml'), 'utf8')).toMatch(/Kota Uji/)
  expect(readFileSync(join(to, 'tls', 'key.pem'), 'utf8')).toBe('THE PRIVATE KEY')
  const series = await createEmbeddedSeriesStore({ directory: join(to, 'series'), now: () => at })
  expect(await series.latest()).toMatchObject([{ at: BEGAN, value: 0.5 }])
  await series.close()
  const again = await openRecords({ directory: to })
  const entries = await again.selectFrom('audit').select('action').execute()
  expect(entries.map(({ action }) => action)).toEqual(['first', 'own-copy.restore'])
  await again.destroy()
})

it('where a copy can not go is said before anything is written', async () => {
  expect(await told(copy({ to: join(data, 'copies') }))).toMatch(/lies in the data directory/)
  expect(await told(copy({ to: 'somewhere' }))).toMatch(/not an absolute path/)
  expect(await told(copy({ to: join(root, 'city.yaml') }))).toMatch(/not a folder/)
  expect(await told(copy({ to: join(root, 'unmounted', 'copies') }))).toMatch(/is its disk mounted/)
  const disk = mountSmallDisk(4)
  try {
    execFileSync('mount', ['-o', 'remount,ro', disk.directory])
    expect(await told(copy({ to: disk.directory }))).toMatch(/may not write to .*EROFS/)
    execFileSync('mount', ['-o', 'remount,rw', disk.directory])
    writeFileSync(join(disk.directory, 'other'), Buffer.alloc(3_800_000))
    expect(await told(copy({ to: disk.directory }))).toMatch(/MiB free and about .* are needed/)
    expect(readdirSync(disk.directory)).toEqual(['other'])
    // Nobody knows how large the files of evidence are: then the disk says so itself.
    mkdirSync(join(data, 'blobs', 'ab'), { recursive: true })
    writeFileSync(join(data, 'blobs', 'ab', 'ab'.repeat(32)), Buffer.alloc(4_000_000))
    rmSync(join(disk.directory, 'other'))
    expect(await told(copy({ to: disk.directory }))).toMatch(/is full/)
    expect(readdirSync(disk.directory)).toEqual([])
  } finally {
    rmSync(join(data, 'blobs'), { recursive: true, force: true })
    disk.remove()
  }
})

it('evidence that was changed in the collector is copied all the same, said, and drives out no copy that is sound', async () => {
  const to = join(root, 'changed')
  const noting = { sources, records, log: createLogger({ level: 'silent' }), now: () => at }
  const noted = () => copyAndNote(noting, { to, keep: 1 }, watch())
  const sound = await noted()
  await records.updateTable('audit').set({ action: 'else' }).where('seq', '=', 1).execute()
  at += DAY_MS
  const flawed = await noted()
  const flaw = expect.stringMatching(/^audit entry 1: changed/)
  expect(flawed.flaws).toEqual([flaw])
  expect(readdirSync(to).map(name => join(to, name))).toEqual([sound.path, flawed.path])
  expect(await readOwnCopies(records, at)).toMatchObject({
    ...{ state: 'fresh', failed: null },
    newest: { path: flawed.path, flaws: { en: flaw, id: flaw } },
  })
  const restored = await restore({ from: flawed.path, to: join(root, 'flawed') })
  expect(restored.manifest.flaws).toEqual([flaw])
  at += DAY_MS
  expect((await noted()).removed.map(name => join(to, name))).toEqual([flawed.path])

  await records.updateTable('audit').set({ action: 'first' }).where('seq', '=', 1).execute()
  await records.deleteFrom('audit').where('seq', '>', 1).execute()
  await noted()
  expect(await readOwnCopies(records, at)).toMatchObject({ state: 'fresh', newest: { flaws: null } })
  expect(await readOwnCopies(records, at + 9 * DAY_MS)).toMatchObject({ state: 'old' })
})

it('what holds in the collector and not in the copy was copied wrongly: no copy', async () => {
  const collector = join(root, 'back')
  const bad = join(root, 'bad')
  cpSync(collector, bad, { recursive: true })
  expect(await verifyAgainst(bad, collector)).toMatchObject({ faults: [], flaws: [] })
  const spoilt = await openRecords({ directory: bad })
  await spoilt.updateTable('audit').set({ action: 'else' }).where('seq', '=', 1).execute()
  await spoilt.destroy()
  expect(await verifyAgainst(bad, collector)).toMatchObject({
    faults: [expect.stringMatching(/audit entry 1/)],
    flaws: [],
  })
  truncateSync(join(bad, 'records.db'), 20_000)
  expect((await verifyAgainst(bad, collector)).faults).not.toEqual([])
})

it('a collector that is to copy itself makes up for what fell due while it was off, and tells what went wrong', async () => {
  const metrics = createMetrics()
  const schedule = { to: join(data, 'inside'), at: '0 2 * * *', keep: 2 }
  const open = (more: object = {}) =>
    openOwnCopies({
      ...{ sources, records, log: createLogger({ level: 'silent' }), now: () => at },
      ...{ metrics, schedule, timeZone: 'Asia/Jakarta', afterStartMs: 0, ...more },
    })
  at += 2 * DAY_MS
  const refused = await open()
  await vi.waitFor(async () => expect((await readOwnCopies(records, at)).failed).not.toBeNull(), PATIENCE)
  await refused.close()
  expect(await metrics.text()).toContain('pantau_own_copy_trouble 1')
  const to = join(root, 'nightly')
  const nightly = await open({ metrics: createMetrics(), schedule: { ...schedule, to } })
  await vi.waitFor(() => expect(existsSync(to) && readdirSync(to).some(isCopyName)).toBe(true), PATIENCE)
  await nightly.close()
  expect(await readOwnCopies(records, at)).toMatchObject({ state: 'fresh', failed: null })
  expect(await metrics.text()).toContain('pantau_own_copy_trouble 0')
})

it('a restore overwrites nothing, takes no other key, and no copy that was changed', async () => {
  const [path = '', last = ''] = copiesMade()
  const unlock = lockDirectory(data)
  expect(await told(restore({ from: path, to: data }))).toMatch(/collector is running/)
  unlock()
  expect(await told(restore({ from: path, to: data }))).toMatch(/is not empty/)
  expect(await told(restore({ from: path, key: null }))).toMatch(/key \(fingerprint [0-9a-f]{16}\) is needed: --key/)
  writeFileSync(join(root, 'other.key'), Buffer.alloc(32, 7))
  expect(await told(restore({ from: path, key: join(root, 'other.key') }))).toMatch(/is another key/)
  expect(await told(restore({ from: copies }))).toMatch(/is not a copy of a collector/)
  appendFileSync(join(last, 'records.db'), 'x')
  rmSync(join(last, 'keys.sealed'))
  writeFileSync(join(last, 'more'), '')
  const faults = await told(restore({ from: last }))
  for (const fault of ['records.db: changed', 'keys.sealed: missing', 'more: strange']) expect(faults).toContain(fault)
  expect(existsSync(join(root, 'new'))).toBe(false)
})

it('nothing starts on half a restore, and the next one goes over it', async () => {
  const [path = ''] = copiesMade()
  const to = join(root, 'half')
  mkdirSync(to)
  writeFileSync(join(to, 'restore-unfinished'), '')
  writeFileSync(join(to, 'records.db'), 'half')
  expect(() => refuseHalfRestored(to)).toThrow(/was not restored to the end/)
  await restore({ from: path, to })
  expect(() => refuseHalfRestored(to)).not.toThrow()
  expect(readdirSync(to)).not.toContain('restore-unfinished')
})
