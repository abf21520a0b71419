// The launcher in a real shell, with programs of a few lines in place of Node.
import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readlinkSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { ROOT } from '../../architecture/tree.ts'
import { eventually } from '../support/eventually.ts'

const LAUNCH = join(ROOT, 'agent/install/launch.sh')

let home: string
let running: ChildProcess[]
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'pantau-launch-'))
  running = []
})
afterEach(() => {
  for (const child of running) child.kill('SIGKILL')
  rmSync(home, { recursive: true })
})

const at = (...parts: string[]) => join(home, 'versions', ...parts)
const told = () => (existsSync(join(home, 'told')) ? readFileSync(join(home, 'told'), 'utf8') : '')

/** A version whose program notes that it runs and then does what `script` says. */
function version(name: string, script: string): void {
  for (const folder of ['bin', 'agent']) mkdirSync(at(name, folder), { recursive: true })
  writeFileSync(at(name, 'flags'), '--lite\n')
  writeFileSync(at(name, 'bin/node'), `#!/bin/sh\necho ${name} >>${home}/told\n${script}\n`)
  chmodSync(at(name, 'bin/node'), 0o755)
}
function current(name: string): void {
  rmSync(at('current'), { force: true })
  symlinkSync(name, at('current'))
}
const trial = (fresh: string, old: string) => writeFileSync(at('.trial'), `${fresh} ${old}\n`)

/** Agents that outlived their launcher. */
const sleepers = () =>
  readFileSync(join(home, 'pids'), 'utf8')
    .split('\n')
    .filter(line => line !== '')
    .map(Number)

function launch(args: string[] = [], trialS = 2) {
  const child = spawn('sh', [LAUNCH, ...args], {
    env: { PATH: process.env.PATH, PANTAU_AGENT_HOME: home, PANTAU_TRIAL_S: String(trialS) },
    stdio: 'ignore',
  })
  running.push(child)
  return { child, ended: new Promise<number | null>(resolve => child.once('exit', code => resolve(code))) }
}

describe('what it decides', () => {
  it.each([
    ['no trial', 'v1', '', '', 0, 'run'],
    ['a trial that begins', 'v2', 'v2', 'v1', 0, 'watch'],
    ['after two starts', 'v2', 'v2', 'v1', 2, 'watch'],
    ['after three', 'v2', 'v2', 'v1', 3, 'back'],
    ['a note that was written, and the switch did not come', 'v1', 'v2', 'v1', 9, 'run'],
    ['a torn note', 'v2', 'v2', '', 9, 'run'],
  ])('%s', (_, now, fresh, old, starts, expected) => {
    expect(execFileSync('sh', [LAUNCH, '--decide', now, fresh, old, String(starts)], { encoding: 'utf8' })).toBe(
      `${expected}\n`,
    )
  })
})

describe('the launcher', () => {
  it('becomes the agent: no process stays in between, and its end is ours', async () => {
    version('v1', `echo $$ >${home}/pid; exit 3`)
    current('v1')
    const { child, ended } = launch()
    expect(await ended).toBe(3)
    expect(Number(readFileSync(join(home, 'pid'), 'utf8'))).toBe(child.pid)
  })

  it('keeps an upgrade that delivers', async () => {
    version('v1', 'exit 0')
    version('v2', `rm ${at('.trial')} ${at('.trial-starts')}; sleep 3; exit 0`)
    current('v2')
    trial('v2', 'v1')
    const { ended } = launch([], 1)
    expect(await ended).toBe(0)
    expect(readlinkSync(at('current'))).toBe('v2')
    expect(existsSync(at('.failed'))).toBe(false)
  })

  it('goes back from one that runs and delivers nothing, and says which', async () => {
    version('v1', 'exit 0')
    version('v2', 'exec sleep 60')
    current('v2')
    trial('v2', 'v1')
    const { ended } = launch([], 1)
    expect(await ended).toBe(0)
    expect(told()).toBe('v2\nv1\n')
    expect(readlinkSync(at('current'))).toBe('v1')
    expect(readFileSync(at('.failed'), 'utf8')).toBe('v2\n')
    for (const note of ['.trial', '.trial-starts']) expect(existsSync(at(note))).toBe(false)
  })

  it('goes back from one that can not even start, after three tries', async () => {
    version('v1', 'exit 0')
    version('v2', 'exit 1')
    rmSync(at('v2/bin/node'))
    current('v2')
    trial('v2', 'v1')
    const codes = []
    for (let start = 0; start < 4; start += 1) codes.push(await launch().ended)
    expect(codes).toEqual([127, 127, 127, 0])
    expect(readlinkSync(at('current'))).toBe('v1')
  })

  it('killed in the middle of a trial it loses no count', async () => {
    version('v1', 'exit 0')
    version('v2', `echo $$ >>${home}/pids; exec sleep 60`)
    current('v2')
    trial('v2', 'v1')
    for (let start = 1; start <= 3; start += 1) {
      const { child, ended } = launch([], 60)
      await eventually('a start', () => told().split('\n').length - 1 === start)
      child.kill('SIGKILL')
      await ended
    }
    for (const pid of sleepers()) process.kill(pid, 'SIGKILL')
    expect(await launch().ended).toBe(0)
    expect(readlinkSync(at('current'))).toBe('v1')
  })

  it('told to stop it lets the agent end in its own time', async () => {
    version(
      'v2',
      `trap 'sleep 1; echo delivered >>${home}/told; exit 0' TERM; echo >${home}/ready; while :; do sleep 0.1; done`,
    )
    version('v1', 'exit 0')
    current('v2')
    trial('v2', 'v1')
    const { child, ended } = launch(['--respawn'], 60)
    await eventually('a start', () => existsSync(join(home, 'ready')))
    child.kill('SIGTERM')
    expect(await ended).toBe(0)
    expect(told()).toBe('v2\ndelivered\n')
  })

  it('--respawn starts it again at once after an upgrade, and not when that would not help', async () => {
    version('v1', `[ "$(grep -c v1 ${home}/told)" -ge 3 ] && exit 2; exit 75`)
    current('v1')
    expect(await launch(['--respawn']).ended).toBe(2)
    expect(told()).toBe('v1\nv1\nv1\n')
  })
})
