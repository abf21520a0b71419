// The real agent with a job file: what reaches a collector.
import { spawnSync } from 'node:child_process'
import { chmodSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { scratchFolder } from '../../../agent/sources/backups/place.ts'
import type { BackupReport } from '../../../protocol/backups.ts'
import { ROOT } from '../../architecture/tree.ts'
import { startAgentProcess } from '../support/agent-process.ts'
import { eventually } from '../support/eventually.ts'
import { startRecordingCollector } from '../support/recording-collector.ts'
import { scratchDirectory } from '../support/scratch.ts'
import { commandLines, hangingProgram } from './hanging-program.ts'

const GOOD = '0190a1b2-0000-7000-8000-000000000001'
const WRONG = '0190a1b2-0000-7000-8000-000000000002'
const WRAPPED = '0190a1b2-0000-7000-8000-000000000003'

const HUNG = '0190a1b2-0000-7000-8000-000000000004'

describe('an agent that looks after backups', () => {
  it('tells of copies, of wrong lines, of wrapped jobs while the collector was away, and of a restore test', async () => {
    const root = scratchDirectory()
    chmodSync(root, 0o755)
    const [data, copies, file] = [join(root, 'data'), join(root, 'salinan'), join(root, 'backups.yaml')]
    mkdirSync(copies)
    writeFileSync(join(copies, 'a.txt'), 'satu')
    writeFileSync(
      file,
      `jobs:
  - dataset: ${GOOD}
    name: berkas
    tool: files
    copy: tree
    path: ${copies}
    settle: 1s
    every: 10s
    restoreTest:
      every: 1d
      scope: all
  - dataset: ${WRONG}
    name: salah
    tool: files
    pth: ${copies}
  - dataset: ${HUNG}
    name: macet
    tool: files
    path: ${join(root, 'macet')}
    within: 2s
`,
    )
    // A program that hangs, and what it started hangs too.
    const { folder: programs, mark } = hangingProgram(root, 'xz')
    const packed = join(root, 'macet')
    mkdirSync(packed)
    writeFileSync(join(packed, 'a.xz'), Buffer.from([0xfd, 0x37, 0x7a, 0x58, 0x5a, 0x00, 0x00]))
    const collector = await startRecordingCollector()
    let isAway = false
    collector.refuse(batch => (isAway && batch !== undefined ? { code: 'unavailable' } : undefined))
    const agent = startAgentProcess(
      ['--collector', collector.url, '--data', data, '--interval-ms', '500', '--backups', file],
      {
        PANTAU_AGENT_TOKEN: 'token',
        PATH: `${programs}:${process.env.PATH}`,
      },
    )
    const reports = (): BackupReport[] => collector.acknowledged.flatMap(({ batch }) => batch.backups ?? [])
    const first = <T extends BackupReport['report']>(
      report: T,
      dataset: string,
      more: (one: BackupReport) => boolean = () => true,
    ) =>
      reports().find(
        (one): one is Extract<BackupReport, { report: T }> =>
          one.report === report && one.dataset === dataset && more(one),
      )

    const wrong = await eventually('the wrong job is told of', () => first('sighting', WRONG), 60_000)
    expect(wrong).toMatchObject({
      trouble: 'configuration-wrong',
      detail: expect.stringMatching(/line 15: pth: is not a line/),
      copies: [],
    })
    const good = await eventually(
      'the copy is seen',
      () => first('sighting', GOOD, one => one.report === 'sighting' && one.trouble === null),
      60_000,
    )
    expect(good).toMatchObject({ job: 'berkas', tool: 'files', copyCount: 1, copies: [{ bytes: 4 }] })

    const hung = await eventually('the hung job is told of', () => first('sighting', HUNG), 60_000)
    expect(hung).toMatchObject({ trouble: 'timeout', copies: [] })
    await eventually('what hung is gone', () => !commandLines().some(line => line.includes(mark)), 20_000)

    isAway = true
    const wrapped = ['run', '--data', data, '--dataset', WRAPPED, '--', 'sh', '-c', 'exit 3']
    const { status } = spawnSync(process.execPath, [join(ROOT, 'agent/backups/main.ts'), ...wrapped])
    expect(status).toBe(3)
    isAway = false
    const ran = await eventually(
      'the wrapped job is told of',
      () => first('run', WRAPPED, one => one.report === 'run' && one.outcome !== 'running'),
      60_000,
    )
    expect(ran).toMatchObject({ purpose: 'backup', outcome: 'failed', exitCode: 3, trouble: 'command-failed' })

    const restored = await eventually(
      'the restore test is told of',
      () => first('run', GOOD, one => one.report === 'run' && one.outcome !== 'running'),
      60_000,
    )
    expect(restored).toMatchObject({
      purpose: 'restore-test',
      outcome: 'good',
      proof: { scope: 'all', files: 1, bytes: 4 },
    })
    expect(readdirSync(scratchFolder(data))).toEqual([])
    // Told once, however long it runs on.
    const ids = reports().map(one => `${one.id} ${one.report === 'run' ? one.outcome : ''}`)
    expect(ids.length).toBe(new Set(ids).size)
    expect(agent.output()).not.toContain('"level":50')
  }, 180_000)
})
