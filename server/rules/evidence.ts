import { z } from 'zod'
import type { EvidenceView } from '../../protocol/rule-views.ts'
import type { Verdict } from '../../protocol/vocabulary.ts'
import { newId } from '../platform/ids.ts'
import { ProblemError } from '../platform/problem-error.ts'
import { CHAIN_START, chainHash, findBrokenLink } from '../stores/chain.ts'
import type { Records, RecordsTransaction } from '../stores/records/records.ts'

export type EvidenceContent = {
  at: number
  ruleId: string
  /** Pack and version that the verdict was given under, e.g. "servers@1". */
  ruleVersion: string
  subjectId: string
  part: string
  verdict: Verdict
  previous: Verdict | null
  value: number | null
  basis: Record<string, unknown>
}

/** Rows of one statement: SQLite takes 32,766 values in each. */
export const ROWS_TOGETHER = 64

/** Adds entries to the chained evidence, inside the transaction that changes the verdicts. Returns their ids, in order. */
export async function appendEvidence(tx: RecordsTransaction, contents: readonly EvidenceContent[]): Promise<string[]> {
  const last = await tx
    .selectFrom('evidence')
    .select(['seq', 'hash'])
    .orderBy('seq', 'desc')
    .limit(1)
    .executeTakeFirst()
  let { seq, hash } = last ?? { seq: 0, hash: CHAIN_START }
  const rows = contents.map(content => {
    seq += 1
    const row = {
      seq,
      id: newId(content.at),
      at: content.at,
      rule_id: content.ruleId,
      rule_version: content.ruleVersion,
      subject_id: content.subjectId,
      part: content.part,
      verdict: content.verdict,
      previous: content.previous,
      value: content.value,
      basis: JSON.stringify(content.basis),
    }
    const previousHash = hash
    hash = chainHash(previousHash, row)
    return { ...row, previous_hash: previousHash, hash }
  })
  for (let from = 0; from < rows.length; from += ROWS_TOGETHER) {
    await tx
      .insertInto('evidence')
      .values(rows.slice(from, from + ROWS_TOGETHER))
      .execute()
  }
  return rows.map(({ id }) => id)
}

/** By its id, or by its hash, which is the address of what it says. Errors: `not-found`. */
export async function readEvidence(records: Records, id: string): Promise<EvidenceView> {
  const row = await records
    .selectFrom('evidence')
    .selectAll()
    .where(id.length === 64 ? 'hash' : 'id', '=', id)
    .executeTakeFirst()
  if (row === undefined) throw new ProblemError('not-found', 'There is no evidence with this id')
  return {
    id: row.id,
    seq: row.seq,
    at: row.at,
    ruleId: row.rule_id,
    ruleVersion: row.rule_version,
    subjectId: row.subject_id,
    part: row.part,
    verdict: row.verdict,
    previous: row.previous,
    value: row.value,
    basis: z.record(z.string(), z.unknown()).parse(JSON.parse(row.basis)),
    hash: row.hash,
  }
}

/**
 * Checks the whole chain of evidence: null when it holds, else the first entry that does not. The chain alone can't show
 * that its end was cut off (`cut`); a verdict whose evidence is gone does.
 */
export async function verifyEvidence(records: Records): Promise<{ seq: number; reason: string } | null> {
  const rows = records.selectFrom('evidence').selectAll().orderBy('seq').stream()
  let entries = 0
  async function* links() {
    for await (const { previous_hash: previousHash, hash, ...content } of rows) {
      entries += 1
      yield { seq: content.seq, previousHash, hash, content }
    }
  }
  const broken = await findBrokenLink(links())
  if (broken !== null) return broken
  const bare = await records
    .selectFrom('verdict')
    .leftJoin('evidence', 'evidence.id', 'verdict.evidence_id')
    .select('verdict.evidence_id')
    .where('evidence.id', 'is', null)
    .executeTakeFirst()
  return bare === undefined ? null : { seq: entries + 1, reason: 'cut' }
}
