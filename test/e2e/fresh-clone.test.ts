// An empty clone on a machine that has npm and some Node: one command, no step by hand.
import { type ChildProcess, spawn } from 'node:child_process'
import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { untilTrue } from '../support/collector.ts'
import { copyTree, environmentOutsideNpm } from '../support/tree-copy.ts'

const INSTALL_WITHIN_MS = 300_000
let clone = ''
const started: ChildProcess[] = []

beforeAll(() => {
  clone = copyTree()
})

afterAll(() => {
  for (const child of started) child.kill('SIGKILL')
  rmSync(clone, { recursive: true, force: true })
})

type Running = { child: ChildProcess; said: () => string; ended: Promise<number | null> }

function run(command: string, args: string[], env: NodeJS.ProcessEnv = {}): Running {
  const child = spawn(command, args, {
    cwd: clone,
    env: { ...environmentOutsideNpm(), ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  started.push(child)
  let said = ''
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (chunk: string) => {
      said += chunk
    })
  const ended = new Promise<number | null>(resolve => child.once('close', resolve))
  return { child, said: () => said, ended }
}

const startNpm = () => run('npm', ['start'], { PANTAU_LISTEN: '127.0.0.1:0', npm_config_prefer_offline: 'true' })

describe('an empty clone', () => {
  it('installs, builds and runs by npm start, while a second command waits its turn, and stops when asked to', async () => {
    const first = startNpm()
    await untilTrue('the first one prepares', 120_000, () => /installing packages/.test(first.said()))
    const second = run('node', ['bootstrap.mjs', 'build'])
    const url = await untilTrue('the collector greets', INSTALL_WITHIN_MS, () => {
      if (first.child.exitCode !== null) throw new Error(`npm start ended:\n${first.said()}`)
      return /^ {2}Pantau: (http\S+)$/m.exec(first.said())?.[1]
    })
    expect(first.said()).toMatch(/\/setup#\S+/)
    const page = await fetch(url)
    expect(page.status).toBe(200)
    expect(await page.text()).toMatch(/<script type="module"[^>]* src="\/assets\//)

    expect(await second.ended, second.said()).toBe(0)
    expect(second.said()).toMatch(/another bootstrap prepares this tree/)
    expect(second.said()).not.toMatch(/failed/)

    first.child.kill('SIGINT')
    await first.ended
    expect(first.said()).toMatch(/"Collector stopped"/)
  }, 600_000)

  it('starts again at once when nothing changed', async () => {
    const again = startNpm()
    await untilTrue('the collector greets', 120_000, () => /^ {2}Pantau: http/m.test(again.said()))
    expect(again.said()).not.toMatch(/installing|building/)
    again.child.kill('SIGTERM')
    await again.ended
    expect(again.said()).toMatch(/"Collector stopped"/)
  })

  it('has a whole page or none after a build was killed, and the next build mends it', async () => {
    rmSync(join(clone, 'dashboard/dist'), { recursive: true })
    const killed = run('node', ['bootstrap.mjs', 'build'])
    await untilTrue('it builds', 120_000, () => /building the page/.test(killed.said()))
    killed.child.kill('SIGKILL')
    await killed.ended
    const complete = existsSync(join(clone, 'dashboard/dist/.pantau-build'))
    expect(existsSync(join(clone, 'dashboard/dist'))).toBe(complete)

    const mended = run('node', ['bootstrap.mjs', 'build'])
    expect(await mended.ended, mended.said()).toBe(0)
    const page = readFileSync(join(clone, 'dashboard/dist/index.html'), 'utf8')
    for (const [, asset = ''] of page.matchAll(/"\/(assets\/[^"]+)"/g))
      expect(existsSync(join(clone, 'dashboard/dist', asset))).toBe(true)
    expect(readdirSync(join(clone, '.cache')).filter(name => name.startsWith('page-'))).toEqual([])
  })
})
