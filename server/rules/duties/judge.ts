// Pure: how a duty stands for a subject. Conditions and exemptions come first, then the measure, then the margin and the
// holding time of its limits; `bertahap` is a plan until its target date.
import { missOf } from '../../../protocol/duty-words.ts'
import type { Bilingual, Verdict } from '../../../protocol/vocabulary.ts'
import { dayNumber } from '../civil-date.ts'
import { type DutyMeasurement, NONE_MISSING, unmeasured } from '../measures/duty-measure.ts'
import { DUTY_MEASURES } from '../measures/duty-registry.ts'
import { decide, type Standing } from '../verdict.ts'
import type { DutyInForce } from './in-force.ts'
import { CITY_ID, type DutySubject, type Snapshot } from './snapshot.ts'
import { isExempt, subjectsOf, unmetCondition } from './subjects-of.ts'

export type Judgement = {
  subject: DutySubject
  measurement: DutyMeasurement
  standing: Standing
}

const NOBODY = {
  id: 'Belum ada subjek yang terdaftar untuk kewajiban ini.',
  en: 'No subject is registered for this duty.',
}
/** How long before its target date a plan that is not kept yet is at risk. */
const PLAN_NEAR_DAYS = 90

/** All subjects of a duty; with none it stands once, unmeasured, on the city. */
export function judgeDuty(
  duty: DutyInForce,
  snapshot: Snapshot,
  before: (subjectId: string, part: string) => Standing | null,
): Judgement[] {
  const subjects = subjectsOf(duty.rule, snapshot)
  if (subjects.length > 0) return subjects.flatMap(subject => judgeSubject(duty, subject, snapshot, before))
  const city = snapshot.subject(CITY_ID)
  if (city === undefined) return []
  // A condition that nobody meets: there is nothing to watch. Else there should be a subject, and nobody registered one.
  if (unmetCondition(duty.rule, city, snapshot) !== null) return judgeSubject(duty, city, snapshot, before)
  const [measurement] = unmeasured(NOBODY)
  if (measurement === undefined) return []
  return [{ subject: city, measurement, standing: settle(before(CITY_ID, ''), 'unmeasured', snapshot.at) }]
}

export function judgeSubject(
  duty: DutyInForce,
  subject: DutySubject,
  snapshot: Snapshot,
  before: (subjectId: string, part: string) => Standing | null,
): Judgement[] {
  const { rule } = duty
  const condition = unmetCondition(rule, subject, snapshot)
  if (condition !== null) {
    return aside(subject, before, snapshot.at, 'not-applicable', { condition }, () => ({
      id: `Tidak berlaku: syarat "${condition}" belum terpenuhi.`,
      en: `Does not apply: the condition "${condition}" does not hold.`,
    }))
  }
  if (isExempt(rule, subject, snapshot)) {
    return aside(subject, before, snapshot.at, 'exempt', {}, () => ({
      id: 'Dikecualikan oleh keputusan yang berlaku.',
      en: 'Exempt by a decision in force.',
    }))
  }
  const measure = DUTY_MEASURES[rule.measure]
  if (measure === undefined) return []
  const input = { snapshot, rule, theme: rule.duty.theme, subject, clockStarts: duty.clockStarts }
  return measure(input).map(measurement => {
    const known = before(subject.id, measurement.part)
    const standing = decide(known, measurement.value, measurement.limits, snapshot.at)
    return asPlanned(duty, { subject, measurement, standing }, known, snapshot)
  })
}

/** A gradual duty is a plan: until its target date a miss is none, and near it a warning. */
function asPlanned(duty: DutyInForce, judged: Judgement, known: Standing | null, snapshot: Snapshot): Judgement {
  const { duty: text } = duty.rule
  if (text.modal !== 'bertahap' || (judged.standing.verdict !== 'unmet' && judged.standing.verdict !== 'at-risk')) {
    return judged
  }
  const target = text.targetDate?.value ?? null
  if (target !== null && snapshot.today > target) return judged
  const daysLeft = target === null ? null : dayNumber(target) - dayNumber(snapshot.today)
  const near = daysLeft !== null && daysLeft <= PLAN_NEAR_DAYS
  const { why, basis } = judged.measurement
  return {
    ...judged,
    measurement: {
      ...judged.measurement,
      dueOn: target,
      basis: { ...basis, targetDate: target },
      why: () => joined(why(), target),
    },
    standing: settle(known, near ? 'at-risk' : 'not-applicable', snapshot.at, judged.standing),
  }
}

function joined(why: Bilingual, target: string | null): Bilingual {
  return target === null
    ? { id: `Bertahap, tanggal target belum ditetapkan. ${why.id}`, en: `By and by; no target date is set. ${why.en}` }
    : { id: `Bertahap sampai ${target}. ${why.id}`, en: `By and by until ${target}. ${why.en}` }
}

function aside(
  subject: DutySubject,
  before: (subjectId: string, part: string) => Standing | null,
  at: number,
  verdict: Verdict,
  basis: Record<string, unknown>,
  why: () => Bilingual,
): Judgement[] {
  const measurement: DutyMeasurement = {
    ...{ part: '', value: null, unit: 'count', limits: NONE_MISSING, dueOn: null },
    ...{ why, basis },
  }
  return [{ subject, measurement, standing: settle(before(subject.id, ''), verdict, at) }]
}

function settle(known: Standing | null, verdict: Verdict, at: number, decided?: Standing): Standing {
  return {
    verdict,
    since: known?.verdict === verdict ? known.since : at,
    measured: decided?.measured ?? known?.measured ?? null,
    badSince: decided?.badSince ?? { atRisk: null, unmet: null },
  }
}

/** What a miss of this duty is called; an option is shown and never missed. */
export function missOfDuty(duty: DutyInForce): 'breach' | 'finding' | 'option' {
  return missOf(duty.rule.duty.modal)
}
