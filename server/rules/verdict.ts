// Pure: what verdict a measured value earns. Limits have a margin, so that a value that trembles at a limit does not
// flap, and a hold time, so that a peak calls nobody.
import type { Verdict } from '../../protocol/vocabulary.ts'
import { type PackRule, parameterOf } from './pack.ts'

/** Parameters that every rule may set, whatever it measures. */
export const DECISION_PARAMETERS = [
  'unmetAbove',
  'atRiskAbove',
  'unmetBelow',
  'atRiskBelow',
  'clearMargin',
  'holdSeconds',
] as const

export type Limits = {
  /** Which way is worse. */
  worse: 'above' | 'below'
  unmet: number
  atRisk: number | null
  clearMargin: number
  holdMs: number
}

/** The limits of a rule, or a sentence that says what is wrong with them. */
export function limitsOf(rule: PackRule): Limits | string {
  const unmetAbove = parameterOf(rule, 'unmetAbove')
  const unmetBelow = parameterOf(rule, 'unmetBelow')
  if ((unmetAbove === undefined) === (unmetBelow === undefined)) return 'set exactly one of unmetAbove and unmetBelow'
  const worse = unmetAbove === undefined ? 'below' : 'above'
  const unmet = unmetAbove ?? unmetBelow ?? 0
  const atRisk = parameterOf(rule, worse === 'above' ? 'atRiskAbove' : 'atRiskBelow') ?? null
  const stray = parameterOf(rule, worse === 'above' ? 'atRiskBelow' : 'atRiskAbove')
  if (stray !== undefined) return `atRisk and unmet must look the same way (${worse})`
  if (atRisk !== null && (worse === 'above' ? atRisk >= unmet : atRisk <= unmet)) {
    return `at risk must come before unmet: ${atRisk} does not lie on the good side of ${unmet}`
  }
  const clearMargin = parameterOf(rule, 'clearMargin') ?? 0
  const holdMs = (parameterOf(rule, 'holdSeconds') ?? 0) * 1000
  if (clearMargin < 0 || holdMs < 0) return 'clearMargin and holdSeconds must not be negative'
  return { worse, unmet, atRisk, clearMargin, holdMs }
}

export type Standing = {
  verdict: Verdict
  since: number
  /** A worse verdict that has not held long enough yet. */
  pending: { verdict: Verdict; since: number } | null
}

const BADNESS: Partial<Record<Verdict, number>> = { met: 0, 'at-risk': 1, unmet: 2 }

/**
 * The next standing. `value` null means that there is no evidence: the verdict is `unmeasured`, never `met`.
 * Getting worse waits for `holdMs`; getting better needs `clearMargin`.
 */
export function decide(standing: Standing | null, value: number | null, limits: Limits, at: number): Standing {
  const found = value === null ? 'unmeasured' : classify(value, limits, standing?.verdict ?? null)
  if (standing !== null && found === standing.verdict) return { ...standing, pending: null }
  const worse = (BADNESS[found] ?? -1) > (BADNESS[standing?.verdict ?? 'met'] ?? 0)
  if (worse && limits.holdMs > 0) {
    const pending = standing?.pending?.verdict === found ? standing.pending : { verdict: found, since: at }
    if (at - pending.since < limits.holdMs) {
      // Nothing to fall back on yet: a first value that is bad is `unmeasured` until it has held.
      return standing === null ? { verdict: 'unmeasured', since: at, pending } : { ...standing, pending }
    }
  }
  return { verdict: found, since: at, pending: null }
}

function classify(value: number, limits: Limits, previous: Verdict | null): Verdict {
  const sign = limits.worse === 'above' ? 1 : -1
  const beyond = (limit: number, held: boolean) => sign * (value - limit) > (held ? -limits.clearMargin : 0)
  if (beyond(limits.unmet, previous === 'unmet')) return 'unmet'
  if (limits.atRisk !== null && beyond(limits.atRisk, previous === 'unmet' || previous === 'at-risk')) return 'at-risk'
  return 'met'
}
