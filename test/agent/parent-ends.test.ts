// The agent beside the collector ends with it, also when the collector is killed: the channel between them tells it.
import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, it, onTestFinished } from 'vitest'

const PANTAU = fileURLToPath(new URL('../../pantau.mjs', import.meta.url))
const NOBODY = 'http://127.0.0.1:9'

it('an agent from the source tree, started with a channel and without the flags of Node, ends when its parent is gone', async () => {
  const data = mkdtempSync(join(tmpdir(), 'pantau-parent-'))
  onTestFinished(() => rmSync(data, { recursive: true, force: true }))
  writeFileSync(join(data, 'token'), 'a-token-that-nobody-takes')
  const args = [PANTAU, 'agent', '--collector', NOBODY, '--data', data, '--token-file', join(data, 'token')]
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit', 'ipc'] })
  onTestFinished(() => void child.kill('SIGKILL'))
  const exited = new Promise<number | null>(resolve => child.once('exit', resolve))
  await new Promise<void>(resolve => {
    let said = ''
    child.stdout?.on('data', text => {
      said += String(text)
      if (said.includes('agent started')) resolve()
    })
  })
  child.disconnect()
  expect(await exited).toBe(0)
}, 120_000)
