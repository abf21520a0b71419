// On whom a duty is judged. Pure.
import type { SubjectKind } from '../../../protocol/duty-words.ts'
import type { Obligation, Rule } from '../pack.ts'
import { isInForce, listOf, textOf } from './register-index.ts'
import { CITY_ID, type DutySubject, type Snapshot } from './snapshot.ts'

type Selection = Pick<Obligation, 'subject'> & { duty: Pick<Obligation['duty'], 'select' | 'conditions'> | null }

/** `device` are all devices, whatever their kind; with the role `network` those that carry traffic. */
export function subjectsOf(rule: Selection, snapshot: Snapshot): DutySubject[] {
  const { role, agencies } = rule.duty?.select ?? {}
  return kindsOf(rule.subject)
    .flatMap(kind => bySubjectKind(snapshot).get(kind) ?? [])
    .filter(subject => {
      if (role !== undefined && !hasRole(subject, rule.subject, role, snapshot)) return false
      if (agencies === 'independent') return subject.independent
      return agencies !== 'not-independent' || !subject.independent
    })
}

function kindsOf(kind: SubjectKind): readonly SubjectKind[] {
  return kind === 'device' ? ['server', 'router', 'device'] : [kind]
}

function hasRole(subject: DutySubject, asked: SubjectKind, role: string, snapshot: Snapshot): boolean {
  if (asked === 'device' && role === 'network') return subject.kind === 'router' || subject.role === 'network'
  if (asked === 'server' && role === 'hosted') {
    const site = subject.siteId === null ? undefined : snapshot.subject(subject.siteId)
    return site?.role === 'data-centre'
  }
  return subject.role === role
}

const kinds = new WeakMap<Snapshot, Map<SubjectKind, DutySubject[]>>()

function bySubjectKind(snapshot: Snapshot): Map<SubjectKind, DutySubject[]> {
  const kept = kinds.get(snapshot)
  if (kept !== undefined) return kept
  const made = new Map<SubjectKind, DutySubject[]>()
  for (const subject of snapshot.subjects) {
    const known = made.get(subject.kind)
    if (known === undefined) made.set(subject.kind, [subject])
    else known.push(subject)
  }
  kinds.set(snapshot, made)
  return made
}

/** The first condition that does not hold for this subject, or null. */
export function unmetCondition(rule: Selection, subject: DutySubject, snapshot: Snapshot): string | null {
  return rule.duty?.conditions.find(condition => !holds(condition, subject, snapshot)) ?? null
}

function holds(condition: string, subject: DutySubject, snapshot: Snapshot): boolean {
  if (condition === 'independent-agency') return subject.independent
  if (condition === 'runs-electronic-system') return runsSystem(subject, snapshot)
  return [subject.id, subject.agencyId, null].some(about => {
    const decisions = snapshot.registers.about('decision', about === CITY_ID ? null : about)
    return decisions.some(record => textOf(record, 'topic') === condition && isInForce(record, snapshot.today))
  })
}

/** An agency runs an electronic system when a server, service or application of it is known. */
function runsSystem(subject: DutySubject, snapshot: Snapshot): boolean {
  const agencyId = subject.kind === 'agency' ? subject.id : subject.agencyId
  if (agencyId === null) return subject.kind === 'city'
  return operators(snapshot).has(agencyId)
}

const running = new WeakMap<Snapshot, Set<string>>()

function operators(snapshot: Snapshot): Set<string> {
  const kept = running.get(snapshot)
  if (kept !== undefined) return kept
  const made = new Set<string>()
  for (const { kind, agencyId } of snapshot.subjects) {
    if (agencyId !== null && (kind === 'server' || kind === 'service' || kind === 'application')) made.add(agencyId)
  }
  running.set(snapshot, made)
  return made
}

const exempted = new WeakMap<Snapshot, Map<string, Set<string>>>()

/** Whether an exemption in force takes this subject out of this duty: its own, its agency's, or one for the whole city. */
export function isExempt(rule: Pick<Rule, 'id'>, subject: DutySubject, snapshot: Snapshot): boolean {
  let byRule = exempted.get(snapshot)
  if (byRule === undefined) {
    byRule = new Map()
    for (const record of snapshot.registers.all('exemption')) {
      // Without a basis there is none, whoever entered it.
      if (!isInForce(record, snapshot.today) || record.legalBasis === null) continue
      for (const ruleId of listOf(record.fields.duties)) {
        const subjects = byRule.get(ruleId) ?? new Set<string>()
        for (const { id } of record.subjects) subjects.add(id)
        if (record.subjects.length === 0) subjects.add('')
        byRule.set(ruleId, subjects)
      }
    }
    exempted.set(snapshot, byRule)
  }
  const subjects = byRule.get(rule.id)
  if (subjects === undefined) return false
  return subjects.has('') || subjects.has(subject.id) || (subject.agencyId !== null && subjects.has(subject.agencyId))
}
