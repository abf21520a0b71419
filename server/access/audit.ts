import { CHAIN_START, chainHash, findBrokenLink } from '../stores/chain.ts'
import type { Records, RecordsTransaction } from '../stores/records/records.ts'
import type { Actor } from './actor.ts'
import type { AuditHead } from './audit-heads.ts'

export type AuditContent = {
  at: number
  actor: Actor
  action: string
  subject: string | null
  detail: Record<string, unknown>
}

export type AuditCheck = {
  /** Entries that were read, and the hash of the last of them. */
  entries: number
  head: string
  /**
   * The first entry that does not hold. `changed`, `missing` and `reordered` show in the chain itself; `cut` (entries that a
   * noted head counted are gone), `rewritten` (another chain stands where the head was noted) and `head-not-found` (the
   * given head is nowhere) show against what was noted elsewhere.
   */
  broken: { seq: number; reason: AuditFault } | null
}
export type AuditFault = 'missing' | 'reordered' | 'changed' | 'cut' | 'rewritten' | 'head-not-found'

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

/**
 * Checks the whole chain, and against `heads` (of `readAuditHeads`) and a `head` that somebody has on paper: the chain
 * alone can't show that its end was cut off or that all of it was made anew. It holds the one connection while it reads:
 * meant for the command line, on a connection of its own.
 */
export async function verifyAudit(
  records: Records,
  anchors: { heads?: readonly AuditHead[]; head?: string } = {},
): Promise<AuditCheck> {
  const noted = new Map<number, Set<string>>()
  for (const { entries, head } of anchors.heads ?? []) noted.set(entries, (noted.get(entries) ?? new Set()).add(head))
  let entries = 0
  let head = CHAIN_START
  let headSeen = anchors.head === undefined || anchors.head === CHAIN_START
  let rewrittenAt: number | null = null
  const rows = records.selectFrom('audit').selectAll().orderBy('seq').stream()
  async function* links() {
    for await (const { previous_hash: previousHash, hash, ...content } of rows) {
      entries += 1
      head = hash
      headSeen ||= hash === anchors.head
      // Two different heads noted for one length: at most one of them is still there, so the chain was rewritten.
      const heads = noted.get(content.seq)
      if (heads !== undefined && (heads.size > 1 || !heads.has(hash))) rewrittenAt ??= content.seq
      yield { seq: content.seq, previousHash, hash, content }
    }
  }
  const inChain = await findBrokenLink(links())
  const longest = Math.max(0, ...noted.keys())
  const first = (): AuditCheck['broken'] => {
    if (inChain !== null) return inChain
    if (rewrittenAt !== null) return { seq: rewrittenAt, reason: 'rewritten' }
    if (longest > entries) return { seq: entries + 1, reason: 'cut' }
    return headSeen ? null : { seq: entries + 1, reason: 'head-not-found' }
  }
  return { entries, head, broken: first() }
}
