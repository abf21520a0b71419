import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { AGENT_MAIN, startAgentProcess } from './support/agent-process.ts'
import { eventually } from './support/eventually.ts'
import { ENROLLED, startRecordingCollector } from './support/recording-collector.ts'
import { requireRoot } from './support/require-root.ts'
import { scratchDirectory } from './support/scratch.ts'

const TOKEN = 'token-that-must-not-be-logged'

const isAlive = (pid: number): boolean => {
  try {
    return !readFileSync(`/proc/${pid}/stat`, 'utf8').includes(') Z ')
  } catch {
    return false
  }
}

describe('a real agent', () => {
  it('enrols, delivers this machine, and stops when it is told to with everything delivered', async () => {
    const collector = await startRecordingCollector()
    const data = scratchDirectory()
    const tokenFile = join(data, 'enrolment-token')
    writeFileSync(tokenFile, `${TOKEN}\n`, { mode: 0o600 })
    const args = ['--collector', collector.url, '--data', data, '--token-file', tokenFile, '--interval-ms', '200']
    const agent = startAgentProcess(args)
    await eventually(
      'facts and CPU',
      () => collector.acknowledged.length > 5 && collector.acknowledged.some(d => d.batch.facts),
      30_000,
    )
    expect(collector.enrolments).toMatchObject([{ token: `Bearer ${TOKEN}` }])
    expect(existsSync(tokenFile)).toBe(false)
    expect(statSync(join(data, 'identity.json')).mode & 0o777).toBe(0o600)
    expect(JSON.parse(readFileSync(join(data, 'identity.json'), 'utf8'))).toMatchObject(ENROLLED)

    const [first, second] = collector.acknowledged
    expect(first?.batch.series.some(({ kind }) => kind === 'delta')).toBe(false)
    const metrics = new Set(second?.batch.series.map(({ metric }) => metric))
    for (const metric of [
      'node_cpu_seconds_total',
      'node_load1',
      'node_memory_MemAvailable_bytes',
      'node_filesystem_avail_bytes',
      'node_boot_time_seconds',
      'pantau_agent_spool_batches',
      'pantau_agent_resident_memory_bytes',
      'source_ok',
    ]) {
      expect(metrics).toContain(metric)
    }

    agent.child.kill('SIGTERM')
    expect(await agent.ended).toEqual({ code: 0, signal: null })
    const numbers = collector.acknowledged.map(({ batch }) => batch.number)
    expect(numbers).toEqual(numbers.map((_, index) => index + 1))
    expect(agent.output()).not.toContain(TOKEN)
    expect(agent.output()).not.toContain(ENROLLED.key)

    // The next start needs no token and goes on where this one ended.
    const again = startAgentProcess(['--data', data, '--interval-ms', '200'])
    await eventually('the next batch', () => collector.acknowledged.length > numbers.length)
    expect(collector.acknowledged[numbers.length]?.batch.number).toBe(numbers.length + 1)
    again.child.kill('SIGINT')
    expect(await again.ended).toEqual({ code: 0, signal: null })
  })

  it('measures before anyone has enrolled it, and delivers from the first moment on when the collector appears', async () => {
    const gone = await startRecordingCollector()
    await gone.close()
    const data = scratchDirectory()
    const agent = startAgentProcess(['--collector', gone.url, '--data', data, '--interval-ms', '200'], {
      PANTAU_AGENT_TOKEN: TOKEN,
    })
    await eventually('a first failure to enrol', () => agent.output().includes('cannot enrol yet'))
    const spool = join(data, 'spool')
    await eventually('a file of batches', () => readdirSync(spool).some(name => name.endsWith('.segment')))
    const appearedMs = Date.now()
    const back = await startRecordingCollector(gone.port)
    await eventually('a batch', () => back.acknowledged.length > 3)
    const first = await eventually('the first', () => back.acknowledged.find(({ batch }) => batch.number === 1))
    const point = first.batch.series[0]?.points[0]
    expect(Number(point?.[0])).toBeLessThan(appearedMs)
  })

  it('ends with 3 and a clear reason when the collector refuses the token or knows another such machine', async () => {
    for (const code of ['unauthenticated', 'identity-conflict'] as const) {
      const collector = await startRecordingCollector()
      collector.refuse(() => ({ code }))
      const agent = startAgentProcess(['--collector', collector.url, '--data', scratchDirectory()], {
        PANTAU_AGENT_TOKEN: TOKEN,
      })
      expect(await agent.ended).toEqual({ code: 3, signal: null })
      expect(agent.output()).toContain(code)
      expect(agent.output()).not.toContain(TOKEN)
    }
  })

  it('ends with 2 and names the flag when it is used wrongly, and helps when asked', async () => {
    const data = scratchDirectory()
    for (const [args, message] of [
      [['--interval-ms', 'soon'], '--interval-ms'],
      [['--colector', 'x'], '--colector'],
      [['--data', data], '--collector: is missing'],
      [['--data', data, '--collector', 'http://127.0.0.1:1'], '--token-file: is missing'],
      [
        ['--data', data, '--collector', 'http://127.0.0.1:1', '--token-file', join(data, 'none')],
        'none does not exist',
      ],
    ] as const) {
      const agent = startAgentProcess([...args])
      expect(await agent.ended).toEqual({ code: 2, signal: null })
      expect(agent.output()).toContain(message)
    }
    const help = startAgentProcess(['--help'])
    expect((await help.ended).code).toBe(0)
    expect(help.output()).toContain('--token-file')
  })

  it('given another address of its collector goes there, and notes it for doctor', async () => {
    const collector = await startRecordingCollector()
    const data = scratchDirectory()
    const identity = join(data, 'identity.json')
    // A port of an earlier start, on which nobody listens any more.
    writeFileSync(identity, JSON.stringify({ ...ENROLLED, collector: 'http://127.0.0.1:9/' }))
    startAgentProcess(['--data', data, '--collector', collector.url, '--interval-ms', '200'])
    await eventually('a batch', () => collector.acknowledged.length > 0)
    expect(JSON.parse(readFileSync(identity, 'utf8'))).toEqual({ ...ENROLLED, collector: `${collector.url}/` })
    expect(statSync(identity).mode & 0o777).toBe(0o600)
  })

  it('lets no second agent work on its data', async () => {
    const collector = await startRecordingCollector()
    const data = scratchDirectory()
    const args = ['--collector', collector.url, '--data', data]
    const first = startAgentProcess(args, { PANTAU_AGENT_TOKEN: TOKEN })
    await eventually('a first batch', () => collector.acknowledged.length > 0)
    const second = startAgentProcess(args, { PANTAU_AGENT_TOKEN: TOKEN })
    expect((await second.ended).code).toBe(2)
    expect(second.output()).toContain(`process id ${first.child.pid}`)
    expect(first.child.exitCode).toBeNull()
  })

  it('started by a parent with a channel, ends with it, even when the parent is killed', async () => {
    const collector = await startRecordingCollector()
    const data = scratchDirectory()
    const args = JSON.stringify(['--collector', collector.url, '--data', data, '--interval-ms', '200'])
    const code = `
      const { fork } = require('node:child_process')
      const child = fork(${JSON.stringify(AGENT_MAIN)}, ${args}, { stdio: ['ignore', 'pipe', 'inherit', 'ipc'] })
      console.log(child.pid)`
    const parent: ChildProcess = spawn(process.execPath, ['-e', code], {
      stdio: ['ignore', 'pipe', 'ignore'],
      env: { PATH: process.env.PATH ?? '', PANTAU_AGENT_TOKEN: TOKEN },
    })
    let pid = 0
    parent.stdout?.on('data', part => {
      pid = Number(part)
    })
    onTestFinished(() => {
      parent.kill('SIGKILL')
      if (pid > 0 && isAlive(pid)) process.kill(pid, 'SIGKILL')
    })
    await eventually('a few batches', () => collector.acknowledged.length > 3)
    expect(isAlive(pid)).toBe(true)
    parent.kill('SIGKILL')
    await eventually('the end of the agent', () => !isAlive(pid))
  })

  it('told to stop while it has a channel, does not wait for its parent', async () => {
    const collector = await startRecordingCollector()
    const child = spawn(process.execPath, [AGENT_MAIN, '--collector', collector.url, '--data', scratchDirectory()], {
      stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
      env: { PATH: process.env.PATH ?? '', PANTAU_AGENT_TOKEN: TOKEN },
    })
    onTestFinished(() => void child.kill('SIGKILL'))
    await eventually('a first batch', () => collector.acknowledged.length > 0)
    child.kill('SIGTERM')
    await eventually('its end', () => child.exitCode === 0)
  })

  it('keeps reporting on a full disk, also when it has to start on one', async () => {
    requireRoot()
    const collector = await startRecordingCollector()
    const disk = join(scratchDirectory(), 'disk')
    mkdirSync(disk)
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=256k', 'tmpfs', disk])
    onTestFinished(() => void execFileSync('umount', ['-l', disk]))
    const args = ['--collector', collector.url, '--data', join(disk, 'agent'), '--interval-ms', '200']
    const agent = startAgentProcess(args, { PANTAU_AGENT_TOKEN: TOKEN })
    await eventually('a first batch', () => collector.acknowledged.length > 1)
    execFileSync('sh', ['-c', `cat /dev/zero > '${disk}/blocker' || true`], { stdio: 'ignore' })
    const whenFull = collector.acknowledged.length
    await eventually('batches that tell of the full disk', () =>
      collector.acknowledged
        .slice(whenFull)
        .some(({ batch }) =>
          batch.series.some(
            ({ metric, labels, points }) =>
              metric === 'node_filesystem_avail_bytes' && labels?.mountpoint === disk && points[0]?.[1] === 0,
          ),
        ),
    )
    agent.child.kill('SIGKILL')
    await agent.ended
    const afterKill = collector.acknowledged.length
    const again = startAgentProcess(args)
    await eventually(
      'batches of an agent that started on a full disk',
      () => collector.acknowledged.length > afterKill + 3,
    )
    again.child.kill('SIGTERM')
    expect(await again.ended).toEqual({ code: 0, signal: null })
  })

  it('measures and delivers from memory when it starts on a read-only disk, says so, and keeps as soon as it can', async () => {
    requireRoot()
    const collector = await startRecordingCollector()
    const disk = join(scratchDirectory(), 'disk')
    mkdirSync(disk)
    const remount = (how: string): void => void execFileSync('mount', ['-o', `remount,${how}`, disk])
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=1m', 'tmpfs', disk])
    onTestFinished(() => void execFileSync('umount', ['-l', disk]))
    const args = ['--collector', collector.url, '--data', join(disk, 'agent'), '--interval-ms', '200']
    const first = startAgentProcess(args, { PANTAU_AGENT_TOKEN: TOKEN })
    await eventually('a first batch', () => collector.acknowledged.length > 1)
    // Some wait on the disk when it turns read-only.
    collector.refuse(() => ({ code: 'unavailable' }))
    await eventually('batches on the disk', () => first.output().includes('collector takes nothing'), 30_000)
    first.child.kill('SIGKILL')
    await first.ended
    remount('ro')
    collector.refuse(undefined)
    const before = collector.acknowledged.length
    const isTold = (): boolean =>
      collector.acknowledged
        .slice(before)
        .some(({ batch }) =>
          batch.series.some(({ metric, points }) => metric === 'pantau_agent_spool_disk_ok' && points[0]?.[1] === 0),
        )

    const second = startAgentProcess(args)
    await eventually('batches that tell of the read-only disk', isTold, 30_000)
    expect(second.output()).toContain('the disk is read-only')
    remount('rw')
    const spool = join(disk, 'agent/spool')
    await eventually(
      'batches that are kept again',
      () => second.output().includes('spool writes to disk again'),
      30_000,
    )
    await eventually('a file of batches', () => readdirSync(spool).some(name => name.endsWith('.segment')))
    // It holds the directory now, and what it wrote down is what the next start goes on with.
    const other = startAgentProcess(args)
    expect((await other.ended).code).toBe(2)
    second.child.kill('SIGKILL')
    await second.ended
    const third = startAgentProcess(args)
    const afterKill = collector.acknowledged.length
    await eventually('batches of the next start', () => collector.acknowledged.length > afterKill + 2, 30_000)
    third.child.kill('SIGTERM')
    expect(await third.ended).toEqual({ code: 0, signal: null })
    const bodies = new Map<string, string>()
    for (const { batch, bodyText } of collector.acknowledged) {
      const key = `${batch.spool} ${batch.number}`
      expect(bodies.get(key) ?? bodyText).toBe(bodyText)
      bodies.set(key, bodyText)
    }
  }, 120_000)
})
