// The duties that bind on a day: those of the enabled packs, with what the city set over them. Pure.
import type { ParameterValue } from '../../../protocol/shapes.ts'
import { SEVERITIES, type Severity } from '../../../protocol/vocabulary.ts'
import type { Obligation } from '../pack.ts'
import type { Duty } from '../regulation-pack.ts'

export type RuleSetting = {
  id: string
  ruleId: string
  /** A parameter, or one of `targetDate`, `enabled`, `severity`, `clockStarts`. */
  name: string
  value: ParameterValue
  validFrom: string
  validUntil: string | null
  author: string
  decree: string
  enteredAt: number
  endedAt: number | null
}

export type EnabledPack = {
  packId: string
  validFrom: string
  validUntil: string | null
  enteredAt: number
  endedAt: number | null
}

export type DutyInForce = {
  rule: Obligation
  /** The day from which it counts. */
  clockStarts: string
  /** What the city set, by name; the rule's parameters carry the values already. */
  settings: readonly RuleSetting[]
}

type Dated = { validFrom: string; validUntil: string | null; enteredAt: number; endedAt: number | null }

/** What was known at `at` and counts on `today`. */
export function countsOn(row: Dated, today: string, at: number): boolean {
  return (
    row.enteredAt <= at &&
    (row.endedAt === null || row.endedAt > at) &&
    row.validFrom <= today &&
    (row.validUntil === null || today <= row.validUntil)
  )
}

export function dutiesInForce(question: {
  rules: readonly Obligation[]
  packs: readonly EnabledPack[]
  settings: readonly RuleSetting[]
  today: string
  at: number
}): DutyInForce[] {
  const { today, at } = question
  const enabled = new Map<string, string>()
  for (const pack of question.packs.filter(row => countsOn(row, today, at))) {
    const known = enabled.get(pack.packId)
    if (known === undefined || pack.validFrom < known) enabled.set(pack.packId, pack.validFrom)
  }
  const settings = new Map<string, RuleSetting[]>()
  for (const setting of question.settings.filter(row => countsOn(row, today, at))) {
    settings.set(setting.ruleId, [...(settings.get(setting.ruleId) ?? []), setting])
  }
  return question.rules.flatMap(rule => {
    const enabledFrom = enabled.get(rule.packId)
    if (rule.duty === null || enabledFrom === undefined) return []
    const own = newestOfEach(settings.get(rule.id) ?? [])
    const value = (name: string) => own.find(setting => setting.name === name)?.value
    const on = value('enabled') ?? rule.duty.scope === 'core'
    if (on !== true) return []
    return [
      { ...withSettings(rule, rule.duty, own), clockStarts: dayOf(value('clockStarts')) ?? enabledFrom, settings: own },
    ]
  })
}

/** The one that began last decides; of two that began on one day the one entered last. */
function newestOfEach(settings: readonly RuleSetting[]): RuleSetting[] {
  const newest = new Map<string, RuleSetting>()
  const inOrder = [...settings].sort((left, right) =>
    left.validFrom === right.validFrom ? left.enteredAt - right.enteredAt : left.validFrom < right.validFrom ? -1 : 1,
  )
  for (const setting of inOrder) newest.set(setting.name, setting)
  return [...newest.values()]
}

function withSettings(rule: Obligation, duty: Duty, settings: readonly RuleSetting[]): Pick<DutyInForce, 'rule'> {
  const parameters = { ...rule.parameters }
  let { targetDate } = duty
  let { severity } = rule
  for (const { name, value } of settings) {
    if (name === 'targetDate') targetDate = { value: dayOf(value) ?? null, source: 'diskominfo' }
    else if (name === 'severity') severity = SEVERITIES.find((one): one is Severity => one === value) ?? severity
    else if (name !== 'enabled' && name !== 'clockStarts') parameters[name] = { value, source: 'diskominfo' }
  }
  return { rule: { ...rule, severity, parameters, duty: { ...duty, targetDate } } }
}

function dayOf(value: ParameterValue | undefined): string | undefined {
  return typeof value === 'string' ? value : undefined
}
