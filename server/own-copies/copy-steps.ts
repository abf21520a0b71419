// The heavy parts of a copy: they read everything there is, so they run in a thread of their own.
import { closeSync, existsSync, openSync } from 'node:fs'
import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { verifyAudit } from '../access/audit.ts'
import { readAuditHeads } from '../access/audit-heads.ts'
import { verifyAll } from '../rules/verify-all.ts'
import { createBlobs } from '../stores/blobs.ts'
import { copyFileWhole } from '../stores/durable/copy-file.ts'
import { openRecords } from '../stores/records/records.ts'
import { BLOBS, JOURNAL, RECORDS } from './layout.ts'

const PAGES_A_STEP = 4_096
const BLOB_NAME = /^[0-9a-f]{64}$/

export type PinnedRecords = {
  bytes: number
  /** As they were when they were pinned, whatever was written since. */
  copyTo(path: string): Promise<void>
  close(): void
}

/** From now on this connection sees the records of this moment; writers are not held up. */
export function pinRecords(directory: string): PinnedRecords {
  const database = new Database(join(directory, RECORDS), { readonly: true, timeout: 5_000 })
  database.exec('begin')
  database.prepare('select count(*) from sqlite_schema').get()
  const pages = Number(database.pragma('page_count', { simple: true }))
  return {
    bytes: pages * Number(database.pragma('page_size', { simple: true })),
    async copyTo(path) {
      makePrivate(path)
      await database.backup(path, { progress: () => PAGES_A_STEP })
    },
    close: () => void database.close(),
  }
}

/** Made empty first, so that it is readable by the owner only from its first byte on. */
function makePrivate(path: string): void {
  closeSync(openSync(path, 'wx', 0o600))
}

/** Whole ones only: what is being written has another name. */
export async function copyBlobs(from: string, to: string): Promise<void> {
  if (!existsSync(from)) return
  for (const entry of await readdir(from, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile() || !BLOB_NAME.test(entry.name)) continue
    await copyFileWhole(join(entry.parentPath, entry.name), join(to, entry.name.slice(0, 2), entry.name))
  }
}

export type Verified = {
  /** A sentence for each thing that does not hold. */
  faults: string[]
  audit: { entries: number; head: string }
}

/** Holds records, journal, evidence and files of `directory` against themselves. */
export async function verifyCopy(directory: string): Promise<Verified> {
  const faults = [RECORDS, JOURNAL].flatMap(name => integrityFaults(join(directory, name)))
  if (faults.length > 0) return { faults, audit: { entries: 0, head: '' } }
  const records = await openRecords({ directory })
  try {
    const { heads } = await readAuditHeads(directory)
    const blobs = createBlobs({ directory: join(directory, BLOBS) })
    const { entries, head } = await verifyAudit(records)
    return { faults: await verifyAll({ records, blobs, heads }), audit: { entries, head } }
  } finally {
    await records.destroy()
  }
}

function integrityFaults(path: string): string[] {
  let database: Database.Database | undefined
  try {
    database = new Database(path, { fileMustExist: true })
    const rows = database.pragma('integrity_check(10)') as { integrity_check: string }[]
    return rows
      .map(row => row.integrity_check)
      .filter(row => row !== 'ok')
      .map(row => `${path}: ${row}`)
  } catch (error) {
    return [`${path}: ${error instanceof Error ? error.message : String(error)}`]
  } finally {
    database?.close()
  }
}
