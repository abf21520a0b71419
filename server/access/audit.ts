import { CHAIN_START, chainHash, findBrokenLink } from '../stores/chain.ts'
import type { Records, RecordsTransaction } from '../stores/records/records.ts'
import type { Actor } from './actor.ts'

export type AuditContent = {
  at: number
  actor: Actor
  action: string
  subject: string | null
  detail: Record<string, unknown>
}

/** Adds one entry to the chained audit log, inside the transaction whose change it tells of. */
export async function appendAudit(tx: RecordsTransaction, content: AuditContent): Promise<void> {
  const last = await tx.selectFrom('audit').select(['seq', 'hash']).orderBy('seq', 'desc').limit(1).executeTakeFirst()
  const row = {
    seq: (last?.seq ?? 0) + 1,
    at: content.at,
    actor_kind: content.actor.kind,
    actor_id: content.actor.id,
    action: content.action,
    subject: content.subject,
    detail: JSON.stringify(content.detail),
  }
  const previousHash = last?.hash ?? CHAIN_START
  await tx
    .insertInto('audit')
    .values({ ...row, previous_hash: previousHash, hash: chainHash(previousHash, row) })
    .execute()
}

/** Checks the whole chain: null when it holds, else the first entry that does not, and its length. */
export async function verifyAudit(
  records: Records,
): Promise<{ entries: number; head: string; broken: { seq: number; reason: string } | null }> {
  let entries = 0
  let head = CHAIN_START
  const rows = records.selectFrom('audit').selectAll().orderBy('seq').stream()
  async function* links() {
    for await (const { previous_hash: previousHash, hash, ...content } of rows) {
      entries += 1
      head = hash
      yield { seq: content.seq, previousHash, hash, content }
    }
  }
  const broken = await findBrokenLink(links())
  return { entries, head, broken }
}
