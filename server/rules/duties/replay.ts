// Judges the past again, day by day, over what was known on each day; nothing is kept. With other parameters it says what
// would have been. Samples are not read again: what agents' words said of servers stands in the intervals.
import type { ParameterValue } from '../../../protocol/shapes.ts'
import type { Verdict } from '../../../protocol/vocabulary.ts'
import type { Records } from '../../stores/records/records.ts'
import { dateOfDay, dayNumber, startOfDay } from '../civil-date.ts'
import type { Obligation } from '../pack.ts'
import type { RegulationPack } from '../regulation-pack.ts'
import { createDutyStandings } from './duty-standings.ts'
import { type DutyInForce, dutiesInForce } from './in-force.ts'
import { passDuty } from './pass.ts'
import { readEnabledPacks, readSettings, readVersions } from './read-rows.ts'
import { readSnapshot } from './read-snapshot.ts'
import { zonesOf } from './zones.ts'

export type ReplayedChange = {
  /** The day in the pack's time zone. */
  day: string
  ruleId: string
  subjectId: string
  subjectName: string
  part: string
  from: Verdict | null
  to: Verdict
  value: number | null
}

/** New values by rule id and parameter. */
export type ReplayParameters = Record<string, Record<string, ParameterValue>>

export async function* replay(question: {
  records: Records
  regulations: readonly RegulationPack[]
  rules: readonly Obligation[]
  /** First and last day. */
  from: string
  to: string
  timeZone: string
  parameters: ReplayParameters
}): AsyncGenerator<ReplayedChange> {
  const { records, rules, regulations } = question
  const packs = await readEnabledPacks(records)
  const settings = await readSettings(records)
  const versions = await readVersions(records, 'all')
  const standings = createDutyStandings()
  for (let day = dayNumber(question.from); day <= dayNumber(question.to); day++) {
    const date = dateOfDay(day)
    for (const [timeZone, own] of zonesOf(regulations, packs, question.timeZone)) {
      // At the end of the day in that zone: all that was entered on it counts.
      const at = startOfDay(dateOfDay(day + 1), timeZone) - 1
      const duties = dutiesInForce({ rules, packs: own, settings, today: date, at })
      if (duties.length === 0) continue
      const snapshot = await readSnapshot({ records, at, timeZone, versions, house: null, ports: {} })
      for (const duty of duties.map(one => withParameters(one, question.parameters))) {
        for (const { after, previous } of passDuty(duty, snapshot, standings)) {
          standings.put(duty.rule.id, after)
          yield {
            ...{ day: date, ruleId: duty.rule.id, subjectId: after.subjectId, part: after.part },
            subjectName: snapshot.subject(after.subjectId)?.name ?? after.subjectId,
            ...{ from: previous, to: after.verdict, value: after.value },
          }
        }
      }
    }
  }
}

function withParameters(duty: DutyInForce, parameters: ReplayParameters): DutyInForce {
  const own = Object.hasOwn(parameters, duty.rule.id) ? parameters[duty.rule.id] : undefined
  if (own === undefined) return duty
  const { targetDate, clockStarts, ...others } = own
  const set = Object.entries(others).map(([name, value]) => [name, { value, source: 'diskominfo' as const }])
  return {
    ...duty,
    clockStarts: typeof clockStarts === 'string' ? clockStarts : duty.clockStarts,
    rule: {
      ...duty.rule,
      parameters: { ...duty.rule.parameters, ...Object.fromEntries(set) },
      duty: {
        ...duty.rule.duty,
        ...(typeof targetDate === 'string' ? { targetDate: { value: targetDate, source: 'diskominfo' as const } } : {}),
      },
    },
  }
}

/** What is wrong with new parameters: rules and names that there are not. */
export function problemsOfParameters(rules: readonly Obligation[], parameters: ReplayParameters): string[] {
  return Object.entries(parameters).flatMap(([ruleId, values]) => {
    const rule = rules.find(({ id }) => id === ruleId)
    if (rule === undefined) return [`there is no duty "${ruleId}"`]
    const known = [...Object.keys(rule.parameters), 'targetDate', 'clockStarts']
    return Object.keys(values).flatMap(name =>
      known.includes(name) ? [] : [`${ruleId}: unknown parameter "${name}"; known: ${known.join(', ')}`],
    )
  })
}
