import type { DeviceKind } from '../../protocol/snmp-words.ts'
import type { Measurement } from './measures/measure.ts'
import type { Rule } from './pack.ts'
import type { KnownStanding } from './standings.ts'
import { type Limits, limitsOf } from './verdict.ts'

/** A verdict that is not what it was. */
export type ChangedVerdict = {
  rule: Rule
  limits: Limits
  measurement: Measurement
  before: KnownStanding | null
  after: KnownStanding
}

/** What rules for other kinds said of a device that turned out to be of this kind: they do not apply. Pure. */
export function ofOtherKinds(
  rules: readonly Rule[],
  standings: readonly KnownStanding[],
  kind: DeviceKind,
  at: number,
): ChangedVerdict[] {
  return standings.flatMap((before): ChangedVerdict[] => {
    const rule = rules.find(({ id }) => id === before.ruleId)
    const limits = rule === undefined ? 'gone' : limitsOf(rule)
    if (rule === undefined || typeof limits === 'string') return []
    if (rule.subject === kind || before.verdict === 'not-applicable') return []
    const measurement = { part: before.part, value: null, basis: { kind } }
    return [
      { rule, limits, measurement, before, after: { ...before, verdict: 'not-applicable', since: at, value: null } },
    ]
  })
}
