// Keeps what a pass found: verdict, evidence and what people must learn, in one transaction a batch.
import { missOf } from '../../../protocol/duty-words.ts'
import { applySignal } from '../../incidents/apply.ts'
import type { Signal } from '../../incidents/signal.ts'
import type { Records } from '../../stores/records/records.ts'
import { appendEvidence } from '../evidence.ts'
import { sheetOf } from '../measures/catalogue.ts'
import type { DutyStandings } from './duty-standings.ts'
import type { DutyChange } from './pass.ts'

/** Sets `evidenceId` of each change; answers the incidents that changed. */
export async function writeChanges(
  records: Records,
  changes: readonly DutyChange[],
  at: number,
): Promise<{ id: string; subjectId: string }[]> {
  if (changes.length === 0) return []
  return await records.transaction().execute(async tx => {
    const ids = await appendEvidence(
      tx,
      changes.map(change => evidenceOf(change, at)),
    )
    const rows = changes.map(({ duty, judgement, after }, index) => {
      after.evidenceId = ids[index] ?? null
      return {
        rule_id: duty.rule.id,
        subject_id: after.subjectId,
        part: after.part,
        verdict: after.verdict,
        since: after.since,
        value: after.value,
        threshold: judgement.measurement.limits.unmet,
        evidence_id: ids[index] ?? '',
      }
    })
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
    const incidents: { id: string; subjectId: string }[] = []
    for (const change of changes) {
      const signal = signalOfDuty(change)
      const id = signal === null ? null : await applySignal(tx, signal, at)
      if (id !== null) incidents.push({ id, subjectId: change.after.subjectId })
    }
    return incidents
  })
}

/** Values, window and sources as the measure gives them; parameters with who set them; the pack and its version. */
function evidenceOf({ duty, judgement, previous, after }: DutyChange, at: number) {
  const { rule, settings } = duty
  const { measurement } = judgement
  return {
    at,
    ruleId: rule.id,
    ruleVersion: `${rule.packId}@${rule.packVersion}`,
    subjectId: after.subjectId,
    part: after.part,
    verdict: after.verdict,
    previous,
    value: after.value,
    basis: {
      ...measurement.basis,
      why: measurement.why(),
      limits: measurement.limits,
      unit: measurement.unit,
      parameters: rule.parameters,
      clockStarts: duty.clockStarts,
      ...(rule.duty.targetDate === null ? {} : { targetDate: rule.duty.targetDate }),
      ...(settings.length === 0 ? {} : { settings: settings.map(({ id, name, decree }) => ({ id, name, decree })) }),
    },
  }
}

/** What is measured calls people; what they enter themselves becomes a list and a reminder. An option calls nobody. */
export function signalOfDuty({ duty, judgement, previous, after }: DutyChange): Signal | null {
  const { rule } = duty
  const miss = missOf(rule.duty.modal)
  const isBad = after.verdict === 'unmet'
  if (miss === 'option' || after.verdict === 'unmeasured') return null
  if (sheetOf(rule.measure)?.judgedFrom !== 'measurements') return null
  // An end without a beginning is no news.
  if (!isBad && previous === null) return null
  return {
    kind: isBad ? 'raise' : 'clear',
    ruleId: rule.id,
    title: rule.title,
    unmetKind: miss,
    severity: rule.severity,
    subjectId: after.subjectId,
    part: after.part,
    value: after.value,
    threshold: judgement.measurement.limits.unmet,
    unit: judgement.measurement.unit,
    evidenceId: after.evidenceId,
  }
}

/** What is judged no more stands nowhere: a duty that ended, a subject that went. Its evidence stays, its incident ends. */
export async function forgetGone(records: Records, standings: DutyStandings, at: number): Promise<void> {
  for (const ruleId of standings.rules()) {
    for (const { subjectId, part, judgedAt } of standings.ofRule(ruleId)) {
      if (judgedAt === at) continue
      await records.transaction().execute(async tx => {
        await tx
          .deleteFrom('verdict')
          .where('rule_id', '=', ruleId)
          .where('subject_id', '=', subjectId)
          .where('part', '=', part)
          .execute()
        await applySignal(tx, endOf(ruleId, subjectId, part), at)
      })
      standings.forget(ruleId, subjectId, part)
    }
  }
}

function endOf(ruleId: string, subjectId: string, part: string): Signal {
  return {
    ...{ kind: 'clear', ruleId, subjectId, part, title: { id: '', en: '' }, unmetKind: 'finding', severity: 'low' },
    ...{ value: null, threshold: null, unit: '', evidenceId: null },
  }
}
