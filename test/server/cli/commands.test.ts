import { execFile } from 'node:child_process'
import { appendFileSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { sql } from 'kysely'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { COLLECTOR } from '../../../server/access/actor.ts'
import { appendAudit } from '../../../server/access/audit.ts'
import { recordAuditHead } from '../../../server/access/audit-heads.ts'
import { runCommand } from '../../../server/cli/main.ts'
import { appendEvidence } from '../../../server/rules/evidence.ts'
import { openRecords } from '../../../server/stores/records/records.ts'

const PANTAU = fileURLToPath(new URL('../../../pantau.mjs', import.meta.url))
const MONDAY = Date.UTC(2026, 10, 23, 1)

let directory: string
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'pantau-cli-'))
})
afterEach(() => rmSync(directory, { recursive: true }))

/** Runs the command as people do. */
async function pantau(args: string[], env: NodeJS.ProcessEnv = {}) {
  return await new Promise<{ code: number | null; stdout: string; stderr: string }>(resolve => {
    const { PATH, NODE_COMPILE_CACHE } = process.env
    const options = { env: { PATH, NODE_COMPILE_CACHE, ...env } }
    const child = execFile(process.execPath, [PANTAU, ...args], options, (_error, stdout, stderr) =>
      resolve({ code: child.exitCode, stdout, stderr }),
    )
  })
}

/** The same without a process of its own, for what needs many runs. */
async function inside(name: string, args: string[]) {
  const told: string[] = []
  const spies = (['log', 'error'] as const).map(level =>
    vi.spyOn(console, level).mockImplementation(line => void told.push(String(line))),
  )
  const code = await runCommand(name, args, {})
  for (const spy of spies) spy.mockRestore()
  return { code, told: told.join('\n') }
}

function write(name: string, text: string): string {
  writeFileSync(join(directory, name), text)
  return join(directory, name)
}

describe('pantau check', () => {
  it('is content with what Pantau comes with', async () => {
    const { code, stdout, stderr } = await pantau(['check'])
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    expect(stdout).toMatch(/^configuration is valid; \d+ pack\(s\) with \d+ rules, \d+ vendor profiles$/m)
    expect(stdout).toMatch(/^5 regulation\(s\) with 419 duties, 326 of them core$/m)
  })

  it('names the problems of the configuration and of the packs, each with its place, and fails', async () => {
    mkdirSync(join(directory, 'packs'))
    const pack = write('packs/kota.yaml', 'id: kota\nversion: 1\ncolour: red\n')
    const config = write('pantau.yaml', `operations: ${join(directory, 'packs')}\n`)
    const ofPacks = await pantau(['check', '--config', config], { PANTAU_ADMIN_TOKEN: 'too-short' })
    expect(ofPacks.code).toBe(1)
    expect(ofPacks.stderr.split('\n')).toEqual(
      expect.arrayContaining([
        expect.stringMatching(/^PANTAU_ADMIN_TOKEN has 9 characters/),
        expect.stringMatching(`^${pack}:2:1: version: `),
        `${pack}:3:1: colour: unknown key`,
        expect.stringMatching(`^${pack}:1:1: title: `),
        expect.stringMatching(`^${pack}:1:1: rules: `),
      ]),
    )
    expect(ofPacks.stderr).not.toContain('too-short')
    const broken = write('broken.yaml', 'timeZone: Mars\n')
    const ofConfig = await pantau(['check', '--config', broken])
    expect(ofConfig).toMatchObject({ code: 1, stderr: expect.stringMatching(`^${broken}:1:1: timeZone: `) })
  })

  it('names the problems of a regulation with their places, and a chosen one that is not there', async () => {
    mkdirSync(join(directory, 'regulations'))
    const config = write('pantau.yaml', `regulations: ${join(directory, 'regulations')}\nregulation: kota-2024-7\n`)
    expect(await inside('check', ['--config', config])).toEqual({
      code: 1,
      told: `regulation: there is no "kota-2024-7" in ${join(directory, 'regulations')}`,
    })
    const regulation = write('regulations/kota-2024-7.yaml', 'id: kota-2024-7\nversion: 1\n')
    const broken = await inside('check', ['--config', config])
    expect(broken.code).toBe(1)
    expect(broken.told).toContain(`${regulation}:2:1: version: `)
    expect(broken.told).toContain(`${regulation}:1:1: rules: `)
  })

  it('does not touch the data directory', async () => {
    const data = join(directory, 'data')
    expect(await pantau(['check', '--data', data])).toMatchObject({ code: 0 })
    expect(existsSync(data)).toBe(false)
  })
})

describe('pantau audit verify', () => {
  const data = () => join(directory, 'data')

  /** A data directory with three audit entries, one piece of evidence and the noted head. */
  async function collect() {
    const records = await openRecords({ directory: data() })
    await records.transaction().execute(async tx => {
      for (const action of ['user.create', 'incident.open', 'incident.clear']) {
        await appendAudit(tx, { at: MONDAY, actor: COLLECTOR, action, subject: null, detail: { value: 0.96 } })
      }
      const [evidenceId = ''] = await appendEvidence(tx, [
        {
          ...{ at: MONDAY, ruleId: 'disk', ruleVersion: 'servers@1', subjectId: 'x', part: '' },
          ...{ verdict: 'unmet', previous: null, value: 0.96, basis: { sizeBytes: 100 } },
        },
      ])
      await tx
        .insertInto('verdict')
        .values({
          ...{ rule_id: 'disk', subject_id: 'x', part: '', verdict: 'unmet', since: MONDAY },
          ...{ value: 0.96, threshold: 0.95, evidence_id: evidenceId },
        })
        .execute()
    })
    await recordAuditHead({ records, directory: data(), at: MONDAY })
    await records.destroy()
  }

  async function tamper(statement: string) {
    const records = await openRecords({ directory: data() })
    await sql.raw(statement).execute(records)
    await records.destroy()
  }

  const verify = () => pantau(['audit', 'verify', '--data', data()])

  it('holds for what nobody touched, also by PANTAU_DATA', async () => {
    await collect()
    const { code, stdout, stderr } = await verify()
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    expect(stdout).toMatch(/hold: 3 entries, 1 noted heads, head [0-9a-f]{64}$/m)
    expect(await pantau(['audit', 'verify'], { PANTAU_DATA: data() })).toMatchObject({ code: 0 })
    const head = /head ([0-9a-f]{64})/.exec(stdout)?.[1] ?? ''
    expect(await inside('audit', ['verify', '--data', data(), '--head', head])).toMatchObject({ code: 0 })
    expect(await inside('audit', ['verify', '--data', data(), '--head', 'f'.repeat(64)])).toMatchObject({ code: 1 })
  })

  it.each([
    [`update audit set detail = '{"value":0.5}' where seq = 2`, 'audit log: broken at entry 2: changed'],
    ['delete from audit where seq = 2', 'audit log: broken at entry 2: missing'],
    ['delete from audit where seq = 3', 'audit log: broken at entry 3: cut'],
    ['update evidence set value = 0.5', 'evidence: broken at entry 1: changed'],
    ['delete from evidence', 'evidence: broken at entry 1: cut'],
    [`update evidence set verdict = 'met'`, 'evidence: broken at entry 1: changed'],
  ])('%s is found', async (statement, told) => {
    await collect()
    await tamper(statement)
    expect(await inside('audit', ['verify', '--data', data()])).toEqual({ code: 1, told })
  })

  it('a noted head that was scribbled over is told', async () => {
    await collect()
    appendFileSync(join(data(), 'audit-heads.log'), 'something else\n')
    expect(await inside('audit', ['verify', '--data', data()])).toEqual({
      code: 1,
      told: "audit-heads.log line 2 can't be read",
    })
  })

  it('a directory without records is said so, and nothing is made there', async () => {
    const nowhere = join(directory, 'nowhere')
    expect(await pantau(['audit', 'verify', '--data', nowhere])).toMatchObject({
      code: 1,
      stderr: expect.stringContaining(`${nowhere} holds no records of a collector`),
    })
    expect(readdirSync(directory)).toEqual([])
  })

  it('a wrong call answers 2', async () => {
    expect(await inside('audit', [])).toMatchObject({ code: 2, told: expect.stringContaining('pantau audit verify') })
    expect(await pantau(['audit', 'verify', '--colour'])).toMatchObject({ code: 2 })
  })
})

describe('pantau health', () => {
  let server: Server | undefined
  afterEach(() => server?.close())

  /** A collector that answers /readyz with this status. */
  async function collectorThatSays(status: number, text: string): Promise<string> {
    const made = createServer((request, response) => {
      response.statusCode = request.url === '/readyz' ? status : 404
      response.end(text)
    })
    server = made
    await new Promise<void>(resolve => made.listen(0, '127.0.0.1', resolve))
    return `http://127.0.0.1:${(made.address() as AddressInfo).port}`
  }

  it('answers 0 for a collector that is ready, and 1 with the reason for one that is not', async () => {
    const ready = await collectorThatSays(200, 'ok')
    expect(await pantau(['health', '--url', ready])).toMatchObject({ code: 0, stdout: expect.stringContaining(ready) })
    server?.close()
    const sick = await collectorThatSays(503, 'the disk is full')
    expect(await pantau(['health'], { PANTAU_PUBLIC_URL: sick })).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('the disk is full'),
    })
  })

  it('answers 1 where nobody listens', async () => {
    expect(await pantau(['health', '--url', 'http://127.0.0.1:9'])).toMatchObject({ code: 1 })
  })
})

it('every command has its help, and an unknown one answers 2', async () => {
  for (const name of ['check', 'audit', 'health']) {
    expect(await inside(name, ['--help'])).toMatchObject({ code: 0, told: expect.stringContaining(`pantau ${name}`) })
  }
  expect(await pantau(['server', '--help'])).toMatchObject({
    code: 0,
    stdout: expect.stringContaining('pantau server'),
  })
  expect(await pantau(['frobnicate'])).toMatchObject({ code: 2 })
})
