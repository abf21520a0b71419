// Everything that is kept as evidence, held against itself: both chains, the manifests of the days, and the files that lie
// with records. What does not hold is named.
import { verifyAudit } from '../access/audit.ts'
import type { AuditHead } from '../access/audit-heads.ts'
import type { Blobs } from '../stores/blobs.ts'
import type { Records } from '../stores/records/records.ts'
import { verifyManifests } from './duties/manifest.ts'
import { verifyEvidence } from './evidence.ts'

/** A sentence for each thing that does not hold; empty when all does. */
export async function verifyAll(deps: {
  records: Records
  blobs: Blobs
  heads?: readonly AuditHead[]
}): Promise<string[]> {
  const { records, blobs } = deps
  const faults: string[] = []
  const evidence = await verifyEvidence(records)
  if (evidence !== null)
    faults.push(`evidence entry ${evidence.seq}: ${evidence.reason}${await sayEvidence(records, evidence.seq)}`)
  const audit = await verifyAudit(records, deps.heads === undefined ? {} : { heads: deps.heads })
  if (audit.broken !== null) {
    faults.push(`audit entry ${audit.broken.seq}: ${audit.broken.reason}${await sayAudit(records, audit.broken.seq)}`)
  }
  const manifest = await verifyManifests(records)
  if (manifest !== null) faults.push(`manifest of ${manifest.day}: ${manifest.reason}`)
  for (const file of await records.selectFrom('register_attachment').selectAll().orderBy('added_at').execute()) {
    const content = await blobs.get(file.sha256)
    if (content === null || content === 'damaged') {
      faults.push(`file "${file.name}" (${file.sha256}) of record ${file.record_id}: ${content ?? 'missing'}`)
    }
  }
  return faults
}

async function sayEvidence(records: Records, seq: number): Promise<string> {
  const row = await records.selectFrom('evidence').selectAll().where('seq', '=', seq).executeTakeFirst()
  if (row === undefined) return ''
  return ` (rule ${row.rule_id}, subject ${row.subject_id}, verdict ${row.verdict}, ${dayOf(row.at)})`
}

async function sayAudit(records: Records, seq: number): Promise<string> {
  const row = await records.selectFrom('audit').selectAll().where('seq', '=', seq).executeTakeFirst()
  return row === undefined ? '' : ` (${row.action} by ${row.actor_id}, ${dayOf(row.at)})`
}

/** What was changed may be no instant any more. */
function dayOf(at: number): string {
  const date = new Date(at)
  return Number.isNaN(date.getTime()) ? String(at) : date.toISOString()
}
