import type { Bilingual, Severity, UnmetKind } from '../../protocol/vocabulary.ts'

/** What incidents learn from above: that something is broken, or that it is whole again. They know no rules. */
export type Signal = {
  /** `raise`: unmet; `clear`: met again. */
  kind: 'raise' | 'clear'
  ruleId: string
  title: Bilingual
  unmetKind: UnmetKind
  severity: Severity
  subjectId: string
  part: string
  value: number | null
  threshold: number | null
  unit: string
  /** How many are reached only through the subject. */
  cutOff?: number
  /** What the verdict behind the signal rests on. */
  evidenceId: string | null
}

/** One problem: one rule broken by one part of one subject. */
export function activeKeyOf(signal: Pick<Signal, 'ruleId' | 'subjectId' | 'part'>): string {
  return `${signal.ruleId}\n${signal.subjectId}\n${signal.part}`
}
