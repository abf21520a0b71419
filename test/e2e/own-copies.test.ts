// The collector loses its disk: a copy that was made while it worked brings back all that was acknowledged before.
import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, relative } from 'node:path'
import { text as readText } from 'node:stream/consumers'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, it } from 'vitest'
import {
  BLOBS,
  JOURNAL,
  PLAIN_FILES,
  RECORDS,
  SEALED_FILES,
  SERIES,
  VAULT_KEY,
} from '../../server/own-copies/layout.ts'
import { createEmbeddedSeriesStore } from '../../server/stores/series/embedded/embedded-series-store.ts'
import { call, rawCall, startCollector, type TestCollector, untilTrue } from '../support/collector.ts'
import { freePort } from '../support/free-port.ts'
import { enrolTestAgent, gauge, type TestAgent } from '../support/test-agent.ts'

const PANTAU = fileURLToPath(new URL('../../pantau.mjs', import.meta.url))
const PDF = Buffer.from('%PDF-1.7\nsurat keputusan\n')

let root: string
let data: string
let copies: string
let ports: { http: number; https: number }
let collector: TestCollector
let machines: TestAgent[]
/** What each machine was told that it is kept: the time of the sample. */
const acknowledged = new Map<string, number[]>()
const ending = new AbortController()
let load: Promise<unknown>

beforeAll(async () => {
  root = mkdtempSync(join(tmpdir(), 'pantau-own-copies-'))
  data = join(root, 'data')
  copies = join(root, 'copies')
  ports = { http: await freePort(), https: await freePort() }
  collector = await started()
  const names = ['server-a', 'server-b', 'server-c']
  machines = await Promise.all(names.map(hostname => enrolTestAgent(collector, { hostname, intervalMs: 1_000 })))
  load = Promise.all(machines.map(keepDelivering))
})

afterAll(async () => {
  ending.abort()
  await load
  await collector?.kill()
  rmSync(root, { recursive: true, force: true })
})

/** As fast as it is answered, and again and again while nobody answers. */
async function keepDelivering({ deviceId, deliver }: TestAgent): Promise<void> {
  const times: number[] = []
  acknowledged.set(deviceId, times)
  while (!ending.signal.aborted) {
    const at = Math.max(Date.now(), (times.at(-1) ?? 0) + 1)
    await deliver([gauge('node_load1', at % 1_000, at)]).then(
      () => times.push(at),
      () => {},
    )
    await sleep(50)
  }
}

const deliveries = () => [...acknowledged.values()].reduce((sum, times) => sum + times.length, 0)

function started(): Promise<TestCollector> {
  mkdirSync(data, { recursive: true, mode: 0o700 })
  const listen = [`https://127.0.0.1:${ports.https}`]
  return startCollector({ data, port: ports.http, listen, settings: { logLevel: 'warn' } })
}

/** Beside us: the way of the agent's deliveries goes through this process. */
async function pantau(...args: string[]): Promise<{ status: number | null; out: string }> {
  const child = spawn(process.execPath, [PANTAU, ...args], { env: { PATH: process.env.PATH } })
  const [out, said] = [readText(child.stdout), readText(child.stderr)]
  const [status] = await once(child, 'exit')
  return { status, out: (await out) + (await said) }
}
const backup = (...more: string[]) => pantau('backup-self', '--data', data, '--to', copies, ...more)
const copiesThere = () => readdirSync(copies).filter(name => !name.startsWith('.'))
const sealedFiles = () =>
  Object.fromEntries(
    SEALED_FILES.filter(path => existsSync(join(data, path))).map(path => [
      path,
      readFileSync(join(data, path), 'utf8'),
    ]),
  )

it('what was acknowledged before the copy began survives the loss of the disk', { timeout: 120_000 }, async () => {
  const settings = {
    ...{ host: '127.0.0.1', port: 25, security: 'none', from: 'pantau@uji.example', to: 'piket@uji.example' },
    ...{ user: 'pantau', password: 'rahasia-sekali' },
  }
  await call(collector, 'createChannel', { body: { name: 'Piket', kind: 'email', settings, minimumSeverity: 'high' } })
  const { record } = await call(collector, 'createRegisterRecord', {
    body: { kind: 'document', title: 'SOP', fields: { documentType: 'sop', topic: 'pd-sop' } },
  })
  const file = { name: 'sop.pdf', mediaType: 'application/pdf', contentBase64: PDF.toString('base64') }
  const { attachments } = await call(collector, 'attachToRecord', { params: { id: record.id }, body: file })
  expect(await call(collector, 'ownCopies')).toEqual({ state: 'never', newest: null, failed: null })
  await untilTrue('machines deliver', 30_000, () => deliveries() > 20)
  await untilTrue('the agent beside the collector is there', 30_000, () =>
    existsSync(join(data, 'agent/identity.json')),
  )
  const agentsBefore = await agentIds()
  expect(agentsBefore).toHaveLength(4)
  const keysBefore = sealedFiles()
  expect(Object.keys(keysBefore)).toEqual(expect.arrayContaining(['tls/key.pem', 'agent/identity.json']))
  const before = new Map([...acknowledged].map(([deviceId, times]) => [deviceId, [...times]]))
  const count = deliveries()

  expect(await backup('--lang', 'en')).toMatchObject({ status: 0, out: expect.stringContaining('made and checked in') })
  expect(await call(collector, 'ownCopies')).toMatchObject({ state: 'fresh', failed: null })
  const copy = join(copies, copiesThere()[0] ?? '')
  execFileSync('sha256sum', ['--check', '--quiet', '--strict', 'SHA256SUMS'], { cwd: copy })
  await untilTrue('deliveries go on', 30_000, () => deliveries() > count)

  await collector.kill()
  expectEverythingAccountedFor()
  renameSync(join(data, VAULT_KEY), join(root, 'kept.key'))
  rmSync(data, { recursive: true })
  const restore = (...more: string[]) => pantau('restore-self', '--from', copy, '--data', data, ...more)
  expect(await restore('--key', join(root, 'kept.key'))).toMatchObject({
    status: 0,
    out: expect.stringMatching(/log hold/),
  })

  expect(sealedFiles()).toEqual(keysBefore)
  expect(await pantau('evidence', 'verify', '--data', data)).toMatchObject({ status: 0 })
  expect(await pantau('audit', 'verify', '--data', data)).toMatchObject({ status: 0 })
  const known = deliveries()
  collector = await started()
  await untilTrue('agents go on without enrolling again', 30_000, () => deliveries() > known + 10)
  expect(await agentIds()).toEqual(agentsBefore)
  const { channels } = await call(collector, 'channels')
  expect(channels).toMatchObject([{ name: 'Piket', secretsSet: ['password'] }])
  const attachment = await rawCall(collector, 'attachment', { params: { id: attachments[0]?.id ?? '' } })
  expect(Buffer.from(await attachment.arrayBuffer())).toEqual(PDF)
  expect(await call(collector, 'ownCopies')).toMatchObject({ state: 'fresh', newest: { path: copy } })

  ending.abort()
  await collector.stop()
  const series = await createEmbeddedSeriesStore({ directory: join(data, SERIES), now: Date.now })
  try {
    for (const [subjectId, times] of before) {
      const window = { from: 0, to: Date.now() + 60_000 }
      const found = await series.raw({ subjectId, metric: 'node_load1', ...window })
      const kept = new Map(found.flatMap(({ samples }) => samples))
      expect(times.filter(at => kept.get(at) !== at % 1_000)).toEqual([])
    }
  } finally {
    await series.close()
  }
})

const agentIds = async () => (await call(collector, 'agents')).agents.map(({ id }) => id).sort()

/** What lies in a data directory is in the copy, or somebody has thought about why not. */
function expectEverythingAccountedFor(): void {
  const copied = [RECORDS, JOURNAL, 'journal', SERIES, BLOBS, VAULT_KEY, ...PLAIN_FILES, ...SEALED_FILES]
  const leftOut = [
    // Of this moment, or of one process.
    ...[
      'collector.lock',
      'collector.lock-journal',
      'collector.sock',
      'records.db-wal',
      'records.db-shm',
      'journal.db-wal',
      'journal.db-shm',
    ],
    // The agent beside the collector begins a new spool, and asks for its assignments.
    ...['agent/spool', 'agent/lock', 'agent/assignments.json', 'agent/enrolment-token', 'agent/backups'],
    // Where the test puts its configuration.
    'pantau.yaml',
  ]
  const strange = readdirSync(data, { recursive: true, withFileTypes: true })
    .filter(entry => !entry.isDirectory())
    .map(entry => relative(data, join(entry.parentPath, entry.name)))
    .filter(path => ![...copied, ...leftOut].some(known => path === known || path.startsWith(`${known}/`)))
  expect(strange).toEqual([])
}

it('a copy that is killed in the middle leaves nothing that looks whole, and the next one clears it away', {
  timeout: 120_000,
}, async () => {
  collector = await started()
  const whole = copiesThere()
  const child = spawn(process.execPath, [PANTAU, 'backup-self', '--data', data, '--to', copies, '--keep', '1'])
  const ended = once(child, 'exit')
  let said = ''
  for await (const text of child.stderr.setEncoding('utf8')) {
    said += text
    if (said.includes('checking databases') && collector.process.exitCode === null) await collector.kill()
  }
  expect(await ended).toEqual([1, null])
  expect(said).toMatch(/ended before the copy was whole/)
  expect(copiesThere()).toEqual(whole)
  expect(readdirSync(copies).length).toBe(whole.length + 1)

  // Nothing runs now: the command opens the stores itself.
  expect(await backup('--keep', '1')).toMatchObject({ status: 0, out: expect.stringContaining(whole[0] ?? '-') })
  expect(readdirSync(copies)).toHaveLength(1)
  expect(copiesThere()).not.toEqual(whole)
})
