import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { Kysely } from 'kysely'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createDurableDialect } from '../../../server/stores/records/durable-dialect.ts'

type Tables = { note: { text: string } }

let directory = ''
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'pantau-durable-'))
})
afterEach(() => rmSync(directory, { recursive: true }))

/** A database whose log is "on the disk" when `datasync` says so. */
function openNotes(datasync: () => Promise<void>) {
  const sqlite = new Database(join(directory, 'notes.db'))
  sqlite.pragma('journal_mode = WAL')
  sqlite.pragma('synchronous = NORMAL')
  sqlite.exec('create table if not exists note (text text)')
  return new Kysely<Tables>({
    dialect: createDurableDialect(sqlite, { open: async () => ({ datasync, close: async () => {} }) }).dialect,
  })
}

describe('a change of the records', () => {
  it('is known to whoever made it only when the log is on the disk, and reading waits for nothing', async () => {
    const disk = Promise.withResolvers<void>()
    let told = false
    let syncs = 0
    const notes = openNotes(() => {
      syncs += 1
      return disk.promise
    })
    await notes.selectFrom('note').selectAll().execute()
    const begun = Promise.withResolvers<void>()
    const written = notes.transaction().execute(async tx => {
      await tx.insertInto('note').values({ text: 'a' }).execute()
      await tx.insertInto('note').values({ text: 'b' }).execute()
      expect(syncs).toBe(0)
      begun.resolve()
    })
    void written.then(() => {
      told = true
    })
    await begun.promise
    while (syncs === 0) await new Promise(setImmediate)
    expect(told).toBe(false)
    disk.resolve()
    await written
    expect(syncs).toBe(1)
    await notes.destroy()
  })

  it('that could not be brought to the disk is the last: a later sync that succeeds proves nothing', async () => {
    let failing = true
    const notes = openNotes(async () => {
      if (failing) throw new Error('EIO: i/o error')
    })
    const lost = { code: 'storage-failed', message: expect.stringContaining('EIO') }
    await expect(notes.insertInto('note').values({ text: 'a' }).execute()).rejects.toMatchObject(lost)
    failing = false
    await expect(notes.insertInto('note').values({ text: 'b' }).execute()).rejects.toMatchObject(lost)
    await expect(notes.transaction().execute(async () => {})).rejects.toMatchObject(lost)
    await expect(notes.selectFrom('note').selectAll().execute()).rejects.toMatchObject(lost)
    await notes.destroy()
  })
})
