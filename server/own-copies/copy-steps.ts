// The heavy parts of a copy: they read everything there is, so they run in a thread of their own.
import { existsSync } from 'node:fs'
import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { verifyAudit } from '../access/audit.ts'
import { readAuditHeads } from '../access/audit-heads.ts'
import { verifyAll } from '../rules/verify-all.ts'
import { createBlobs } from '../stores/blobs.ts'
import { copyFileWhole } from '../stores/durable/copy-file.ts'
import { integrityFaults } from '../stores/durable/sqlite-copy.ts'
import { openRecords } from '../stores/records/records.ts'
import { BLOBS, JOURNAL, RECORDS } from './layout.ts'

const BLOB_NAME = /^[0-9a-f]{64}$/

/** Whole ones only: what is being written has another name. */
export async function copyBlobs(from: string, to: string): Promise<void> {
  if (!existsSync(from)) return
  for (const entry of await readdir(from, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile() || !BLOB_NAME.test(entry.name)) continue
    await copyFileWhole(join(entry.parentPath, entry.name), join(to, entry.name.slice(0, 2), entry.name))
  }
}

export type Verified = {
  /** A sentence for each thing that keeps the databases from being read. */
  faults: string[]
  /** A sentence for each thing that can be read and does not hold: evidence, audit log, files. */
  flaws: string[]
  audit: { entries: number; head: string }
}

/** Holds records, journal, evidence and files of `directory` against themselves. */
export async function verifyCopy(directory: string): Promise<Verified> {
  const faults = [RECORDS, JOURNAL].flatMap(name => integrityFaults(join(directory, name)))
  if (faults.length > 0) return { faults, flaws: [], audit: { entries: 0, head: '' } }
  return { faults: [], ...(await verifyEvidence(directory)) }
}

/** As `verifyCopy`. What holds in the collector and not in the copy came with copying: then the copy is worth nothing. */
export async function verifyAgainst(copy: string, collector: string): Promise<Verified> {
  const verified = await verifyCopy(copy)
  if (verified.flaws.length === 0) return verified
  const own = new Set((await verifyEvidence(collector)).flaws)
  return {
    ...verified,
    faults: verified.flaws.filter(flaw => !own.has(flaw)),
    flaws: verified.flaws.filter(flaw => own.has(flaw)),
  }
}

async function verifyEvidence(directory: string): Promise<Omit<Verified, 'faults'>> {
  const records = await openRecords({ directory })
  try {
    const { heads } = await readAuditHeads(directory)
    const blobs = createBlobs({ directory: join(directory, BLOBS) })
    const { entries, head } = await verifyAudit(records)
    return { flaws: await verifyAll({ records, blobs, heads }), audit: { entries, head } }
  } finally {
    await records.destroy()
  }
}
