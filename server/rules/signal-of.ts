import type { StateBoard } from '../availability/state-board.ts'
import type { Signal } from '../incidents/signal.ts'
import { MEASURES } from './measures/registry.ts'
import type { Rule } from './pack.ts'
import type { KnownStanding } from './standings.ts'
import type { Limits } from './verdict.ts'

/**
 * What a standing tells the incidents: `unmet` raises, a verdict that rests on evidence of better clears, and
 * `unmeasured` says nothing: an incident is not over because nobody looks any more.
 */
export function signalOf(rule: Rule, limits: Limits, standing: KnownStanding): Signal | null {
  if (standing.verdict === 'unmeasured') return null
  return {
    kind: standing.verdict === 'unmet' ? 'raise' : 'clear',
    ruleId: rule.id,
    title: rule.title,
    unmetKind: 'fault',
    severity: rule.severity,
    subjectId: standing.subjectId,
    part: standing.part,
    value: standing.value,
    threshold: limits.unmet,
    unit: MEASURES[rule.measure]?.unit ?? '',
    evidenceId: standing.evidenceId,
  }
}

/** The same, held back where it would call somebody in vain; with how many are cut off. */
export function signalFor(
  board: StateBoard,
  rule: Rule,
  limits: Limits,
  standing: KnownStanding,
  at: number,
): Signal | null {
  const signal = signalOf(rule, limits, standing)
  if (signal?.kind !== 'raise') return signal
  if (isSuppressed(board, rule, standing.subjectId, at)) return null
  return { ...signal, cutOff: board.topology().cutOffBy(standing.subjectId).size }
}

/** What is planned, cut off from us, or told by another rule already calls nobody; it is measured all the same. */
function isSuppressed(board: StateBoard, rule: Rule, subjectId: string, at: number): boolean {
  if (board.inMaintenance(subjectId, at) || board.isCutOff(subjectId, at)) return true
  return rule.measure === 'heartbeat' && board.standing(subjectId, at)?.state === 'down'
}
