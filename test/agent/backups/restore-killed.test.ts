// A restore test that is killed midway leaves scratch and programs behind for a moment, and nothing for long.
import { spawn, spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { scratchFolder } from '../../../agent/sources/backups/place.ts'
import { readRuns } from '../../../agent/sources/backups/runs.ts'
import { ROOT } from '../../architecture/tree.ts'
import { eventually } from '../support/eventually.ts'
import { scratchDirectory } from '../support/scratch.ts'
import { commandLines, hangingProgram } from './hanging-program.ts'

const DATASET = '0190a1b2-0000-7000-8000-000000000001'

it('is told as one that never ended, and cleared away at the next occasion', async () => {
  const root = scratchDirectory()
  const [data, file, copies] = [join(root, 'data'), join(root, 'backups.yaml'), join(root, 'salinan')]
  for (const folder of [data, copies]) mkdirSync(folder)
  writeFileSync(join(copies, 'a.xz'), Buffer.from([0xfd, 0x37, 0x7a, 0x58, 0x5a, 0x00, 0x00]))
  writeFileSync(file, `jobs:\n  - dataset: ${DATASET}\n    name: macet\n    tool: files\n    path: ${copies}\n`)
  const { folder, mark } = hangingProgram(root, 'xz')
  const env = { ...process.env, PATH: `${folder}:${process.env.PATH}` }
  const main = join(ROOT, 'agent/backups/main.ts')
  const options = ['--data', data, '--backups', file]
  const test = spawn(process.execPath, [main, 'restore-test', '--dataset', DATASET, ...options], {
    env,
    stdio: 'ignore',
  })
  const gone = new Promise(resolve => test.on('close', resolve))
  const scratch = scratchFolder(data)
  await eventually(
    'it hangs in scratch',
    () => existsSync(scratch) && commandLines().some(line => line.includes(mark)),
    30_000,
  )
  expect(readdirSync(scratch)).toHaveLength(1)

  test.kill('SIGKILL')
  await gone
  await eventually('its programs are gone', () => !commandLines().some(line => line.includes(mark)), 30_000)
  // Who holds the run ends a moment after who started it.
  await expect
    .poll(async () => (await readRuns(data, Date.now())).runs, { timeout: 30_000 })
    .toMatchObject([{ purpose: 'restore-test', trouble: 'never-ended', proof: null }])

  // The next occasion: whatever reads the job file.
  expect(spawnSync(process.execPath, [main, 'list', ...options]).status).toBe(0)
  expect(readdirSync(scratch)).toEqual([])
}, 90_000)
