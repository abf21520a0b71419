// Changed verdicts become record. What belongs to one server stands or falls together: verdicts, evidence, incidents,
// outbox and audit. Several servers share a transaction as long as it succeeds: each one waits for the disk.
import { applySignal } from '../incidents/apply.ts'
import type { Server } from '../inventory/roster.ts'
import type { Logger } from '../platform/logs.ts'
import type { ChangeFeed } from '../stores/change-feed.ts'
import type { Records, RecordsTransaction } from '../stores/records/records.ts'
import { appendEvidence } from './evidence.ts'
import { recordLateTruth } from './late-truth.ts'
import type { Measurement } from './measures/measure.ts'
import type { Rule } from './pack.ts'
import { signalOf } from './signal-of.ts'
import type { KnownStanding, Standings } from './standings.ts'
import type { Limits } from './verdict.ts'

export type ChangedVerdict = {
  rule: Rule
  limits: Limits
  measurement: Measurement
  before: KnownStanding | null
  after: KnownStanding
}
export type ChangedServer = { server: Server; verdicts: readonly ChangedVerdict[] }

export type Settle = (changed: readonly ChangedServer[], at: number) => Promise<{ server: Server; error: unknown }[]>

/** Answers the servers whose change could not be written; the others' is, and memory agrees with the record. */
export function createSettle(deps: {
  records: Records
  standings: Standings
  changes: ChangeFeed
  log: Logger
}): Settle {
  const { records, standings, changes, log } = deps

  async function settle(changed: readonly ChangedServer[], at: number): ReturnType<Settle> {
    const [first] = changed
    if (first === undefined) return []
    try {
      const incidents = await records.transaction().execute(async tx => {
        const found: { id: string; subjectId: string }[] = []
        for (const one of changed) {
          for (const id of await write(tx, one, at)) found.push({ id, subjectId: one.server.id })
        }
        return found
      })
      for (const one of changed) believe(one)
      for (const incident of incidents) changes.append({ kind: 'incident', ...incident })
      return []
    } catch (error) {
      if (changed.length === 1) return [{ server: first.server, error }]
      // One of them keeps all from being written: each for itself then.
      const failures: Awaited<ReturnType<Settle>> = []
      for (const one of changed) failures.push(...(await settle([one], at)))
      return failures
    }
  }

  function believe({ server, verdicts }: ChangedServer): void {
    for (const { rule, before, after } of verdicts) {
      standings.put(after)
      const { part, value } = after
      const [from, to] = [before?.verdict ?? null, after.verdict]
      log.info({ server: server.slug, rule: rule.id, part, from, to, value }, 'Verdict changed')
    }
    changes.append({ kind: 'server', id: server.id })
  }

  return settle
}

/** Answers the incidents that changed. */
async function write(tx: RecordsTransaction, { server, verdicts }: ChangedServer, at: number): Promise<string[]> {
  const incidents: string[] = []
  for (const one of verdicts) {
    one.after.evidenceId = await writeVerdict(tx, one, at)
    const signal = signalOf(one.rule, one.limits, one.after)
    const incidentId = signal === null ? null : await applySignal(tx, signal, at)
    if (incidentId !== null) incidents.push(incidentId)
    if (one.rule.measure === 'heartbeat' && one.before?.verdict === 'unmet') {
      await recordLateTruth(tx, { subjectId: server.id, silentSince: one.before.since, until: at, at })
    }
  }
  return incidents
}

async function writeVerdict(
  tx: RecordsTransaction,
  { rule, limits, measurement, before, after }: ChangedVerdict,
  at: number,
): Promise<string> {
  const evidenceId = await appendEvidence(tx, {
    at,
    ruleId: rule.id,
    ruleVersion: `${rule.packId}@${rule.packVersion}`,
    subjectId: after.subjectId,
    part: after.part,
    verdict: after.verdict,
    previous: before?.verdict ?? null,
    value: after.value,
    basis: { ...measurement.basis, limits },
  })
  const row = {
    verdict: after.verdict,
    since: after.since,
    value: after.value,
    threshold: limits.unmet,
    evidence_id: evidenceId,
  }
  await tx
    .insertInto('verdict')
    .values({ rule_id: rule.id, subject_id: after.subjectId, part: after.part, ...row })
    .onConflict(conflict => conflict.columns(['rule_id', 'subject_id', 'part']).doUpdateSet(row))
    .execute()
  return evidenceId
}
