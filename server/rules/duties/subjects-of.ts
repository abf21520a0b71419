// On whom a duty is judged. Pure.
import { NETWORK_EDGES, type SubjectKind } from '../../../protocol/duty-words.ts'
import { type Obligation, parameterValueOf } from '../pack.ts'
import { rolesOf } from '../regulation-pack.ts'
import { saysYes } from './conditions.ts'
import { isInForce, type KnownRecord, listOf, textOf } from './register-index.ts'
import { CITY_ID, type DutySubject, type Snapshot } from './snapshot.ts'

type Selection = Pick<Obligation, 'subject' | 'parameters'> & {
  duty: Pick<Obligation['duty'], 'select' | 'conditions'> | null
}

/**
 * With `eachAgencyHasOne` an agency that has none of what is meant stands for itself, so that nobody takes its silence for
 * a good sign. `device` are all devices, whatever their kind; with the role `network` those that carry traffic.
 */
export function subjectsOf(rule: Selection, snapshot: Snapshot): DutySubject[] {
  const { agencies, ...select } = rule.duty?.select ?? {}
  const roles = rolesOf(select)
  const inner = ORDER_OF_EDGES.indexOf(parameterValueOf(rule, 'beyond'))
  const edge = ORDER_OF_EDGES.indexOf(parameterValueOf(rule, 'demarcation'))
  const found = kindsOf(rule.subject)
    .flatMap(kind => bySubjectKind(snapshot).get(kind) ?? [])
    .filter(subject => {
      if (roles.length > 0 && !roles.some(role => hasRole(subject, rule.subject, role, snapshot))) return false
      if (edge >= 0 && reachOf(subject) > edge) return false
      if (inner >= 0 && reachOf(subject) <= inner) return false
      if (agencies === 'independent') return subject.independent
      return agencies !== 'not-independent' || !subject.independent
    })
  if (parameterValueOf(rule, 'eachAgencyHasOne') !== true) return found
  const having = new Set(found.map(({ agencyId }) => agencyId))
  return [...found, ...(bySubjectKind(snapshot).get('agency') ?? []).filter(({ id }) => !having.has(id))]
}

const ORDER_OF_EDGES: readonly unknown[] = NETWORK_EDGES

/** Links say how far in they lie; one that does not lies between sites. */
function reachOf({ fields }: DutySubject): number {
  return Math.max(0, ORDER_OF_EDGES.indexOf(fields.reach))
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
    return decisions.some(
      record => textOf(record, 'topic') === condition && saysYes(record) && isInForce(record, snapshot.today),
    )
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

const exempted = new WeakMap<Snapshot, Map<string, KnownRecord[]>>()
type Exemptible = { id: string; duty: Pick<Obligation['duty'], 'exemptions'> | null }

/** Whether an exemption in force takes this subject out of this duty: its own, its agency's, or one for the whole city. */
export function isExempt(rule: Exemptible, subject: DutySubject, snapshot: Snapshot): boolean {
  let byRule = exempted.get(snapshot)
  if (byRule === undefined) {
    byRule = new Map()
    for (const record of snapshot.registers.all('exemption')) {
      // Without a basis there is none, whoever entered it.
      if (!isInForce(record, snapshot.today) || record.legalBasis === null) continue
      for (const ruleId of listOf(record.fields.duties)) {
        byRule.set(ruleId, [...(byRule.get(ruleId) ?? []), record])
      }
    }
    exempted.set(snapshot, byRule)
  }
  return (byRule.get(rule.id) ?? []).some(
    record =>
      isNamedGround(record.fields.ground, rule) &&
      (record.subjects.length === 0 ||
        record.subjects.some(({ id }) => id === subject.id || (subject.agencyId !== null && id === subject.agencyId))),
  )
}

/**
 * An exemption that names its ground counts only where the text of the duty knows that ground; one that names none rests
 * on other law, which its legal basis cites.
 */
export function isNamedGround(ground: unknown, { duty }: Pick<Exemptible, 'duty'>): boolean {
  return typeof ground !== 'string' || duty?.exemptions.some(({ id }) => id === ground) === true
}
