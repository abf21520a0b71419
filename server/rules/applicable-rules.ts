// Which rules ask for what of which kind of device: asked for each server of each batch, so it is worked out once.
import type { DeviceKind } from '../../protocol/snmp-words.ts'
import type { Measure } from './measures/measure.ts'
import { MEASURES } from './measures/registry.ts'
import { type Rule, requireParameter } from './pack.ts'
import { type Limits, limitsOf } from './verdict.ts'

export type ApplicableRule = {
  rule: Rule
  measure: Measure
  limits: Limits
  parameter: (name: string) => number
}

/** The answer throws, with the rule and what is wrong, where a rule of these has no limits that make sense. */
export function createApplicableRules(
  rules: readonly Rule[],
): (cadence: Measure['cadence'], kind: DeviceKind) => readonly ApplicableRule[] {
  const known = new Map<string, readonly ApplicableRule[]>()
  return (cadence, kind) => {
    const key = `${cadence} ${kind}`
    const applicable =
      known.get(key) ??
      rules.flatMap(rule => {
        const measure = MEASURES[rule.measure]
        if (measure === undefined || measure.cadence !== cadence || rule.subject !== kind) return []
        const limits = limitsOf(rule)
        if (typeof limits === 'string') throw new Error(`rule ${rule.id}: ${limits}`)
        return [{ rule, measure, limits, parameter: (name: string) => requireParameter(rule, name) }]
      })
    known.set(key, applicable)
    return applicable
  }
}
