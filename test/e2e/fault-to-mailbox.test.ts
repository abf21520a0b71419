// A real fault on this machine becomes an incident, and its notice arrives in a real mailbox.
import { rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { call, startCollector, type TestCollector, untilTrue } from '../support/collector.ts'
import { type MailServer, startMailServer } from '../support/mail-server.ts'
import { mountSmallDisk, type SmallDisk } from '../support/small-disk.ts'

const WITHIN_MS = 60_000
let collector: TestCollector
let mail: MailServer
let disk: SmallDisk

beforeAll(async () => {
  disk = mountSmallDisk(8)
  mail = await startMailServer()
  // Six seconds of silence are told: a busy machine is not so late with its samples.
  collector = await startCollector({ settings: { nocAgent: { intervalMs: 2_000 } } })
  await call(collector, 'createChannel', {
    body: {
      name: 'Piket',
      kind: 'email',
      settings: {
        host: '127.0.0.1',
        port: mail.port,
        security: 'none',
        from: 'pantau@uji.example',
        to: 'piket@uji.example',
      },
      minimumSeverity: 'high',
    },
  })
})

afterAll(async () => {
  await collector?.stop()
  collector?.cleanUp()
  await mail?.stop()
  disk?.remove()
})

const wall = () => call(collector, 'wall')
const ownTile = async () => (await wall()).servers[0]

describe('a disk that fills', () => {
  it('is met first, then an incident with a degraded tile and a mail, and resolved with a second mail when freed', async () => {
    const tile = await untilTrue('the machine shows itself as up', WITHIN_MS, async () => {
      const found = await ownTile()
      return found?.state === 'up' ? found : null
    })
    const part = `mountpoint=${disk.directory}`
    await untilTrue('the small disk is judged', WITHIN_MS, async () => {
      const { verdicts } = await call(collector, 'server', { params: { id: tile.id } })
      return verdicts.some(verdict => verdict.part === part && verdict.verdict === 'met')
    })

    const ballast = join(disk.directory, 'ballast')
    writeFileSync(ballast, Buffer.alloc(7.9 * 1024 * 1024, 1))
    const incident = await untilTrue('an incident is open', WITHIN_MS, async () =>
      (await wall()).incidents.find(candidate => candidate.part === part),
    )
    expect(incident).toMatchObject({
      state: 'open',
      ruleId: 'filesystem-fill',
      kind: 'fault',
      severity: 'high',
      unit: 'ratio',
    })
    expect(incident.value).toBeGreaterThan(0.95)
    await expect.poll(ownTile).toMatchObject({ state: 'degraded', openIncidents: 1, worstSeverity: 'high' })

    const opened = await untilTrue(
      'the first mail is in the mailbox',
      WITHIN_MS,
      async () => (await mail.messages())[0],
    )
    expect(opened.subject).toContain(disk.directory)
    expect(opened.text).toContain(`/incidents/${incident.id}`)

    const { verdicts } = await call(collector, 'server', { params: { id: tile.id } })
    const unmet = verdicts.find(verdict => verdict.part === part)
    expect(unmet).toMatchObject({ verdict: 'unmet', parameterSource: 'diskominfo' })
    const evidence = await call(collector, 'evidence', { params: { id: unmet?.evidenceId ?? '' } })
    expect(evidence).toMatchObject({ ruleId: 'filesystem-fill', verdict: 'unmet', part })
    // A look at the disk may have fallen into the middle of the writing.
    expect(['met', 'at-risk']).toContain(evidence.previous)
    expect(evidence.basis).toMatchObject({ mountpoint: disk.directory, limits: { unmet: 0.95, worse: 'above' } })

    rmSync(ballast)
    const resolved = await untilTrue('the incident is resolved', WITHIN_MS, async () => {
      const found = await call(collector, 'incident', { params: { id: incident.id } })
      return found.incident.state === 'resolved' ? found : null
    })
    expect(resolved.timeline.map(({ kind }) => kind)).toEqual(['opened', 'resolved'])
    await expect.poll(ownTile).toMatchObject({ state: 'up', openIncidents: 0 })
    const mails = await untilTrue('the second mail is in the mailbox', WITHIN_MS, async () => {
      const all = await mail.messages()
      return all.length >= 2 ? all : null
    })
    expect(mails).toHaveLength(2)
    const after = await untilTrue('both notices are settled', WITHIN_MS, async () => {
      const { notices } = await call(collector, 'incident', { params: { id: incident.id } })
      return notices.every(({ state }) => state === 'sent') ? notices : null
    })
    expect(after.map(({ event }) => event).sort()).toEqual(['opened', 'resolved'])
  })
})

describe('an agent that stops', () => {
  it('is unknown and an incident after three missed intervals, never up; and resolved when it speaks again', async () => {
    const tile = await untilTrue('the machine is up', WITHIN_MS, async () => {
      const found = await ownTile()
      return found?.state === 'up' ? found : null
    })
    const { pid } = JSON.parse(/\{[^\n]*"msg":"agent started"[^\n]*/.exec(collector.output())?.[0] ?? '{}') as {
      pid?: number
    }
    expect(pid).toBeTypeOf('number')
    // Stopped, not ended: nothing restarts it, and its connection stays open. Only silence tells.
    process.kill(pid ?? 0, 'SIGSTOP')
    try {
      const stoppedAt = Date.now()
      const silent = await untilTrue('the tile is unknown', WITHIN_MS, async () => {
        const found = await ownTile()
        return found?.state === 'unknown' ? found : null
      })
      expect(Date.now() - stoppedAt).toBeGreaterThan(2_000)
      expect(silent.lastSampleAt).not.toBeNull()
      const incident = await untilTrue('an incident is open', WITHIN_MS, async () =>
        (await wall()).incidents.find(({ ruleId }) => ruleId === 'server-heartbeat'),
      )
      expect(incident).toMatchObject({ state: 'open', severity: 'critical', subject: { id: tile.id } })
      const filesystems = async () => {
        const { verdicts } = await call(collector, 'server', { params: { id: tile.id } })
        return verdicts.filter(({ ruleId }) => ruleId === 'filesystem-fill').map(({ verdict }) => verdict)
      }
      await expect.poll(async () => [...new Set(await filesystems())]).toEqual(['unmeasured'])

      process.kill(pid ?? 0, 'SIGCONT')
      await untilTrue('the incident is resolved', WITHIN_MS, async () => {
        const found = await call(collector, 'incident', { params: { id: incident.id } })
        return found.incident.state === 'resolved'
      })
      await untilTrue('the tile is up', WITHIN_MS, async () => (await ownTile())?.state === 'up')
    } finally {
      process.kill(pid ?? 0, 'SIGCONT')
    }
  })
})
