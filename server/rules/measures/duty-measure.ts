// A measure of a duty is a pure function too: from a snapshot of the city to a value, the limits that the duty's parameters
// set for it, and a sentence that a person understands.
import type { Bilingual } from '../../../protocol/vocabulary.ts'
import type { DutySubject, Snapshot } from '../duties/snapshot.ts'
import type { Obligation } from '../pack.ts'
import { parameterOf, parameterValueOf } from '../pack.ts'
import type { Limits } from '../verdict.ts'

export type DutyInput = {
  snapshot: Snapshot
  /** With the parameters in force on that day. */
  rule: Pick<Obligation, 'id' | 'measure' | 'subject' | 'parameters'> & {
    duty: Pick<Obligation['duty'], 'select' | 'conditions'> | null
  }
  theme: string
  subject: DutySubject
  /** The day from which the duty is judged here: before it nothing could be due. */
  clockStarts: string
}

export type DutyUnit = 'ratio' | 'days' | 'hours' | 'count' | 'km'

export type DutyMeasurement = {
  /** "" for the whole subject. */
  part: string
  /** Null when there is no evidence: the verdict is `unmeasured`. */
  value: number | null
  unit: DutyUnit
  limits: Limits
  /** The day on which something is due, for the calendar. */
  dueOn: string | null
  /** What stands, said for a person; worked out only when somebody asks. */
  why: () => Bilingual
  /** What the value rests on, for the evidence. */
  basis: Record<string, unknown>
}

export type DutyMeasure = (input: DutyInput) => DutyMeasurement[]

/** So many are missing: one is too many. */
export const NONE_MISSING: Limits = { worse: 'above', unmet: 0, atRisk: null, clearMargin: 0, holdMs: 0 }

/** Days left: past the day it is unmet, and from `reminderDays` before it at risk. */
export function daysLeftLimits(reminderDays: number): Limits {
  return { worse: 'below', unmet: 0, atRisk: reminderDays > 0 ? reminderDays : null, clearMargin: 0, holdMs: 0 }
}

export function below(unmet: number, atRisk: number | null = null): Limits {
  return { worse: 'below', unmet, atRisk, clearMargin: 0, holdMs: 0 }
}

export function above(unmet: number, atRisk: number | null = null): Limits {
  return { worse: 'above', unmet, atRisk, clearMargin: 0, holdMs: 0 }
}

/** The same limits, under which this value is no better than at risk. */
export function cautioned(limits: Limits, value: number): Limits {
  return {
    ...limits,
    atRisk: limits.worse === 'below' ? Math.max(value + 1, limits.unmet + 1) : Math.min(value, limits.unmet) - 1,
  }
}

export function numberOf(input: DutyInput, name: string): number | null {
  return parameterOf(input.rule, name) ?? null
}

export function wordOf(input: DutyInput, name: string): string | null {
  const value = parameterValueOf(input.rule, name)
  return typeof value === 'string' ? value : null
}

export function parameterFlag(input: DutyInput, name: string): boolean {
  return parameterValueOf(input.rule, name) === true
}

export function wordsOf(input: DutyInput, name: string): readonly string[] {
  const value = parameterValueOf(input.rule, name)
  return Array.isArray(value) ? value : []
}

/** A measurement of something whole; `why` in both languages. */
export function measured(
  value: number | null,
  unit: DutyUnit,
  limits: Limits,
  why: () => Bilingual,
  basis: Record<string, unknown>,
  dueOn: string | null = null,
): DutyMeasurement[] {
  return [{ part: '', value, unit, limits, dueOn, why, basis }]
}

/** Nobody watches it, or nothing is on record: said as it is. */
export function unmeasured(
  reason: Bilingual,
  limits: Limits = NONE_MISSING,
  unit: DutyUnit = 'count',
): DutyMeasurement[] {
  return measured(null, unit, limits, () => reason, { reason: reason.en })
}

export const NOT_WATCHED: Bilingual = {
  id: 'Belum ada yang mengukur ini di sini.',
  en: 'Nothing measures this here yet.',
}

export const NONE_REGISTERED: Bilingual = {
  id: 'OPD ini belum mendaftarkan satu pun.',
  en: 'This agency has registered none.',
}

/** How many are missing, with their names. */
export function missing(
  names: readonly string[],
  outOf: number,
  what: { id: string; en: string },
  basis: Record<string, unknown> = {},
): DutyMeasurement[] {
  return measured(
    names.length,
    'count',
    NONE_MISSING,
    () =>
      names.length === 0
        ? { id: `Lengkap: ${what.id} (${outOf}).`, en: `Complete: ${what.en} (${outOf}).` }
        : {
            id: `${begun(what.id)}: belum ${shortList(names)} (${names.length} dari ${outOf}).`,
            en: `${begun(what.en)}: not ${shortList(names)} (${names.length} of ${outOf}).`,
          },
    { outOf, missing: names.slice(0, 50), ...basis },
  )
}

const NAMED_AT_MOST = 5

/** The first few by name, and how many more there are. */
function shortList(names: readonly string[]): string {
  const more = names.length - NAMED_AT_MOST
  return `${names.slice(0, NAMED_AT_MOST).join(', ')}${more > 0 ? ` (+${more})` : ''}`
}

const begun = (text: string): string => `${text.slice(0, 1).toUpperCase()}${text.slice(1)}`
