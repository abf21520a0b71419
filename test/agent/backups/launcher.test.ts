// `pantau-agent backup run`: the launcher of an installed agent wraps by itself, for root must not run what belongs to the
// agent's user. Here with everything in a folder of its own.
import { type SpawnSyncReturns, spawnSync } from 'node:child_process'
import { chmodSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { readRuns } from '../../../agent/sources/backups/runs.ts'
import { ROOT } from '../../architecture/tree.ts'
import { requireRoot } from '../support/require-root.ts'
import { scratchDirectory } from '../support/scratch.ts'

const DATASET = '0190a1b2-0000-7000-8000-000000000001'

function installed(): { data: string; launch(...args: string[]): SpawnSyncReturns<string> } {
  const root = scratchDirectory()
  chmodSync(root, 0o755)
  const [home, data] = [join(root, 'home'), join(root, 'data')]
  const version = join(home, 'versions/current')
  for (const folder of [join(version, 'bin'), join(version, 'agent'), join(root, 'etc'), data])
    mkdirSync(folder, { recursive: true })
  symlinkSync(process.execPath, join(version, 'bin/node'))
  writeFileSync(join(version, 'flags'), '')
  const main = JSON.stringify(join(ROOT, 'agent/backups/main.ts'))
  const program = `import { runBackup } from ${main}; process.exitCode = await runBackup(process.argv.slice(2), process.env)`
  writeFileSync(join(version, 'agent/backup.mjs'), program)
  writeFileSync(join(root, 'etc/agent.env'), `PANTAU_AGENT_DATA='${data}'\n`)
  const script = readFileSync(join(ROOT, 'agent/install/pantau-agent.sh'), 'utf8')
    .replace('/opt/pantau-agent', home)
    .replaceAll('/etc/pantau-agent', join(root, 'etc'))
    // The tree of the tests may lie where nobody else gets in.
    .replace('user=pantau', 'user=root')
  writeFileSync(join(root, 'pantau-agent'), script)
  return {
    data,
    launch: (...args) => spawnSync('sh', [join(root, 'pantau-agent'), ...args], { encoding: 'utf8', input: 'masukan' }),
  }
}

describe('the launcher', () => {
  it('runs a job as who called it, and what is told of it belongs to the agent', async () => {
    requireRoot()
    const { data, launch } = installed()
    const job = 'cat; id -u; echo "gagal PASSWORD=rahasia" >&2; exit 5'
    const told = launch(
      'backup',
      'run',
      '--dataset',
      DATASET,
      '--job',
      'malam',
      '--size-of',
      join(data, '..'),
      '--',
      'sh',
      '-c',
      job,
    )
    expect(told).toMatchObject({ status: 5, stdout: 'masukan0\n', stderr: 'gagal PASSWORD=rahasia\n' })
    const { runs } = await readRuns(data, Date.now())
    expect(runs).toMatchObject([
      { job: 'malam', outcome: 'failed', exitCode: 5, detail: 'gagal PASSWORD=***', bytes: expect.any(Number) },
    ])
  })

  it('runs it also where nothing can be recorded', () => {
    const { launch } = installed()
    const told = launch('backup', 'run', '--dataset', 'kota', '--', 'echo', 'jalan')
    expect(told).toMatchObject({ status: 0, stdout: 'jalan\n', stderr: expect.stringContaining('not recorded') })
    expect(launch('backup', 'run', '--', 'true').status).toBe(2)
  })
})
