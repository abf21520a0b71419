// What the pages see of the duties, from what the engine knows now.
import type {
  CalendarEntry,
  DutyCounts,
  DutyDetailView,
  DutySettingView,
  DutySubjectView,
  DutyView,
  SimulationView,
} from '../../../protocol/duty-views.ts'
import { missOf } from '../../../protocol/duty-words.ts'
import type { ParameterValue } from '../../../protocol/shapes.ts'
import type { Verdict } from '../../../protocol/vocabulary.ts'
import { ProblemError } from '../../platform/problem-error.ts'
import type { Records } from '../../stores/records/records.ts'
import { dayNumber } from '../civil-date.ts'
import { sheetOf } from '../measures/catalogue.ts'
import type { Rule } from '../pack.ts'
import { rolesOf } from '../regulation-pack.ts'
import type { DutyEngine } from './duty-engine.ts'
import type { DutyStanding } from './duty-standings.ts'
import type { DutyState } from './duty-state.ts'
import type { DutyInForce, RuleSetting } from './in-force.ts'
import { judgeDuty } from './judge.ts'
import { contactsOf, OURS } from './reminders.ts'
import type { DutySubject } from './snapshot.ts'

const HISTORY_SHOWN = 100
/** Worst first; what nobody measured is worse than what is kept, for nobody knows. */
const FROM_BAD_TO_GOOD: readonly Verdict[] = ['unmet', 'at-risk', 'unmeasured', 'met', 'exempt', 'not-applicable']

export function requireState(engine: DutyEngine): DutyState {
  const state = engine.state()
  if (state === null) throw new ProblemError('unavailable', 'The duties are judged for the first time; try again soon')
  return state
}

export function noCounts(): DutyCounts {
  return { met: 0, 'at-risk': 0, unmet: 0, unmeasured: 0, exempt: 0, 'not-applicable': 0 }
}

export function worstOf(counts: DutyCounts): Verdict {
  return FROM_BAD_TO_GOOD.find(verdict => counts[verdict] > 0) ?? 'unmeasured'
}

/** Standings of a duty; of one agency when it is given: its own, and those of what belongs to it. */
export function standingsOf(state: DutyState, ruleId: string, agency: string | undefined): DutyStanding[] {
  const all = state.standings.ofRule(ruleId)
  if (agency === undefined) return all
  return all.filter(({ subjectId }) => {
    const subject = state.snapshot.subject(subjectId)
    return subjectId === agency || subject?.agencyId === agency
  })
}

export function dutyView(state: DutyState, duty: DutyInForce, agency?: string): DutyView {
  const { rule } = duty
  const counts = noCounts()
  let dueOn: string | null = null
  for (const standing of standingsOf(state, rule.id, agency)) {
    counts[standing.verdict] += 1
    if (standing.dueOn !== null && (dueOn === null || standing.dueOn < dueOn)) dueOn = standing.dueOn
  }
  return { ...shortView(rule, counts), dueOn }
}

function shortView(rule: DutyInForce['rule'], counts: DutyCounts): Omit<DutyView, 'dueOn'> {
  const { citation, modal, theme, scope, owedBy } = rule.duty
  return {
    ...{ id: rule.id, packId: rule.packId, citation, modal, miss: missOf(modal), title: rule.title },
    ...{ theme, scope, owedBy, measure: rule.measure },
    judgedFrom: sheetOf(rule.measure)?.judgedFrom ?? 'nothing',
    ...{ subjectKind: rule.subject, severity: rule.severity, counts, worst: worstOf(counts) },
  }
}

export function listDuties(
  state: DutyState,
  filter: {
    regulation?: string | undefined
    pasal?: number | undefined
    theme?: string | undefined
    agency?: string | undefined
  },
): DutyView[] {
  return state.duties
    .filter(
      ({ rule }) =>
        (filter.regulation === undefined || rule.packId === filter.regulation) &&
        (filter.pasal === undefined || rule.duty.citation.pasal === filter.pasal) &&
        (filter.theme === undefined || rule.duty.theme === filter.theme),
    )
    .map(duty => dutyView(state, duty, filter.agency))
}

/** Errors: `not-found` for one that is unknown, off, or of a regulation that does not bind the city. */
export function requireDuty(state: DutyState, ruleId: string): DutyInForce {
  const duty = state.duties.find(({ rule }) => rule.id === ruleId)
  if (duty === undefined) throw new ProblemError('not-found', 'There is no duty in force with this id')
  return duty
}

export async function readDuty(records: Records, engine: DutyEngine, ruleId: string): Promise<DutyDetailView> {
  const state = requireState(engine)
  const duty = requireDuty(state, ruleId)
  const { rule } = duty
  const pack = engine.rules.find(({ id }) => id === ruleId) ?? rule
  const history = await records
    .selectFrom('evidence')
    .select(['id', 'at', 'subject_id', 'part', 'previous', 'verdict', 'value'])
    .where('rule_id', '=', ruleId)
    .orderBy('seq', 'desc')
    .limit(HISTORY_SHOWN)
    .execute()
  const nameOf = (id: string) => state.snapshot.subject(id)?.name ?? id
  return {
    duty: dutyView(state, duty),
    select: { roles: [...rolesOf(rule.duty.select)], agencies: rule.duty.select.agencies ?? 'all' },
    conditions: [...rule.duty.conditions],
    allowedExemptions: [...rule.duty.exemptions],
    evidenceAsked: [...rule.duty.evidence],
    note: rule.duty.note ?? null,
    targetDate: rule.duty.targetDate ?? null,
    clockStarts: duty.clockStarts,
    parameters: parametersOf(duty, pack),
    settings: state.settings
      .filter(setting => setting.ruleId === ruleId)
      .map(settingView)
      .reverse(),
    subjects: subjectViews(state, duty),
    history: history.map(row => ({
      ...{ evidenceId: row.id, at: row.at, subjectId: row.subject_id, subjectName: nameOf(row.subject_id) },
      ...{ part: row.part, from: row.previous, to: row.verdict, value: row.value },
    })),
  }
}

function parametersOf(duty: DutyInForce, pack: Rule) {
  return Object.entries(duty.rule.parameters).map(([name, { value, source }]) => {
    const setting = duty.settings.find(one => one.name === name)
    return {
      ...{ name, value, source, packValue: pack.parameters[name]?.value ?? null },
      setting: setting === undefined ? null : settingView(setting),
    }
  })
}

function settingView({ ruleId: _, ...setting }: RuleSetting): DutySettingView {
  return setting
}

/** Worst first. Why it stands so is worked out now, from the same snapshot that the verdicts were given under. */
export function subjectViews(state: DutyState, duty: DutyInForce): DutySubjectView[] {
  const known = (subjectId: string, part: string) => state.standings.get(duty.rule.id, subjectId, part)
  return judgeDuty(duty, state.snapshotOf(duty.rule), (subjectId, part) => known(subjectId, part) ?? null)
    .map(({ subject, measurement, standing }) => ({
      subject: shortSubject(subject),
      part: measurement.part,
      verdict: standing.verdict,
      since: standing.since,
      value: measurement.value,
      threshold: measurement.value === null ? null : measurement.limits.unmet,
      unit: measurement.unit,
      dueOn: measurement.dueOn,
      why: measurement.why(),
      evidenceId: known(subject.id, measurement.part)?.evidenceId ?? null,
    }))
    .sort((left, right) => FROM_BAD_TO_GOOD.indexOf(left.verdict) - FROM_BAD_TO_GOOD.indexOf(right.verdict))
}

function shortSubject({ id, kind, name, agencyId }: DutySubject) {
  return { id, kind, name, agencyId }
}

/** Everything with a day, overdue first; without `until` all of the next year. */
export function calendarOf(
  state: DutyState,
  filter: { until?: string | undefined; agency?: string | undefined },
): CalendarEntry[] {
  return state.duties
    .flatMap(duty => {
      const dated = standingsOf(state, duty.rule.id, filter.agency).some(({ dueOn }) => dueOn !== null)
      if (!dated) return []
      const { rule } = duty
      const today = dayNumber(state.snapshotOf(rule).today)
      const until = filter.until === undefined ? today + 366 : dayNumber(filter.until)
      return subjectViews(state, duty).flatMap(({ subject, dueOn, verdict, why }) => {
        if (dueOn === null || dayNumber(dueOn) > until) return []
        if (verdict === 'exempt' || verdict === 'not-applicable') return []
        if (filter.agency !== undefined && subject.id !== filter.agency && subject.agencyId !== filter.agency) return []
        return [
          {
            ...{ dutyId: rule.id, title: rule.title, citation: rule.duty.citation, measure: rule.measure },
            ...{ owedBy: rule.duty.owedBy, ours: OURS.includes(rule.duty.owedBy) },
            contacts: OURS.includes(rule.duty.owedBy)
              ? []
              : contactsOf(rule.duty.owedBy, subject.kind === 'agency' ? subject.id : subject.agencyId, state.snapshot),
            subject: { id: subject.id, kind: subject.kind, name: subject.name },
            ...{ dueOn, daysLeft: dayNumber(dueOn) - today, verdict, why },
          },
        ]
      })
    })
    .sort((left, right) => (left.dueOn < right.dueOn ? -1 : left.dueOn > right.dueOn ? 1 : 0))
}

/** How the same subjects would stand under other parameters; from nothing, so that no margin of the present is in it. */
export function simulate(state: DutyState, ruleId: string, parameters: Record<string, ParameterValue>): SimulationView {
  const duty = requireDuty(state, ruleId)
  const unknown = Object.keys(parameters).filter(
    name => !Object.hasOwn(duty.rule.parameters, name) && name !== 'targetDate',
  )
  if (unknown.length > 0) throw new ProblemError('bad-request', `parameters: unknown: ${unknown.join(', ')}`)
  const { targetDate, ...others } = parameters
  const set = Object.fromEntries(
    Object.entries(others).map(([name, value]) => [name, { value, source: 'diskominfo' as const }]),
  )
  const changed: DutyInForce = {
    ...duty,
    rule: {
      ...duty.rule,
      parameters: { ...duty.rule.parameters, ...set },
      duty: {
        ...duty.rule.duty,
        ...(typeof targetDate === 'string' ? { targetDate: { value: targetDate, source: 'diskominfo' as const } } : {}),
      },
    },
  }
  const anew = (one: DutyInForce) => judgeDuty(one, state.snapshotOf(one.rule), () => null)
  const [before, after] = [anew(duty), anew(changed)]
  const counts = (judged: typeof before) => {
    const sum = noCounts()
    for (const { standing } of judged) sum[standing.verdict] += 1
    return sum
  }
  return {
    before: counts(before),
    after: counts(after),
    changed: after.flatMap(({ subject, measurement, standing }) => {
      const was = before.find(one => one.subject.id === subject.id && one.measurement.part === measurement.part)
      if (was === undefined || was.standing.verdict === standing.verdict) return []
      return [
        {
          ...{ subject: { id: subject.id, name: subject.name }, part: measurement.part },
          ...{ from: was.standing.verdict, to: standing.verdict, why: measurement.why() },
        },
      ]
    }),
  }
}
