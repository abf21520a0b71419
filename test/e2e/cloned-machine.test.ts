import { type ChildProcess, spawn } from 'node:child_process'
import { cpSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { AGENT_MAIN } from '../agent/support/agent-process.ts'
import { call, startCollector, type TestCollector, untilTrue } from '../support/collector.ts'

let collector: TestCollector
const home = mkdtempSync(join(tmpdir(), 'pantau-clone-'))
const running: ChildProcess[] = []

/** A real agent; `output()` is what it logged. */
function startAgent(data: string, token = '') {
  const args = [AGENT_MAIN, '--collector', collector.url, '--data', join(home, data), '--interval-ms', '300']
  const child = spawn(process.execPath, args, {
    stdio: ['ignore', 'pipe', 'ignore'],
    env: { PATH: process.env.PATH, PANTAU_AGENT_TOKEN: token },
  })
  running.push(child)
  let text = ''
  child.stdout.on('data', part => {
    text += part
  })
  return { child, output: () => text }
}

beforeAll(async () => {
  collector = await startCollector({ settings: { nocAgent: { enabled: false } } })
})
afterAll(async () => {
  for (const child of running) child.kill('SIGKILL')
  await collector?.stop()
  collector?.cleanUp()
  rmSync(home, { recursive: true, force: true })
})

describe('a machine that was copied with its agent', () => {
  it('is noticed, both are put in quarantine with a plain reason, and one is taken in again when the other is gone', async () => {
    const { secret } = await call(collector, 'createEnrolmentToken', { body: { label: 'clone' } })
    const original = startAgent('original', secret)
    const agent = await untilTrue('its first samples', 60_000, async () =>
      (await call(collector, 'agents')).agents.find(one => one.lastContactAt !== null),
    )
    expect(agent.quarantined).toBeNull()

    // As a hypervisor does it: the disk as it is at this moment, lock and all, and the copy is started.
    original.child.kill('SIGSTOP')
    cpSync(join(home, 'original'), join(home, 'copy'), { recursive: true, verbatimSymlinks: true })
    original.child.kill('SIGCONT')
    rmSync(join(home, 'copy/lock'), { force: true })
    const copy = startAgent('copy')
    const found = async () => (await call(collector, 'agents')).agents.find(one => one.id === agent.id)
    const quarantined = await untilTrue('the quarantine', 60_000, async () => {
      const one = await found()
      return one?.quarantined ? one : null
    })
    expect(quarantined.quarantined).toMatch(/two machines use/)
    await untilTrue('both to be told', 60_000, () =>
      [original, copy].every(one => one.output().includes('agent-quarantined')),
    )
    const { entries } = await call(collector, 'audit', { query: {} })
    expect(entries.find(entry => entry.action === 'agent.quarantine')?.subject).toBe(agent.id)
    const contactBefore = (await found())?.lastContactAt

    copy.child.kill('SIGKILL')
    original.child.kill('SIGTERM')
    await untilTrue('its end', 60_000, () => original.child.exitCode !== null)
    await call(collector, 'liftQuarantine', { params: { id: agent.id }, body: {} })
    startAgent('original')
    const again = await untilTrue('new samples', 60_000, async () => {
      const one = await found()
      return (one?.lastContactAt ?? 0) > (contactBefore ?? 0) ? one : null
    })
    expect(again.quarantined).toBeNull()
  })
})
