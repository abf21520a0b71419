import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { sql } from 'kysely'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { verifyAudit } from '../../../server/access/audit.ts'
import { integrityFaults } from '../../../server/stores/durable/sqlite-copy.ts'
import { openRecords, type Records } from '../../../server/stores/records/records.ts'

let directory = ''
const opened: Records[] = []
async function open(): Promise<Records> {
  const records = await openRecords({ directory })
  opened.push(records)
  return records
}
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'pantau-records-'))
})
afterEach(async () => {
  for (const records of opened.splice(0)) await records.destroy()
  rmSync(directory, { recursive: true })
})

const setting = { name: 'note', value: 'x' }

describe('the records', () => {
  it('are there after a restart, in a directory of their own that only the owner reads', async () => {
    const data = join(directory, 'data')
    const records = await openRecords({ directory: data })
    await records.insertInto('setting').values(setting).execute()
    expect(statSync(data).mode & 0o777).toBe(0o700)
    for (const file of ['records.db', 'records.db-wal']) expect(statSync(join(data, file)).mode & 0o777).toBe(0o600)
    await records.destroy()
    const again = await openRecords({ directory: data })
    opened.push(again)
    expect(await again.selectFrom('setting').selectAll().execute()).toEqual([setting])
  })

  it('take back a transaction that fails, whole', async () => {
    const records = await open()
    const failing = records.transaction().execute(async tx => {
      await tx.insertInto('setting').values(setting).execute()
      throw new Error('in the middle')
    })
    await expect(failing).rejects.toThrow('in the middle')
    expect(await records.selectFrom('setting').selectAll().execute()).toEqual([])
  })

  it('refuse a session without a user', async () => {
    const records = await open()
    const orphan = { secret_hash: 'h', user_id: 'nobody', created_at: 1, expires_at: 2, last_seen_at: 1 }
    await expect(records.insertInto('session').values(orphan).execute()).rejects.toThrow(/FOREIGN KEY/)
  })

  it('can be read by another process while the collector writes', async () => {
    const records = await open()
    const reader = await open()
    await records.transaction().execute(async tx => {
      await tx.insertInto('setting').values(setting).execute()
      expect(await reader.selectFrom('setting').selectAll().execute()).toEqual([])
    })
    expect(await reader.selectFrom('setting').selectAll().execute()).toEqual([setting])
  })

  it('of a newer version are not opened by an older one', async () => {
    const records = await open()
    await sql`insert into kysely_migration (name, timestamp) values ('9999-from-the-future', '')`.execute(records)
    await opened.pop()?.destroy()
    await expect(openRecords({ directory })).rejects.toThrow(/9999-from-the-future/)
  })

  it('keep each audit entry that was acknowledged through kill -9 amid copying their log, and the chain holds', async () => {
    const started = new URL('./audit-writer.ts', import.meta.url).pathname
    let acknowledged = 0
    for (let kill = 0; kill < 4; kill += 1) {
      const writer = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', started, directory], {
        stdio: ['ignore', 'pipe', 'inherit'],
      })
      const exited = once(writer, 'exit')
      let lines = 0
      for await (const line of createInterface({ input: writer.stdout })) {
        acknowledged = Number(line)
        lines += 1
        if (lines === 20 + kill * 7) writer.kill('SIGKILL')
      }
      await exited
      expect(writer.signalCode).toBe('SIGKILL')
      const records = await open()
      const check = await verifyAudit(records)
      expect(check.broken).toBeNull()
      expect(check.entries).toBeGreaterThanOrEqual(acknowledged)
      expect(integrityFaults(join(directory, 'records.db'))).toEqual([])
      await opened.pop()?.destroy()
    }
    expect(acknowledged).toBeGreaterThan(100)
  })
})
