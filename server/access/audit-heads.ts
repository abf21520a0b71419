// The head and length of the audit chain, noted beside the records in a file that is only ever appended to. Whoever cuts
// the end off the chain, or puts an older copy of the records in place, leaves a line here that no longer fits.
import { open, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Records } from '../stores/records/records.ts'

/** After `entries` entries the chain's hash was `head` (hex). */
export type AuditHead = { at: number; entries: number; head: string }

const FILE = 'audit-heads.log'
const LINE = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z) (\d{1,15}) ([0-9a-f]{64})$/

/**
 * Appends one line "2026-11-22T03:00:00.000Z 1234 HASH" to `audit-heads.log` in `directory`, on the disk when it
 * returns; nothing while the log is empty. Call it once an hour and at stop.
 */
export async function recordAuditHead(deps: { records: Records; directory: string; at: number }): Promise<void> {
  const last = await deps.records
    .selectFrom('audit')
    .select(['seq', 'hash'])
    .orderBy('seq', 'desc')
    .limit(1)
    .executeTakeFirst()
  if (last === undefined) return
  const file = await open(join(deps.directory, FILE), 'a+', 0o600)
  try {
    // After a power cut the last line may be torn: it must not swallow this one.
    const { size } = await file.stat()
    const end = Buffer.alloc(1)
    if (size > 0) await file.read(end, 0, 1, size - 1)
    const gap = size > 0 && end.toString() !== '\n' ? '\n' : ''
    await file.write(`${gap}${new Date(deps.at).toISOString()} ${last.seq} ${last.hash}\n`)
    await file.sync()
  } finally {
    await file.close()
  }
}

/** What was noted so far, for `verifyAudit`, and the numbers of lines that can't be read. No file: nothing noted. */
export async function readAuditHeads(directory: string): Promise<{ heads: AuditHead[]; unreadableLines: number[] }> {
  let text: string
  try {
    text = await readFile(join(directory, FILE), 'utf8')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return { heads: [], unreadableLines: [] }
    throw error
  }
  const heads: AuditHead[] = []
  const unreadableLines: number[] = []
  for (const [index, line] of text.split('\n').entries()) {
    const [, at, entries, head] = LINE.exec(line) ?? []
    if (at !== undefined && entries !== undefined && head !== undefined)
      heads.push({ at: Date.parse(at), entries: Number(entries), head })
    else if (line !== '') unreadableLines.push(index + 1)
  }
  return { heads, unreadableLines }
}
