import { execFileSync } from 'node:child_process'
import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { createKernelFile } from '../../../../agent/sources/host/kernel-file.ts'
import { parsePageBytes, parseProcess } from '../../../../agent/sources/host/processes.ts'
import { scratchDirectory } from '../../support/scratch.ts'

describe('a file of the kernel', () => {
  it('is the one that stands there now, each time, also when it is long', () => {
    for (const name of ['/proc/stat', '/proc/meminfo', '/proc/diskstats', '/proc/net/dev', '/proc/uptime']) {
      const file = createKernelFile(name)
      // Between two looks this machine may get an interface more, or a disk less.
      const agrees = () => file.read().split('\n').length === readFileSync(name, 'utf8').split('\n').length
      expect([agrees(), agrees(), agrees()], name).toContain(true)
    }
    const uptime = createKernelFile('/proc/uptime')
    const before = uptime.read()
    execFileSync('sleep', ['0.05'])
    expect(Number.parseFloat(uptime.read())).toBeGreaterThan(Number.parseFloat(before))
    const long = join(scratchDirectory(), 'long')
    writeFileSync(long, 'x'.repeat(200_001))
    expect(createKernelFile(long).read()).toHaveLength(200_001)
  })

  it('costs its own figures when it is gone, and is there again when it is back', () => {
    const path = join(scratchDirectory(), 'loadavg')
    const file = createKernelFile(path)
    expect(() => file.read()).toThrow('ENOENT')
    writeFileSync(path, '1')
    expect(file.read()).toBe('1')
    rmSync(path)
    expect(file.read()).toBe('1')
  })

  it('that is none does not hold anyone up', () => {
    const pipe = join(scratchDirectory(), 'pipe')
    execFileSync('mkfifo', [pipe])
    const startMs = performance.now()
    try {
      createKernelFile(pipe).read()
    } catch {
      // Either is right, waiting is not.
    }
    expect(performance.now() - startMs).toBeLessThan(30_000)
  })
})

describe('a process', () => {
  it('is read from its line, whatever its name is', () => {
    const rest = 'S 1 42 42 0 -1 4194560 1 2 3 4 5 6 7 8 20 0 1 0 777 9000000 1234 18446744073709551615'
    expect(parseProcess(`42 (tricky) name (x) ${rest}`)).toEqual({
      ...{ comm: 'tricky) name (x', startTicks: '777', residentPages: 1234 },
    })
    expect(() => parseProcess('42')).toThrow('/proc/PID/stat')
    const own = parseProcess(readFileSync('/proc/self/stat', 'latin1'))
    const bytes = own.residentPages * parsePageBytes(readFileSync('/proc/self/auxv'))
    expect(bytes / process.memoryUsage.rss()).toBeGreaterThan(0.5)
    expect(bytes / process.memoryUsage.rss()).toBeLessThan(1.5)
  })
})
