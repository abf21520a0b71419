// A duty that nobody measures for too long is a fault of the watch: one incident at the city tells of all of them.
import type { Bilingual } from '../../../protocol/vocabulary.ts'
import { applySignals } from '../../incidents/apply.ts'
import type { Records } from '../../stores/records/records.ts'
import { sheetOf } from '../measures/catalogue.ts'
import { parameterOf, type Rule } from '../pack.ts'
import type { DutyState } from './duty-state.ts'
import { missOfDuty } from './judge.ts'
import { CITY_ID } from './snapshot.ts'

const DAY_MS = 86_400_000
export const UNMEASURED_MEASURE = 'duty_unmeasured_days'

type Unmeasured = { ruleId: string; title: Bilingual; since: number }

/**
 * Duties with a standing that has been unmeasured for longer than `days`, oldest first. Left out is what no program can
 * measure, what can't be missed, and what has its day on the calendar yet to come.
 */
export function longUnmeasured({ duties, standings }: DutyState, days: number, at: number): Unmeasured[] {
  return duties
    .flatMap(duty => {
      if (missOfDuty(duty) === 'option' || sheetOf(duty.rule.measure)?.judgedFrom === 'nothing') return []
      const since = standings
        .ofRule(duty.rule.id)
        .filter(({ verdict, dueOn }) => verdict === 'unmeasured' && dueOn === null)
        .map(standing => standing.since)
      if (since.length === 0 || at - Math.min(...since) <= days * DAY_MS) return []
      return [{ ruleId: duty.rule.id, title: duty.rule.title, since: Math.min(...since) }]
    })
    .sort((left, right) => left.since - right.since)
}

/** Answers the ids of incidents that changed. */
export async function tellLongUnmeasured(
  records: Records,
  rules: readonly Rule[],
  { state, at }: { state: DutyState; at: number },
): Promise<string[]> {
  const told: string[] = []
  for (const rule of rules.filter(({ measure }) => measure === UNMEASURED_MEASURE)) {
    const days = parameterOf(rule, 'unmetAbove') ?? 0
    const found = longUnmeasured(state, days, at)
    const [oldest] = found
    const signal = {
      ...({ kind: oldest === undefined ? 'clear' : 'raise', ruleId: rule.id, subjectId: CITY_ID, part: '' } as const),
      title: {
        id: `${found.length} kewajiban belum terukur lebih dari ${days} hari; terlama: ${oldest?.title.id ?? ''}`,
        en: `${found.length} duties unmeasured for more than ${days} days; longest: ${oldest?.title.en ?? ''}`,
      },
      ...({ unmetKind: 'fault', severity: rule.severity, unit: 'days', evidenceId: null } as const),
      ...{ value: oldest === undefined ? 0 : Math.floor((at - oldest.since) / DAY_MS), threshold: days },
    }
    const changed = await records.transaction().execute(tx => applySignals(tx, [signal], at))
    told.push(...changed.map(({ id }) => id))
  }
  return told
}
