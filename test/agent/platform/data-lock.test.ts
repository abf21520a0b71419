import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readlinkSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { DataDirectoryInUse, lockDataDirectory, parseStartTicks } from '../../../agent/platform/data-lock.ts'
import { scratchDirectory } from '../support/scratch.ts'

describe('the lock on a data directory', () => {
  it('keeps a second agent out and tells who is in', async () => {
    const directory = scratchDirectory()
    const lock = await lockDataDirectory(directory)
    await expect(lockDataDirectory(directory)).rejects.toThrow(DataDirectoryInUse)
    await expect(lockDataDirectory(directory)).rejects.toThrow(`process id ${process.pid}`)
    await lock.release()
    await (await lockDataDirectory(directory)).release()
  })

  it('is taken over from a process that was killed', async () => {
    const directory = scratchDirectory()
    const child = spawn('sleep', ['60'])
    const lock = await lockDataDirectory(directory)
    const holder = readlinkSync(join(directory, 'lock'))
    await lock.release()
    symlinkSync(holder.replace(String(process.pid), String(child.pid)), join(directory, 'lock'))
    child.kill('SIGKILL')
    await once(child, 'exit')
    await (await lockDataDirectory(directory)).release()
  })

  it('is taken over when the id of the dead process was given to another one', async () => {
    const directory = scratchDirectory()
    const lock = await lockDataDirectory(directory)
    const path = join(directory, 'lock')
    const [pid, startTicks, bootId] = readlinkSync(path).split(':')
    await lock.release()
    symlinkSync(`${pid}:${Number(startTicks) - 1}:${bootId}`, path)
    await (await lockDataDirectory(directory)).release()
    symlinkSync(`${pid}:${startTicks}:another-boot`, path)
    await (await lockDataDirectory(directory)).release()
  })

  it('does not stumble over a lock that no agent wrote', async () => {
    const directory = scratchDirectory()
    writeFileSync(join(directory, 'lock'), 'what is this')
    await (await lockDataDirectory(directory)).release()
  })

  it('goes to one of many who want it at the same moment', async () => {
    const directory = scratchDirectory()
    symlinkSync('999999999:1:gone', join(directory, 'lock'))
    const results = await Promise.allSettled(Array.from({ length: 8 }, () => lockDataDirectory(directory)))
    expect(results.filter(result => result.status === 'fulfilled')).toHaveLength(1)
  })

  it('finds the start time behind a process name with blanks and brackets', () => {
    const stat = `42 (a) b (c)) S 1 42 42 0 -1 4194560 100 0 0 0 1 2 0 0 20 0 1 0 777 1000 200`
    expect(parseStartTicks(stat)).toBe('777')
  })
})
