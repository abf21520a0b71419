// The command itself, as people start it, against a real collector and in networks that are really broken.
import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ROOT } from '../../architecture/tree.ts'
import { call, startCollector, type TestCollector } from '../../support/collector.ts'
import { IP_PATH } from '../../support/debian-packages.ts'

const PANTAU = join(ROOT, 'pantau.mjs')

function doctor(args: string[], env: Record<string, string> = {}, before: string[] = []) {
  const [command = '', ...rest] = [...before, process.execPath, PANTAU, 'agent', 'doctor', ...args]
  const { status, stdout, stderr } = spawnSync(command, rest, {
    encoding: 'utf8',
    env: { PATH: process.env.PATH, LANG: 'C', ...env },
  })
  return { status, said: `${stdout}${stderr}` }
}

let collector: TestCollector
let data: string
beforeAll(async () => {
  collector = await startCollector({ settings: { nocAgent: { enabled: false } } })
  data = mkdtempSync(join(tmpdir(), 'pantau-doctor-'))
  const { secret } = await call(collector, 'createEnrolmentToken', { body: { label: 'sakit' } })
  const body = { hostname: 'sakit', machineId: 'a'.repeat(64), agentVersion: '1' }
  const enrolled = await call(collector, 'enrol', { body, token: secret })
  writeFileSync(join(data, 'identity.json'), JSON.stringify({ ...enrolled, collector: collector.url }), { mode: 0o600 })
})
afterAll(async () => {
  await collector.stop()
  collector.cleanUp()
  rmSync(data, { recursive: true })
})

describe('pantau agent doctor', () => {
  it('finds nothing wrong with a healthy agent, in both languages', () => {
    const english = doctor(['--data', data])
    expect(english).toMatchObject({ status: 0, said: expect.stringContaining('the collector knows this agent') })
    for (const asked of [doctor(['--lang', 'id', '--data', data]), doctor(['--data', data], { LANG: 'id_ID.UTF-8' })]) {
      expect(asked).toMatchObject({ status: 0, said: expect.stringContaining('kolektor mengenal agen ini') })
    }
    const { key } = JSON.parse(readFileSync(join(data, 'identity.json'), 'utf8'))
    expect(english.said).not.toContain(key)
  })

  it('says what is wrong with an option', () => {
    expect(doctor(['--interval-ms', 'soon'])).toMatchObject({
      status: 2,
      said: expect.stringContaining('--interval-ms'),
    })
    expect(doctor(['--lang', 'jv'])).toMatchObject({ status: 2, said: expect.stringContaining('must be id or en') })
  })

  it('says that there is no route', () => {
    const ended = doctor(['--data', data, '--collector', 'https://10.9.9.2:8443'], {}, ['unshare', '--net'])
    expect(ended).toMatchObject({ status: 1, said: expect.stringMatching(/PROBLEM {2}port .*no route to 10\.9\.9\.2/) })
  })

  it('says that nobody answers, where packets vanish', () => {
    const vanish = [
      ...['link add v0 type veth peer name v1', 'link set v0 up', 'link set v1 up', 'address add 10.9.9.1/24 dev v0'],
      'neighbour replace 10.9.9.2 lladdr 02:00:00:00:00:02 dev v0',
    ]
      .map(step => `${IP_PATH} ${step}`)
      .join(' && ')
    const ended = doctor(['--data', data, '--collector', 'https://10.9.9.2:8443', '--lang', 'id'], {}, [
      ...['unshare', '--net', 'sh', '-c', `${vanish} && exec "$@"`, 'sh'],
    ])
    expect(ended).toMatchObject({ status: 1, said: expect.stringContaining('tidak menjawab') })
  })

  it('says that the key was revoked', async () => {
    const [agent] = (await call(collector, 'agents')).agents
    await call(collector, 'revokeAgent', { params: { id: agent?.id ?? '' }, body: {} })
    expect(doctor(['--data', data])).toMatchObject({ status: 1, said: expect.stringContaining('was revoked') })
  })
})
