import { execFileSync, spawnSync } from 'node:child_process'
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { AGENT_MEMORY_ENV, BUILT_AGENT_FLAGS } from '../../server/platform/agent-program.ts'
import { ROOT } from '../architecture/tree.ts'
import { buildAgent } from '../support/built-agent.ts'
import { startAgentProcess } from './support/agent-process.ts'
import { eventually } from './support/eventually.ts'
import { startRecordingCollector } from './support/recording-collector.ts'
import { scratchDirectory } from './support/scratch.ts'

const DATASET = '0190a1b2-0000-7000-8000-000000000001'

describe('the built agent', () => {
  it('runs alone in an empty directory, and finds its child programs', async () => {
    const collector = await startRecordingCollector()
    const [home, data] = [scratchDirectory(), scratchDirectory()]
    const program = buildAgent(home)
    const jobs = join(scratchDirectory(), 'backups.yaml')
    const lines = [`dataset: ${DATASET}`, 'name: tiada', 'tool: files', 'path: /tiada/di/sini']
    writeFileSync(jobs, `jobs:\n  - ${lines.join('\n    ')}\n`)
    const args = ['--collector', collector.url, '--data', data, '--interval-ms', '200', '--backups', jobs]
    const agent = startAgentProcess(args, { PANTAU_AGENT_TOKEN: 'token' }, [...BUILT_AGENT_FLAGS, program])
    await eventually('facts', () => collector.acknowledged.some(({ batch }) => batch.facts !== undefined), 20_000)
    const { version } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'))
    expect(collector.acknowledged[0]?.batch.agentVersion).toBe(version)
    const facts = collector.acknowledged.flatMap(({ batch }) => batch.facts ?? [])
    expect(facts.find(({ name }) => name === 'os.kernel')?.value).toBe(
      execFileSync('uname', ['-r'], { encoding: 'utf8' }).trim(),
    )
    const reports = () => collector.acknowledged.flatMap(({ batch }) => batch.backups ?? [])
    const seen = await eventually('a look at copies', () => reports()[0], 60_000)
    expect(seen).toMatchObject({ dataset: DATASET, job: 'tiada', trouble: 'repository-missing' })
    const told = spawnSync(process.execPath, [join(home, 'backup.mjs'), 'list', '--data', data, '--backups', jobs], {
      encoding: 'utf8',
    })
    expect(told).toMatchObject({ status: 0, stdout: expect.stringContaining(`${DATASET}  tiada  files`), stderr: '' })
    agent.child.kill('SIGTERM')
    expect(await agent.ended).toEqual({ code: 0, signal: null })
    // Nothing but its programs: no chunk that would be loaded when it is too late.
    for (const name of readdirSync(home))
      expect(readFileSync(join(home, name), 'utf8')).not.toMatch(/from "\.\/|import\("\.\//)

    // The code that was kept is what V8 takes under these flags; of a program that was changed it is not.
    const take = `const { readFileSync } = require('fs')
      const [source, kept] = ['program.js', 'program.${process.arch}.code'].map(name => readFileSync(${JSON.stringify(home)} + '/' + name))
      const { Script } = require('vm')
      console.log(new Script(source.toString('latin1'), { cachedData: kept.subarray(32) }).cachedDataRejected)`
    const node = (args: string[]) =>
      execFileSync(process.execPath, [...BUILT_AGENT_FLAGS, ...args], { encoding: 'utf8', env: {} })
    expect(node(['--eval', take])).toBe('false\n')
    expect(node([program, '--help'])).toContain('Measures this machine')
    const changed = readFileSync(join(home, 'program.js'), 'utf8').replace(
      'Measures this machine',
      'MEASURES this machine',
    )
    writeFileSync(join(home, 'program.js'), changed)
    expect(node([program, '--help'])).toContain('MEASURES this machine')
  }, 100_000)

  it('is kept small in the same way by whatever starts it', () => {
    const launch = readFileSync(join(ROOT, 'agent/install/launch.sh'), 'utf8')
    const pantau = readFileSync(join(ROOT, 'pantau.mjs'), 'utf8')
    for (const [name, value] of Object.entries(AGENT_MEMORY_ENV)) {
      expect(launch).toMatch(new RegExp(`^export .*\\b${name}=${value}\\b`, 'm'))
      expect(pantau).toContain(`${name}: '${value}'`)
    }
    for (const flag of BUILT_AGENT_FLAGS.slice(1)) expect(pantau).toContain(`'${flag}'`)
  })
})
