import { execFileSync, spawn } from 'node:child_process'
import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it, onTestFinished } from 'vitest'
import { createOperstateWatch } from '../../../../agent/sources/host/operstate-watch.ts'
import { IP_PATH } from '../../../support/debian-packages.ts'
import { eventually } from '../../support/eventually.ts'
import { requireRoot } from '../../support/require-root.ts'
import { scratchDirectory, writeTree } from '../../support/scratch.ts'

describe('the watch over interfaces', () => {
  it('notices another state, and an interface that is gone, and is quiet again when it was read', () => {
    const root = scratchDirectory()
    writeTree(root, { 'class/net/eth0/operstate': 'up\n', 'class/net/eth1/operstate': 'down\n' })
    const watch = createOperstateWatch(root)
    expect(watch.hasChanged()).toBe(false)
    const seen = (eth0: string, eth1: string) => new Map(Object.entries({ eth0, eth1 }))
    watch.saw(seen('up', 'down'))
    expect(watch.hasChanged()).toBe(false)
    writeTree(root, { 'class/net/eth1/operstate': 'up\n' })
    expect(watch.hasChanged()).toBe(true)
    watch.saw(seen('up', 'up'))
    expect(watch.hasChanged()).toBe(false)
    rmSync(join(root, 'class/net/eth1'), { recursive: true })
    watch.saw(new Map([['eth0', 'up']]))
    expect(watch.hasChanged()).toBe(false)
  })

  it('sees a real link go down and come back, and one that is made again under its name', async () => {
    requireRoot()
    const name = `pantau-watch-${process.pid}`
    const ip = (...args: string[]) => execFileSync(IP_PATH, ['-n', name, ...args])
    execFileSync(IP_PATH, ['netns', 'add', name])
    onTestFinished(() => void execFileSync(IP_PATH, ['netns', 'del', name]))
    ip('link', 'add', 'wan0', 'type', 'veth', 'peer', 'name', 'far0')
    for (const device of ['wan0', 'far0']) ip('link', 'set', device, 'up')
    const program = fileURLToPath(new URL('../../support/watch-links.ts', import.meta.url))
    const child = spawn(IP_PATH, ['netns', 'exec', name, process.execPath, program], {
      stdio: ['ignore', 'pipe', 'ignore'],
    })
    onTestFinished(() => void child.kill('SIGKILL'))
    let said = ''
    child.stdout.on('data', part => {
      said += part
    })
    const lastSays = (text: string) => said.trim().split('\n').at(-1)?.split(' ').includes(text)
    await eventually('the first reading', () => lastSays('wan0=1'))
    ip('link', 'set', 'far0', 'down')
    await eventually('the link going down', () => lastSays('wan0=0'))
    ip('link', 'set', 'far0', 'up')
    await eventually('the link coming back', () => lastSays('wan0=1'))
    ip('link', 'del', 'wan0')
    await eventually('nothing left', () => !said.trim().split('\n').at(-1)?.includes('wan0'))
    expect(said.trim().split('\n').length).toBeLessThan(20)
  })
})
