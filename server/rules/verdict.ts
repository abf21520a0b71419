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
  /** The last verdict that rested on a value: evidence that was away for a while does not wipe out the margin. */
  measured: MeasuredVerdict | null
  /** Since when the values have been at least so bad without a break. */
  badSince: { atRisk: number | null; unmet: number | null }
}

export type MeasuredVerdict = 'met' | 'at-risk' | 'unmet'
const FROM_GOOD_TO_BAD = ['met', 'at-risk', 'unmet'] as const

/**
 * The next standing. `value` null (or not a number) means that there is no evidence: the verdict is `unmeasured`, never
 * `met`. Getting worse waits until the values have been that bad for `holdMs`; getting better needs `clearMargin`.
 */
export function decide(standing: Standing | null, value: number | null, limits: Limits, at: number): Standing {
  const measured = standing?.measured ?? null
  if (value === null || !Number.isFinite(value)) {
    return next(standing, 'unmeasured', { measured, badSince: { atRisk: null, unmet: null }, at })
  }
  const found = classify(value, limits, measured)
  const bad = FROM_GOOD_TO_BAD.indexOf(found)
  const badSince = {
    atRisk: bad >= 1 && limits.atRisk !== null ? (standing?.badSince.atRisk ?? at) : null,
    unmet: bad >= 2 ? (standing?.badSince.unmet ?? at) : null,
  }
  const held = (since: number | null) => since !== null && at - since >= limits.holdMs
  const heldBad = held(badSince.unmet) ? 2 : held(badSince.atRisk) ? 1 : 0
  const present = standing === null ? -1 : (FROM_GOOD_TO_BAD as readonly Verdict[]).indexOf(standing.verdict)
  const reached = FROM_GOOD_TO_BAD[Math.min(bad, Math.max(heldBad, present))]
  // Nothing to fall back on yet: a first value that is bad is `unmeasured` until it has held.
  if (reached === undefined || (bad > 0 && heldBad === 0 && present < 0)) {
    return next(standing, 'unmeasured', { measured, badSince, at })
  }
  return next(standing, reached, { measured: reached, badSince, at })
}

function next(
  standing: Standing | null,
  verdict: Verdict,
  { at, ...rest }: Pick<Standing, 'measured' | 'badSince'> & { at: number },
): Standing {
  return { verdict, since: standing?.verdict === verdict ? standing.since : at, ...rest }
}

function classify(value: number, limits: Limits, previous: MeasuredVerdict | null): MeasuredVerdict {
  const sign = limits.worse === 'above' ? 1 : -1
  const beyond = (limit: number, held: boolean) => sign * (value - limit) > (held ? -limits.clearMargin : 0)
  if (beyond(limits.unmet, previous === 'unmet')) return 'unmet'
  if (limits.atRisk !== null && beyond(limits.atRisk, previous === 'unmet' || previous === 'at-risk')) return 'at-risk'
  return 'met'
}
