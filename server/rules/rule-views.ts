import type { RuleView, VerdictView } from '../../protocol/rule-views.ts'
import { MEASURES } from './measures/registry.ts'
import type { Rule } from './pack.ts'
import type { Standings } from './standings.ts'
import { limitsOf } from './verdict.ts'

export function ruleViews(rules: readonly Rule[], standings: Standings): RuleView[] {
  return rules.map(rule => ({
    id: rule.id,
    title: rule.title,
    measure: rule.measure,
    subjectKind: rule.subject,
    severity: rule.severity,
    unit: MEASURES[rule.measure]?.unit ?? '',
    parameters: rule.parameters,
    packId: rule.packId,
    counts: standings.countsOf(rule.id),
  }))
}

/** Where the rules stand for one subject, worst first. */
export function verdictViews(rules: readonly Rule[], standings: Standings, subjectId: string): VerdictView[] {
  const order = ['unmet', 'unmeasured', 'at-risk', 'met', 'exempt', 'not-applicable']
  return standings
    .ofSubject(subjectId)
    .flatMap(standing => {
      const rule = rules.find(({ id }) => id === standing.ruleId)
      if (rule === undefined) return []
      const limits = limitsOf(rule)
      const limit = rule.parameters.unmetAbove ?? rule.parameters.unmetBelow
      return [
        {
          ruleId: rule.id,
          title: rule.title,
          part: standing.part,
          verdict: standing.verdict,
          severity: rule.severity,
          since: standing.since,
          value: standing.value,
          threshold: typeof limits === 'string' ? null : limits.unmet,
          unit: MEASURES[rule.measure]?.unit ?? '',
          parameterSource: limit?.source ?? ('diskominfo' as const),
          evidenceId: standing.evidenceId,
        },
      ]
    })
    .sort((left, right) => order.indexOf(left.verdict) - order.indexOf(right.verdict))
}
