// `pantau backup run` around real jobs, each in processes of their own.
import { type SpawnSyncReturns, spawn, spawnSync } from 'node:child_process'
import { existsSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { runsFolder } from '../../../agent/sources/backups/place.ts'
import { readRuns } from '../../../agent/sources/backups/runs.ts'
import { ROOT } from '../../architecture/tree.ts'
import { eventually } from '../support/eventually.ts'
import { scratchDirectory } from '../support/scratch.ts'

const MAIN = join(ROOT, 'agent/backups/main.ts')
const DATASET = '0190a1b2-0000-7000-8000-000000000001'
const args = (data: string, ...rest: string[]) => [MAIN, 'run', '--dataset', DATASET, '--data', data, ...rest]

function wrap(data: string, ...rest: string[]): SpawnSyncReturns<string> {
  const env = { ...process.env, DB_PASSWORD: 'rahasia-sekali' }
  return spawnSync(process.execPath, args(data, ...rest), { encoding: 'utf8', input: 'masukan', env })
}
const told = async (data: string) => (await readRuns(data, Date.now())).runs

describe('a wrapped job', () => {
  it('reads, writes and ends as it would alone, and what it made is measured', async () => {
    const data = scratchDirectory()
    const file = join(data, 'kota.sql')
    const job = 'cat; echo hasil; echo catatan >&2; printf 12345 >"$0"'
    const { status, stdout, stderr } = wrap(data, '--job', 'malam', '--size-of', file, '--', 'sh', '-c', job, file)
    expect({ status, stdout, stderr }).toEqual({ status: 0, stdout: 'masukanhasil\n', stderr: 'catatan\n' })
    expect(await told(data)).toMatchObject([
      { job: 'malam', tool: 'command', outcome: 'good', exitCode: 0, bytes: 5, files: 1, detail: '', trouble: null },
    ])
  })

  it.each([
    [
      'sh',
      ['-c', 'echo "masuk dengan rahasia-sekali gagal" >&2; exit 7'],
      7,
      'command-failed',
      'masuk dengan *** gagal',
    ],
    [
      'sh',
      ['-c', 'echo "kota.sql: No space left on device" >&2; exit 1'],
      1,
      'disk-full',
      'kota.sql: No space left on device',
    ],
    ['sh', ['-c', 'kill -TERM $$'], 143, 'command-failed', ''],
    ['program-yang-tidak-ada', [], 127, 'tool-missing', expect.stringContaining('ENOENT')],
  ])('%s %j ends with %i: %s', async (program, rest, exitCode, trouble, detail) => {
    const data = scratchDirectory()
    expect(wrap(data, '--', program, ...rest).status).toBe(exitCode)
    expect(await told(data)).toMatchObject([{ job: 'command', outcome: 'failed', exitCode, trouble, detail }])
  })

  it('runs also where nothing can be recorded, and says so', () => {
    const file = join(scratchDirectory(), 'bukan-folder')
    writeFileSync(file, '')
    const { status, stdout, stderr } = wrap(file, '--', 'echo', 'jalan')
    expect({ status, stdout }).toEqual({ status: 0, stdout: 'jalan\n' })
    expect(stderr).toContain('not recorded')
  })

  it('starts nothing for a data set that is none', () => {
    const data = scratchDirectory()
    const made = join(data, 'made')
    const { status, stderr } = spawnSync(process.execPath, [MAIN, 'run', '--dataset', 'kota', '--', 'touch', made], {
      encoding: 'utf8',
    })
    expect({ status, stderr }).toEqual({ status: 2, stderr: expect.stringContaining('--dataset') })
    expect(existsSync(made)).toBe(false)
  })

  it('is running while it runs, passes on what ends it, and never ended when it is killed', async () => {
    const data = scratchDirectory()
    const ready = join(data, 'ready')
    const wrapper = spawn(
      process.execPath,
      args(data, '--', 'sh', '-c', 'trap "exit 9" TERM; touch "$0"; sleep 5 & wait', ready),
      {
        stdio: 'ignore',
      },
    )
    const ended = new Promise<number | null>(resolve => wrapper.on('close', resolve))
    await eventually('the job runs', () => existsSync(ready), 30_000)
    expect(await told(data)).toMatchObject([{ outcome: 'running', endedAt: null }])
    wrapper.kill('SIGTERM')
    expect(await ended).toBe(9)
    expect(await told(data)).toMatchObject([{ outcome: 'failed', exitCode: 9 }])

    const other = scratchDirectory()
    const killed = spawn(process.execPath, args(other, '--', 'sleep', '5'), { stdio: 'ignore' })
    const gone = new Promise(resolve => killed.on('close', resolve))
    await eventually(
      'its beginning is kept',
      () => existsSync(runsFolder(other)) && readdirSync(runsFolder(other)).some(name => name.endsWith('.json')),
      30_000,
    )
    killed.kill('SIGKILL')
    await gone
    expect(await told(other)).toMatchObject([
      { outcome: 'failed', trouble: 'never-ended', endedAt: expect.any(Number) },
    ])
  })
})
