import { z } from 'zod'
import { DUTY_CALLS } from '../../../protocol/duty-calls.ts'
import type { ParameterValue } from '../../../protocol/shapes.ts'
import { SEVERITIES } from '../../../protocol/vocabulary.ts'
import { defineVerb, type VerbContext, type VerbDeps } from '../../access/verb.ts'
import { newId } from '../../platform/ids.ts'
import { ProblemError } from '../../platform/problem-error.ts'
import type { Rule } from '../pack.ts'
import type { DutyEngine } from './duty-engine.ts'

type Deps = VerbDeps & { dutyEngine: Pick<DutyEngine, 'rules'> }

/**
 * Sets something of a duty from a day on. What the regulation itself sets can't be set here. Errors: `not-found`,
 * `bad-request`.
 */
export const setDuty = defineVerb({
  name: 'duty.set',
  permission: 'rules:write',
  input: z.strictObject({ rule: z.string().max(200), ...DUTY_CALLS.setDuty.body.shape }),
  async run({ deps, tx, actor, at }: VerbContext<Deps>, input) {
    const rule = deps.dutyEngine.rules.find(({ id }) => id === input.rule)
    if (rule === undefined || rule.duty === null) throw new ProblemError('not-found', 'There is no duty with this id')
    const problem = problemOfSetting(rule, input.name, input.value)
    if (problem !== null) throw new ProblemError('bad-request', problem)
    if (input.validUntil !== null && input.validUntil < input.validFrom) {
      throw new ProblemError('bad-request', 'validUntil: must not lie before validFrom')
    }
    const id = newId(at)
    await tx
      .insertInto('rule_setting')
      .values({
        ...{ id, rule_id: rule.id, name: input.name, value: JSON.stringify(input.value) },
        ...{ valid_from: input.validFrom, valid_until: input.validUntil, author: input.author, decree: input.decree },
        ...{ entered_at: at, entered_by: actor.id, ended_at: null, ended_by: null },
      })
      .execute()
    return { id }
  },
  audit: (input, { id }) => ({
    subject: id,
    detail: { rule: input.rule, name: input.name, value: input.value, from: input.validFrom, decree: input.decree },
  }),
  committed: (deps, { rule }) => deps.changes.append({ kind: 'duty', ruleId: rule }),
})

const day = z.iso.date()

/** Why this can't be set so, or null. Pure. */
export function problemOfSetting(rule: Rule, name: string, value: ParameterValue): string | null {
  switch (name) {
    case 'enabled':
      return typeof value === 'boolean' ? null : 'value: must be true or false'
    case 'severity':
      return SEVERITIES.some(one => one === value) ? null : `value: must be one of ${SEVERITIES.join(', ')}`
    case 'clockStarts':
      return day.safeParse(value).success ? null : 'value: must be a day like 2026-01-01'
    case 'targetDate':
      if (rule.duty?.modal !== 'bertahap') return 'name: only a gradual duty (bertahap) has a target date'
      return value === null || day.safeParse(value).success ? null : 'value: must be a day like 2026-01-01'
  }
  const known = Object.hasOwn(rule.parameters, name) ? rule.parameters[name] : undefined
  if (known === undefined) {
    return `name: unknown parameter; known: ${[...Object.keys(rule.parameters), 'enabled', 'severity', 'clockStarts'].join(', ')}`
  }
  if (known.source === 'regulation') return 'name: the regulation itself sets this; no decree of Diskominfo can'
  if (value !== null && known.value !== null && shapeOf(value) !== shapeOf(known.value)) {
    return `value: must be of the kind ${shapeOf(known.value)}`
  }
  return typeof value === 'number' && value < 0 ? 'value: must not be negative' : null
}

function shapeOf(value: ParameterValue): string {
  return Array.isArray(value) ? 'list' : typeof value
}
