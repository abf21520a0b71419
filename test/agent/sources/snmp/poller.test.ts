import { spawn } from 'node:child_process'
import { createSocket } from 'node:dgram'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { gunzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest'
import { systemClock } from '../../../../agent/platform/clock.ts'
import { createLogger } from '../../../../agent/platform/logger.ts'
import { createSnmpEngine, type SnmpEngine } from '../../../../agent/sources/snmp/snmp-engine.ts'
import { createSnmpSource } from '../../../../agent/sources/snmp/snmp-source.ts'
import { encodeMessage, PDU } from '../../../../agent/sources/snmp/wire/message.ts'
import type { Reading } from '../../../../agent/sources/source.ts'
import type { SnmpCredential, SnmpTarget } from '../../../../protocol/snmp.ts'
import { SNMPD_PATH } from '../../../support/debian-packages.ts'
import { freePort } from '../../../support/free-port.ts'

const KEYS = { auth: 'a-pass-phrase-1', privacy: 'a-pass-phrase-2' }
const BY_COMMUNITY: SnmpCredential = { version: 'v2c', community: 'kota' }
const BY_USER: SnmpCredential = {
  ...{ version: 'v3', level: 'authPriv', user: 'pantau' },
  ...{ auth: { protocol: 'sha512', key: KEYS.auth }, privacy: { protocol: 'aes128', key: KEYS.privacy } },
}
const ID = '0190a7f0-0000-7000-8000-00000000000'
const OFFER = `${ID}f`

/** Debian's snmpd on loopback, with one community that sees all, one that sees little, and one user of v3. */
async function startSnmpd() {
  const home = mkdtempSync(join(tmpdir(), 'pantau-snmpd-'))
  const port = await freePort()
  writeFileSync(
    join(home, 'snmpd.conf'),
    `agentAddress udp:127.0.0.1:${port}
rocommunity kota 127.0.0.1
view little included .1.3.6.1.2.1.1
rocommunity sempit 127.0.0.1 -V little
createUser pantau SHA-512 "${KEYS.auth}" AES "${KEYS.privacy}"
rouser pantau priv
sysName gw-dinkes
sysLocation Rak 3
`,
  )
  const env = { PATH: process.env.PATH ?? '', SNMP_PERSISTENT_DIR: home, MIBS: '' }
  const args = ['-f', '-Lo', '-C', '-c', join(home, 'snmpd.conf'), '-I', '-smux']
  const child = spawn(SNMPD_PATH, args, { env, stdio: 'ignore' })
  return {
    port,
    stop: async () => {
      const ended = new Promise(resolve => child.once('exit', resolve))
      child.kill('SIGKILL')
      await ended
      rmSync(home, { recursive: true, force: true })
    },
  }
}

const target = (part: Partial<SnmpTarget> & { deviceId: string; port: number }): SnmpTarget => ({
  ...{
    address: '127.0.0.1',
    credential: BY_COMMUNITY,
    intervalMs: 5_000,
    timeoutMs: 2_000,
    retries: 2,
    trapPort: null,
  },
  ...part,
})

async function startEngine(): Promise<SnmpEngine> {
  const engine = await createSnmpEngine({ clock: systemClock, log: createLogger('error'), ping: async () => true })
  onTestFinished(() => engine.stop())
  return engine
}

/** Takes what the engine found until it is enough. */
async function until(engine: SnmpEngine, isEnough: (all: Required<Reading>) => boolean): Promise<Required<Reading>> {
  const all = { gauges: [], deltas: [], discoveries: [], events: [], facts: [] } as unknown as Required<Reading>
  for (const endMs = Date.now() + 60_000; Date.now() < endMs; await sleep(50)) {
    const { gauges, deltas = [], discoveries = [], events = [] } = engine.take()
    all.gauges.push(...gauges)
    all.deltas.push(...deltas)
    all.discoveries.push(...discoveries)
    all.events.push(...events)
    if (isEnough(all)) return all
  }
  throw new Error('what was waited for did not come')
}

describe("Debian's snmpd", () => {
  let snmpd: Awaited<ReturnType<typeof startSnmpd>>
  beforeAll(async () => {
    snmpd = await startSnmpd()
  })
  afterAll(() => snmpd.stop())

  it('is known and polled over v2c and v3 authPriv alike, beside one that is dead', async () => {
    const engine = await startEngine()
    engine.setTargets([
      target({ deviceId: `${ID}1`, port: snmpd.port }),
      target({ deviceId: `${ID}2`, port: snmpd.port, credential: BY_USER }),
      target({ deviceId: `${ID}3`, port: await freePort(), timeoutMs: 200, retries: 0 }),
    ])
    const bytesOf = ({ deltas }: Reading, device: string) =>
      (deltas ?? []).filter(one => one.subject === device && one.metric === 'node_network_receive_bytes_total')
    const all = await until(engine, found => ['1', '2'].every(one => bytesOf(found, `${ID}${one}`).length > 0))
    for (const one of ['1', '2']) {
      const found = all.discoveries.find(({ subject }) => subject === `${ID}${one}`)
      expect(found?.identity).toMatchObject({ profile: 'linux-net-snmp', sysName: 'gw-dinkes', simulated: false })
      expect(found?.interfaces).toContainEqual(expect.objectContaining({ device: 'lo', counters: '64-bit' }))
      const own = all.gauges.filter(({ subject }) => subject === `${ID}${one}`)
      expect(own).toContainEqual(
        expect.objectContaining({ metric: 'interface_oper_status', labels: { device: 'lo' }, value: 1 }),
      )
      expect(own.map(({ metric }) => metric)).toEqual(
        expect.arrayContaining(['snmp_up', 'node_memory_MemTotal_bytes', 'node_boot_time_seconds']),
      )
    }
    expect(all.gauges).toContainEqual(expect.objectContaining({ subject: `${ID}3`, metric: 'snmp_up', value: 0 }))
    expect(all.gauges.filter(one => one.subject === `${ID}3`).every(one => one.metric.startsWith('snmp_'))).toBe(true)
  })

  it('says in a test what is wrong: community, user, key, privacy key, level, view, closed port', async () => {
    const engine = await startEngine()
    const tried = async (credential: SnmpCredential, port = snmpd.port) => {
      const order = { kind: 'snmp-test', address: '127.0.0.1', port, timeoutMs: 700, retries: 2 } as const
      const tested = await engine.test(
        { ...order, credentials: [{ id: OFFER, credential }] },
        new AbortController().signal,
      )
      return { trouble: tested.trials[0]?.trouble, found: tested.found !== null }
    }
    if (BY_USER.version !== 'v3' || BY_USER.level !== 'authPriv') throw new Error('the user has both keys')
    const wrong = { ...BY_USER, auth: { ...BY_USER.auth, key: 'not-this-one' } }
    const hidden = { ...BY_USER, privacy: { ...BY_USER.privacy, key: 'not-this-one' } }
    expect(await tried(BY_COMMUNITY)).toEqual({ trouble: null, found: true })
    expect(await tried(BY_USER)).toEqual({ trouble: null, found: true })
    expect(await tried({ version: 'v2c', community: 'other' })).toMatchObject({ trouble: 'wrong-community' })
    expect(await tried({ version: 'v2c', community: 'sempit' })).toEqual({ trouble: 'view-too-small', found: true })
    expect(await tried({ ...BY_USER, user: 'nobody' })).toMatchObject({ trouble: 'wrong-user' })
    expect(await tried(wrong)).toMatchObject({ trouble: 'wrong-key' })
    expect(await tried(hidden)).toMatchObject({ trouble: 'wrong-privacy-key' })
    const { user, auth } = BY_USER
    expect(await tried({ version: 'v3', level: 'auth', user, auth })).toMatchObject({ trouble: 'wrong-level' })
    expect(await tried(BY_COMMUNITY, await freePort())).toMatchObject({ trouble: 'port-closed' })
  })

  it('is found by a sweep among addresses where nobody is', async () => {
    const engine = await startEngine()
    const swept = await engine.sweep(
      {
        ...{ kind: 'discover', addresses: ['127.0.0.1', '127.0.0.9'], port: snmpd.port, perSecond: 50 },
        ...{ timeoutMs: 700, retries: 2, credentials: [{ id: OFFER, credential: BY_COMMUNITY }] },
      },
      new AbortController().signal,
      async () => {},
    )
    expect(swept).toMatchObject({ finished: true, asked: 2, total: 2 })
    expect(swept.found.map(({ address, identity }) => [address, identity.sysName])).toEqual([
      ['127.0.0.1', 'gw-dinkes'],
    ])
  })
})

describe('the source', () => {
  it('polls in a thread of its own, says nothing while it has no targets, and does tasks', async () => {
    const snmpd = await startSnmpd()
    const source = createSnmpSource({ log: createLogger('error') })
    onTestFinished(async () => {
      source.stop()
      await snmpd.stop()
    })
    expect(source.isIdle?.()).toBe(true)
    const first = target({ deviceId: `${ID}1`, port: snmpd.port })
    /** Whether the first device was heard within a minute. */
    const isHeard = async (): Promise<boolean> => {
      for (const endMs = Date.now() + 60_000; Date.now() < endMs; await sleep(100)) {
        const reading = source.hasChanged?.() ? await source.read(new AbortController().signal) : 'not-offered'
        for (const part of reading === 'not-offered' ? [] : (reading.packed ?? []))
          if (gunzipSync(part).toString().includes(`"${ID}1","metric":"snmp_up","points":[[`)) return true
      }
      return false
    }
    source.setTargets([first])
    expect(await isHeard()).toBe(true)
    // More than the thread has memory for: it is started anew, and goes on with all.
    const silent = Array.from({ length: 80 }, (_, index) => {
      const deviceId = `0190a7f0-0000-7000-8000-${String(index).padStart(12, '9')}`
      return target({ deviceId, port: 9, timeoutMs: 200, retries: 0, intervalMs: 3_600_000 })
    })
    source.setTargets([first, ...silent])
    expect(await isHeard()).toBe(true)
    const { signal } = new AbortController()
    const rediscover = (deviceId: string) => source.run({ kind: 'rediscover', deviceId }, signal, async () => {})
    expect(await rediscover(`${ID}1`)).toEqual({ outcome: 'done' })
    expect(await rediscover(`${ID}9`)).toMatchObject({ outcome: 'failed' })
  })
})

describe('a trap', () => {
  it('is told as an event and makes a poll come at once; garbage and other communities are not heard', async () => {
    const snmpd = await startSnmpd()
    onTestFinished(() => snmpd.stop())
    const engine = await startEngine()
    const trapPort = await freePort()
    engine.setTargets([target({ deviceId: `${ID}1`, port: snmpd.port, trapPort, intervalMs: 3_600_000 })])
    const rounds = ({ gauges }: Reading): number => gauges.filter(({ metric }) => metric === 'snmp_up').length
    await until(engine, found => rounds(found) === 1)

    const device = createSocket('udp4')
    onTestFinished(() => void device.close())
    const say = (bytes: Buffer) => device.send(bytes, trapPort, '127.0.0.1')
    const linkDown = (community: string) => {
      const named = { oid: '1.3.6.1.6.3.1.1.4.1.0', value: { type: 'oid' as const, value: '1.3.6.1.6.3.1.1.5.3' } }
      const port = { oid: '1.3.6.1.2.1.2.2.1.2.4', value: { type: 'octets' as const, value: Buffer.from('ether4') } }
      const pdu = { tag: PDU.trap, requestId: 1, errorStatus: 0, errorIndex: 0, varbinds: [named, port] }
      return encodeMessage({ version: 'v2c', community: Buffer.from(community), pdu })
    }
    say(Buffer.from('garbage'))
    say(linkDown('forged'))
    say(linkDown('kota'))
    const { events } = await until(engine, found => found.events.length > 0 && rounds(found) > 0)
    expect(events.map(({ kind, part, subject }) => ({ kind, part, subject }))).toEqual([
      { kind: 'link-down', part: 'ether4', subject: `${ID}1` },
    ])
  })

  it('of v3 is heard when it is signed and hidden by the right user; an inform is answered, wrong keys are not heard', async () => {
    const engine = await startEngine()
    const [port, trapPort] = [await freePort(), await freePort()]
    const silent = { intervalMs: 3_600_000, timeoutMs: 200, retries: 0, credential: BY_USER }
    engine.setTargets([target({ deviceId: `${ID}1`, port, trapPort, ...silent })])
    const say = (program: string, more: string[], key = KEYS.auth): Promise<number | null> => {
      const user = [
        '-v3',
        '-lauthPriv',
        '-upantau',
        '-aSHA-512',
        `-A${key}`,
        '-xAES',
        `-X${KEYS.privacy}`,
        '-t2',
        '-r1',
      ]
      const args = [...user, ...more, `127.0.0.1:${trapPort}`, '']
      const child = spawn(program, [...args, '1.3.6.1.6.3.1.1.5.5'], {
        stdio: 'ignore',
        env: { ...process.env, MIBS: '' },
      })
      return new Promise(resolve => child.once('exit', resolve))
    }
    const ofDevice = ['-e', '0x80001f8804726f75746572']
    await say('snmptrap', ofDevice, 'another-pass-phrase')
    await say('snmptrap', ofDevice)
    const { events } = await until(engine, found => found.events.length > 0)
    expect(events.map(({ kind }) => kind)).toEqual(['authentication-failure'])
    // snmpinform asks for our engine first, and ends with 0 only when its inform was answered.
    expect(await say('snmpinform', [])).toBe(0)
    const informed = await until(engine, found => found.events.length > 0)
    expect(informed.events.map(({ kind, subject }) => [kind, subject])).toEqual([['authentication-failure', `${ID}1`]])
    expect(engine.state()).toContainEqual(
      expect.objectContaining({ metric: 'snmp_authentication_failures_recent', subject: `${ID}1`, value: 2 }),
    )
    expect(await say('snmpinform', [], 'another-pass-phrase')).not.toBe(0)
  })
})
