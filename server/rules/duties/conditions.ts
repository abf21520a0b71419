// Conditions on which duties hang, and what the city decided of them. What follows from the inventory decides itself. Pure.
import type { ConditionView } from '../../../protocol/duty-views.ts'
import { CONDITIONS } from '../../../protocol/duty-words.ts'
import type { DutyState } from './duty-state.ts'
import { isInForce, type KnownRecord, textOf } from './register-index.ts'
import type { Snapshot } from './snapshot.ts'

const DECIDES_ITSELF: readonly string[] = ['independent-agency', 'runs-electronic-system']

/** Those that duties in force name and a person must decide; what is still open comes first. */
export function listConditions({ duties, snapshot }: DutyState): ConditionView[] {
  return CONDITIONS.filter(condition => !DECIDES_ITSELF.includes(condition))
    .flatMap((condition): ConditionView[] => {
      const hanging = duties.filter(({ rule }) => rule.duty.conditions.includes(condition))
      if (hanging.length === 0) return []
      const decisions = decisionsOn(condition, snapshot)
      return [
        {
          condition,
          state: decisions.length === 0 ? 'open' : decisions.some(saysYes) ? 'holds' : 'does-not-hold',
          duties: hanging.map(({ rule }) => ({ id: rule.id, title: rule.title, citation: rule.duty.citation })),
        },
      ]
    })
    .sort((left, right) => Number(right.state === 'open') - Number(left.state === 'open'))
}

/** In force, about anyone. */
function decisionsOn(condition: string, snapshot: Snapshot): KnownRecord[] {
  return snapshot.registers
    .all('decision')
    .filter(record => textOf(record, 'topic') === condition && isInForce(record, snapshot.today))
}

/** A decision may also say that the condition does not hold: then nothing is left to decide. */
export function saysYes(record: KnownRecord): boolean {
  return record.fields.holds !== false
}
