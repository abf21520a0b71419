// One pass over all duties: pure but for the standings that it is handed. What changed comes back, to be written.
import type { Verdict } from '../../../protocol/vocabulary.ts'
import type { DutyStanding, DutyStandings } from './duty-standings.ts'
import type { DutyInForce } from './in-force.ts'
import { type Judgement, judgeDuty } from './judge.ts'
import type { Snapshot } from './snapshot.ts'

export type DutyChange = {
  duty: DutyInForce
  judgement: Judgement
  previous: Verdict | null
  after: DutyStanding
}

/** Judges one duty on all its subjects. What did not change is put at once; what did is put when it has been written. */
export function passDuty(duty: DutyInForce, snapshot: Snapshot, standings: DutyStandings): DutyChange[] {
  const { id } = duty.rule
  const changes: DutyChange[] = []
  const judged = judgeDuty(duty, snapshot, (subjectId, part) => standings.get(id, subjectId, part) ?? null)
  for (const judgement of judged) {
    const { subject, measurement, standing } = judgement
    const before = standings.get(id, subject.id, measurement.part)
    if (before?.verdict === standing.verdict) {
      before.measured = standing.measured
      before.badSince = standing.badSince
      before.value = measurement.value
      before.dueOn = measurement.dueOn
      before.judgedAt = snapshot.at
      continue
    }
    const after = {
      ...standing,
      subjectId: subject.id,
      part: measurement.part,
      value: measurement.value,
      dueOn: measurement.dueOn,
      judgedAt: snapshot.at,
      evidenceId: before?.evidenceId ?? null,
    }
    changes.push({ duty, judgement, previous: before?.verdict ?? null, after })
  }
  return changes
}
