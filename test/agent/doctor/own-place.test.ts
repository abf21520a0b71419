import { execFileSync } from 'node:child_process'
import { chmodSync, mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { checkDataDirectory, checkIdentity, checkRunning, checkSpool } from '../../../agent/doctor/own-place.ts'
import { lockDataDirectory } from '../../../agent/platform/data-lock.ts'
import { mountSmallDisk, type SmallDisk } from '../../support/small-disk.ts'

let directory: string
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'pantau-doctor-'))
})
afterEach(() => rmSync(directory, { recursive: true, force: true }))

describe('the data directory', () => {
  let disk: SmallDisk | undefined
  afterEach(() => {
    process.seteuid?.(0)
    disk?.remove()
    disk = undefined
  })

  it('is fine', async () => {
    expect(await checkDataDirectory(directory)).toMatchObject({ state: 'ok', name: 'data' })
  })

  it('is not there', async () => {
    const found = await checkDataDirectory(join(directory, 'nowhere'))
    expect(found).toMatchObject({ state: 'problem', text: { en: expect.stringContaining('does not exist') } })
  })

  it('is nearly full, then full', async () => {
    disk = mountSmallDisk(2)
    expect(await checkDataDirectory(disk.directory)).toMatchObject({
      state: 'warning',
      text: { en: expect.stringContaining('2 MB free'), id: expect.stringContaining('tersisa 2 MB') },
    })
    try {
      writeFileSync(join(disk.directory, 'filler'), Buffer.alloc(3 * 1_048_576))
    } catch {
      // As much as fits is written.
    }
    expect(await checkDataDirectory(disk.directory)).toMatchObject({
      state: 'problem',
      text: { en: expect.stringContaining('is full'), id: expect.stringContaining('penuh') },
    })
  })

  it('is read-only', async () => {
    disk = mountSmallDisk(2)
    execFileSync('mount', ['-o', 'remount,ro', disk.directory])
    const found = await checkDataDirectory(disk.directory)
    expect(found).toMatchObject({ state: 'problem', text: { en: expect.stringContaining('read-only') } })
  })

  it('belongs to another user', async () => {
    chmodSync(directory, 0o700)
    process.seteuid?.(65_534)
    const found = await checkDataDirectory(directory)
    expect(found).toMatchObject({ state: 'problem', text: { en: expect.stringContaining('may not write') } })
  })
})

describe('the identity', () => {
  const write = (text: string) => writeFileSync(join(directory, 'identity.json'), text, { mode: 0o600 })
  const identity = { agentId: 'a-1', deviceId: 'd-1', key: 'pantau_agent_secret', collector: 'https://noc' }

  it('is there, and its key is not shown', async () => {
    write(JSON.stringify(identity))
    const { found } = await checkIdentity(directory)
    expect(found).toMatchObject({ state: 'ok', text: { en: 'enrolled as agent a-1' } })
    expect(JSON.stringify(found)).not.toContain('secret')
  })

  it.each([
    ['is missing', null, 'not enrolled'],
    ['is torn', '{"agentId": "a', 'is not an identity'],
  ])('%s', async (_, text, said) => {
    if (text !== null) write(text)
    const { found } = await checkIdentity(directory)
    expect(found).toMatchObject({ state: 'problem', text: { en: expect.stringContaining(said) } })
  })

  it('belongs to another user', async () => {
    write(JSON.stringify(identity))
    chmodSync(directory, 0o755)
    process.seteuid?.(65_534)
    const { found } = await checkIdentity(directory).finally(() => process.seteuid?.(0))
    expect(found).toMatchObject({ state: 'problem', text: { en: expect.stringContaining('another user') } })
  })
})

describe('the agent', () => {
  it('runs, or not; looking changes nothing', async () => {
    expect(await checkRunning(directory)).toMatchObject({
      state: 'warning',
      text: { en: expect.stringContaining('no agent runs') },
    })
    const lock = await lockDataDirectory(directory)
    for (let look = 0; look < 2; look += 1) {
      expect(await checkRunning(directory)).toMatchObject({
        state: 'ok',
        text: { en: `an agent runs, process ${process.pid}` },
      })
    }
    await lock.release()
  })
})

describe('the spool', () => {
  it('tells how much waits, and warns when it waits for long', async () => {
    expect(await checkSpool(directory, Date.now())).toMatchObject({ state: 'ok', text: { en: 'nothing waits' } })
    mkdirSync(join(directory, 'spool'))
    const segment = join(directory, 'spool', '0000000000000001.segment')
    writeFileSync(segment, Buffer.alloc(3 * 1_048_576))
    expect(await checkSpool(directory, Date.now())).toMatchObject({ state: 'ok', text: { en: '3.0 MB on disk' } })
    const hourAgo = Date.now() / 1000 - 3600
    utimesSync(segment, hourAgo, hourAgo)
    expect(await checkSpool(directory, Date.now())).toMatchObject({
      state: 'warning',
      text: { en: expect.stringContaining('the oldest for 60 minutes') },
    })
  })
})
