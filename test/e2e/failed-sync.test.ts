// A disk that takes no more of the records' log: the collector can prove nothing any more, so it ends and is started again.
import { once } from 'node:events'
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { call, startCollector, type TestCollector } from '../support/collector.ts'

let directory: string
let collector: TestCollector

beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), 'pantau-failed-sync-'))
  writeFileSync(join(directory, 'failing-sync.mjs'), failingOnceThereIs(join(directory, 'broken')))
  collector = await started(['--import', join(directory, 'failing-sync.mjs')])
})
afterAll(async () => {
  await collector?.kill()
  rmSync(directory, { recursive: true, force: true })
})

const started = (nodeFlags: string[]) =>
  startCollector({ data: directory, nodeFlags, settings: { nocAgent: { enabled: false } } })

/** Loaded before the collector: syncs of the records' log fail while the file is there. */
function failingOnceThereIs(path: string): string {
  return `
    import { existsSync } from 'node:fs'
    import files from 'node:fs/promises'
    import { syncBuiltinESMExports } from 'node:module'
    const { open } = files
    files.open = async (path, ...rest) => {
      const file = await open(path, ...rest)
      if (!String(path).endsWith('records.db-wal')) return file
      const datasync = file.datasync.bind(file)
      file.datasync = async () => {
        if (existsSync(${JSON.stringify(path)})) throw new Error('EIO: i/o error, fdatasync')
        await datasync()
      }
      return file
    }
    syncBuiltinESMExports()`
}

it('ends with a clear line, copies nothing of that log, and has all that was acknowledged when it starts again', async () => {
  const { token } = await call(collector, 'createEnrolmentToken', { body: { label: 'before' } })
  const exited = once(collector.process, 'exit')
  writeFileSync(join(directory, 'broken'), '')
  await expect(call(collector, 'createEnrolmentToken', { body: { label: 'lost' } })).rejects.toThrow()
  expect((await exited)[0]).toBe(1)
  expect(collector.output()).toMatch(/pantau: the records' log is not on the disk \(EIO: .*\): start again/)
  expect(existsSync(join(directory, 'records.db-wal'))).toBe(true)
  rmSync(join(directory, 'broken'))
  collector = await started([])
  expect((await call(collector, 'enrolmentTokens')).tokens).toContainEqual(token)
  expect(await collector.stop()).toBe(0)
})
