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
