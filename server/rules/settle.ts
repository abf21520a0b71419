// Changed verdicts become record. What belongs to one subject stands or falls together: verdicts, evidence, incidents,
// outbox and audit. Many servers share a transaction and its statements as long as it succeeds: each one waits for the disk,
// and ten thousand servers that begin at once all get their first verdicts.
import type { StateBoard } from '../availability/state-board.ts'
import { applySignals } from '../incidents/apply.ts'
import type { Logger } from '../platform/logs.ts'
import type { ChangeFeed } from '../stores/change-feed.ts'
import type { Records, RecordsTransaction } from '../stores/records/records.ts'
import { appendEvidence, type EvidenceContent, ROWS_TOGETHER } from './evidence.ts'
import type { ChangedVerdict } from './judged.ts'
import { recordLateTruth } from './late-truth.ts'
import { signalFor } from './signal-of.ts'
import type { Standings } from './standings.ts'

/** A server, another device or a link. */
export type JudgedSubject = { id: string; slug: string }
export type ChangedSubject = { subject: JudgedSubject; verdicts: readonly ChangedVerdict[] }

export type Settle = (
  changed: readonly ChangedSubject[],
  at: number,
) => Promise<{ subject: JudgedSubject; error: unknown }[]>

/** Answers the servers whose change could not be written; the others' is, and memory agrees with the record. */
export function createSettle(deps: {
  records: Records
  standings: Standings
  board: StateBoard
  changes: ChangeFeed
  log: Logger
}): Settle {
  const { records, standings, board, changes, log } = deps

  async function settle(changed: readonly ChangedSubject[], at: number): ReturnType<Settle> {
    const [first] = changed
    if (first === undefined) return []
    try {
      const incidents = await records.transaction().execute(tx => write(tx, board, changed, at))
      for (const one of changed) believe(one)
      for (const incident of incidents) changes.append({ kind: 'incident', ...incident })
      return []
    } catch (error) {
      if (changed.length === 1) return [{ subject: first.subject, error }]
      // One of them keeps all from being written: the half without it goes through.
      const half = Math.ceil(changed.length / 2)
      const failures = await settle(changed.slice(0, half), at)
      return [...failures, ...(await settle(changed.slice(half), at))]
    }
  }

  function believe({ subject, verdicts }: ChangedSubject): void {
    for (const { rule, before, after } of verdicts) {
      standings.put(after)
      const { part, value } = after
      const [from, to] = [before?.verdict ?? null, after.verdict]
      log.info({ server: subject.slug, rule: rule.id, part, from, to, value }, 'Verdict changed')
    }
    changes.append({ kind: 'server', id: subject.id })
  }

  return settle
}

/** Answers the incidents that changed. */
async function write(
  tx: RecordsTransaction,
  board: StateBoard,
  changed: readonly ChangedSubject[],
  at: number,
): Promise<{ id: string; subjectId: string }[]> {
  const verdicts = changed.flatMap(one => one.verdicts)
  const evidenceIds = await appendEvidence(
    tx,
    verdicts.map(verdict => evidenceOf(verdict, at)),
  )
  for (const [index, { after }] of verdicts.entries()) after.evidenceId = evidenceIds[index] ?? null
  for (let from = 0; from < verdicts.length; from += ROWS_TOGETHER) {
    await writeVerdicts(tx, verdicts.slice(from, from + ROWS_TOGETHER))
  }
  const signals = verdicts.flatMap(({ rule, limits, after }) => signalFor(board, rule, limits, after, at) ?? [])
  const incidents = await applySignals(tx, signals, at)
  for (const { rule, before, after } of verdicts) {
    if (rule.measure !== 'heartbeat' || before?.verdict !== 'unmet') continue
    await recordLateTruth(tx, { subjectId: after.subjectId, silentSince: before.since, until: at, at })
  }
  return incidents
}

function evidenceOf({ rule, limits, measurement, before, after }: ChangedVerdict, at: number): EvidenceContent {
  return {
    at,
    ruleId: rule.id,
    ruleVersion: `${rule.packId}@${rule.packVersion}`,
    subjectId: after.subjectId,
    part: after.part,
    verdict: after.verdict,
    previous: before?.verdict ?? null,
    value: after.value,
    basis: { ...measurement.basis, limits },
  }
}

async function writeVerdicts(tx: RecordsTransaction, verdicts: readonly ChangedVerdict[]): Promise<void> {
  const rows = verdicts.map(({ rule, limits, after }) => ({
    rule_id: rule.id,
    subject_id: after.subjectId,
    part: after.part,
    verdict: after.verdict,
    since: after.since,
    value: after.value,
    threshold: limits.unmet,
    evidence_id: after.evidenceId ?? '',
  }))
  await tx
    .insertInto('verdict')
    .values(rows)
    .onConflict(conflict =>
      conflict.columns(['rule_id', 'subject_id', 'part']).doUpdateSet(eb => ({
        verdict: eb.ref('excluded.verdict'),
        since: eb.ref('excluded.since'),
        value: eb.ref('excluded.value'),
        threshold: eb.ref('excluded.threshold'),
        evidence_id: eb.ref('excluded.evidence_id'),
      })),
    )
    .execute()
}
