import { execFileSync, spawn } from 'node:child_process'
import { closeSync, mkdirSync, openSync, readdirSync, readFileSync, statfsSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { createFilesystemSource } from '../../../../agent/sources/host/filesystem.ts'
import { createStatfsHelper } from '../../../../agent/sources/host/statfs-helper.ts'
import { readNow } from '../../support/read-now.ts'
import { requireRoot } from '../../support/require-root.ts'
import { scratchDirectory } from '../../support/scratch.ts'

/** A filesystem whose server is there and never answers, as that of a dead NAS: every statfs on it hangs. */
async function mountDeadFilesystem(): Promise<string> {
  requireRoot()
  const place = join(scratchDirectory(), 'dead')
  mkdirSync(place)
  const fd = openSync('/dev/fuse', 'r+')
  const options = 'fd=3,rootmode=40000,user_id=0,group_id=0'
  const mount = spawn('mount', ['-i', '-t', 'fuse.nas', '-o', options, 'nas:/vol', place], {
    stdio: ['ignore', 'ignore', 'inherit', fd],
  })
  expect(await new Promise(resolve => mount.on('close', resolve))).toBe(0)
  onTestFinished(() => {
    execFileSync('umount', ['-l', place])
    closeSync(fd)
  })
  return place
}

function helper(answerWithinMs = 400) {
  let ms = 0
  const made = createStatfsHelper({ answerWithinMs, now: () => ms })
  onTestFinished(() => made.stop())
  const pass = (more: number): void => {
    ms += more
  }
  return { ask: made.ask, pass }
}

const childrenOfThis = (): string[] =>
  readdirSync('/proc')
    .filter(name => /^\d+$/.test(name))
    .filter(pid => {
      try {
        const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
        const [state, parent] = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
        const isHelper = readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes('statfs-child')
        return parent === String(process.pid) && state !== 'Z' && isHelper
      } catch {
        return false
      }
    })

describe('the helper for remote filesystems', () => {
  it('says what statfs says, from one process for all questions', async () => {
    const { ask } = helper(20_000)
    const { bsize, blocks } = statfsSync('/')
    for (let round = 0; round < 3; round += 1) {
      const status = await ask('/')
      expect(status.bsize * status.blocks).toBe(BigInt(bsize) * BigInt(blocks))
    }
    expect(childrenOfThis()).toHaveLength(1)
    await expect(ask('/nowhere')).rejects.toThrow('no answer')
    expect((await ask('/')).blocks).toBeGreaterThan(0n)
  })

  it('gives up on a filesystem that really hangs, and holds nothing of it', async () => {
    const dead = await mountDeadFilesystem()
    const { ask, pass } = helper()
    await expect(ask(dead)).rejects.toThrow('no answer')
    // It is not asked again for a while, others are, from a new process.
    await expect(ask(dead)).rejects.toThrow('lately')
    pass(1)
    await expect.poll(childrenOfThis).toEqual([])
    const patient = helper(20_000)
    expect((await patient.ask('/')).blocks).toBeGreaterThan(0n)
  })

  it('keeps a dead server from costing anything but its own figures', async () => {
    const dead = await mountDeadFilesystem()
    const { ask } = helper(600)
    const source = createFilesystemSource({ procRoot: '/proc', mountDeadlineMs: 2_000, askRemote: ask })
    for (let round = 0; round < 2; round += 1) {
      const { gauges } = await readNow(source)
      const of = (metric: string, mountpoint: string) =>
        gauges.find(one => one.metric === metric && one.labels?.mountpoint === mountpoint)?.value
      expect(of('node_filesystem_device_error', dead)).toBe(1)
      expect(of('node_filesystem_size_bytes', dead)).toBeUndefined()
      expect(Number(of('node_filesystem_size_bytes', '/'))).toBeGreaterThan(0)
    }
    // No thread of ours waits there: this process could end at once.
    expect(source.hanging()).toEqual([])
  })
})
