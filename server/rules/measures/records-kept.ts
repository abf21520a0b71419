// Duties that a register answers: what must be there, and what a row must say.
import { dateOfDay, dayNumber } from '../civil-date.ts'
import { ownedBy } from '../duties/belongings.ts'
import { isInForce, type KnownRecord, listOf, textOf } from '../duties/register-index.ts'
import {
  type DutyInput,
  type DutyMeasure,
  missing,
  NONE_MISSING,
  numberOf,
  unmeasured,
  wordOf,
  wordsOf,
} from './duty-measure.ts'

const NOTHING_ON_RECORD = { id: 'Belum ada catatan dalam register.', en: 'Nothing is on record yet.' }

/** In force, or ended no longer ago than `graceDays`. */
function aboutSubject({ snapshot, subject }: DutyInput, kind: string, graceDays = 0): KnownRecord[] {
  const about = snapshot.registers.about(kind, subject.kind === 'city' ? null : subject.id)
  const lately = dateOfDay(dayNumber(snapshot.today) - graceDays)
  return about.filter(
    record => isInForce({ ...record, validUntil: null }, snapshot.today) && (record.validUntil ?? lately) >= lately,
  )
}

/** Rows about a service, an application or a data set name it, for these have no id of their own in most registers. */
function naming({ snapshot, subject }: DutyInput, kind: string, field: string): KnownRecord[] {
  const name = subject.name.toLowerCase()
  return snapshot.registers
    .all(kind)
    .filter(record => isInForce(record, snapshot.today) && textOf(record, field)?.toLowerCase() === name)
}

const isRegistered = (subject: DutyInput['subject']) => ['service', 'application', 'dataset'].includes(subject.kind)

/** Each row has its owner and was looked over lately. */
export const registerComplete: DutyMeasure = input => {
  const { subject, snapshot } = input
  const register = wordOf(input, 'register') ?? ''
  if (isRegistered(subject)) {
    const wanted = fieldsAsked(input)
    const absent = wanted.filter(name => !isSaid(subject.fields[name]))
    return missing(absent, wanted.length, { id: 'isian register', en: 'fields of the register' }, { wanted })
  }
  const rows = aboutSubject(input, register)
  if (rows.length === 0) return unmeasured(NOTHING_ON_RECORD)
  const auditors = wordsOf(input, 'auditors')
  const every = numberOf(input, 'registerReviewEveryDays')
  const wrong = rows.filter(record => {
    const by = textOf(record, 'auditorKind')
    if (auditors.length > 0 && (by === null || !auditors.includes(by))) return true
    if (wordsOf(input, 'requiredFields').some(name => !isSaid(record.fields[name]))) return true
    if ('owner' in record.fields ? record.fields.owner === '' : register === 'asset') return true
    return every !== null && register !== 'audit' && isStale(record, every, snapshot.at)
  })
  return missing(
    wrong.map(({ title }) => title),
    rows.length,
    { id: 'lengkap dan ditinjau', en: 'complete and looked over' },
    { register },
  )
}

/** What a row must say for this duty; where the duty does not name it, who owns the thing. */
function fieldsAsked(input: DutyInput): readonly string[] {
  const asked = wordsOf(input, 'requiredFields')
  return asked.length === 0 ? ['owner'] : asked
}

const isSaid = (value: unknown) => value !== undefined && value !== null && value !== '' && value !== false

function isStale(record: KnownRecord, days: number, at: number): boolean {
  return at - record.enteredAt > days * 86_400_000
}

/** What is new carries the permission that the text asks for. */
export const approvalRecord: DutyMeasure = input => {
  const { subject, snapshot, rule, theme } = input
  const type = wordOf(input, 'approvalType') ?? 'approval'
  const graceMs = (numberOf(input, 'approvalGraceAfterFirstSeenHours') ?? 24) * 3_600_000
  const horizon = numberOf(input, 'planningHorizonYears')
  const isGranted = (record: KnownRecord) =>
    textOf(record, 'approvalType') === type &&
    textOf(record, 'state') === 'granted' &&
    isInForce(record, snapshot.today) &&
    // What was not planned far enough ahead was not approved as the text asks, nor was what nobody signed.
    (horizon === null || (typeof record.fields.planningYears === 'number' && record.fields.planningYears >= horizon)) &&
    (wordOf(input, 'approver') === null || textOf(record, 'approver') !== null)
  const isNamed = (name: string) => (record: KnownRecord) =>
    textOf(record, 'item')?.toLowerCase() === name.toLowerCase()
  if (isRegistered(subject)) {
    const granted = snapshot.registers.all('approval').filter(isGranted).some(isNamed(subject.name))
    const late = snapshot.at - subject.since > graceMs
    return granted || late
      ? missing(granted ? [] : [subject.name], 1, { id: `${type} tercatat`, en: `${type} on record` }, { type })
      : unmeasured({ id: 'Baru didaftarkan.', en: 'Registered only just now.' })
  }
  const records = snapshot.registers.forDuty('approval', subject.kind === 'city' ? null : subject.id, rule.id, theme)
  const begins = input.clockStarts
  const begun = dayNumber(begins) * 86_400_000
  const fresh = ownedBy(snapshot, subject.id).filter(
    ({ kind, since }) =>
      (kind === 'server' || kind === 'router' || kind === 'device') && snapshot.at - since > graceMs && since >= begun,
  )
  const items = records.filter(record => textOf(record, 'approvalType') === type)
  if (fresh.length + items.length === 0) {
    return unmeasured({ id: 'Belum ada yang dimintakan atau dipasang.', en: 'Nothing was asked for or installed yet.' })
  }
  const bare = fresh.filter(
    device =>
      !records.some(
        record =>
          isGranted(record) && (isNamed(device.name)(record) || record.subjects.some(({ id }) => id === device.id)),
      ),
  )
  const refused = items.filter(record => !isGranted(record))
  return missing(
    [...bare.map(({ name }) => name), ...refused.map(({ title }) => title)],
    fresh.length + items.length,
    { id: `${type} tercatat`, en: `${type} on record` },
    { type },
  )
}

/** Each change that was entered says who did it and who approved it, and none that was seen lacks its record. */
export const changeRecord: DutyMeasure = input => {
  const { snapshot, subject } = input
  const seen = snapshot.ports.configurationChanges(subject.id)
  const rows = aboutSubject(input, 'change')
  if (seen === null && rows.length === 0) return unmeasured(NOTHING_ON_RECORD)
  const graceMs = (numberOf(input, 'changeRecordGraceHours') ?? 24) * 3_600_000
  const bare = (seen ?? []).filter(change => snapshot.at - change.at > graceMs && !isCovered(input, change.at, graceMs))
  const open = rows.filter(record => textOf(record, 'approvedBy') === null)
  return missing(
    [...bare.map(({ what }) => what), ...open.map(({ title }) => title)],
    rows.length + (seen?.length ?? 0),
    { id: 'catatan dengan persetujuan', en: 'records with an approval' },
  )
}

/** Whether a change that was seen is on record, approved, and dated close to it. */
export function isCovered(input: DutyInput, at: number, graceMs: number): boolean {
  const day = Math.floor(at / 86_400_000)
  const near = Math.max(1, Math.ceil(graceMs / 86_400_000))
  return input.snapshot.registers.about('change', input.subject.id).some(record => {
    const changedOn = textOf(record, 'changedOn')
    return changedOn !== null && textOf(record, 'approvedBy') !== null && Math.abs(dayNumber(changedOn) - day) <= near
  })
}

export const ownerAssigned: DutyMeasure = input => {
  const { subject } = input
  const least = numberOf(input, 'minContacts') ?? 1
  const roles = wordsOf(input, 'roles')
  const contacts = isRegistered(subject)
    ? naming(input, 'contact', 'service')
    : aboutSubject(input, 'contact', numberOf(input, 'vacantContactGraceDays') ?? 0)
  if (isRegistered(subject) && contacts.length === 0 && typeof subject.fields.owner === 'string') {
    return missing([], 1, { id: 'penanggung jawab', en: 'contacts' })
  }
  const wanted = roles.length > 0 ? roles : Array.from({ length: least }, (_, index) => `#${index + 1}`)
  const present = new Set(contacts.map(record => textOf(record, 'role')?.toLowerCase()))
  const absent =
    roles.length > 0 ? roles.filter(role => !present.has(role.toLowerCase())) : wanted.slice(contacts.length)
  return missing(absent, wanted.length, { id: 'penanggung jawab', en: 'contacts' }, { contacts: contacts.length })
}

export const slaRegister: DutyMeasure = input => {
  const rows = naming(input, 'sla', 'service').filter(({ fields }) =>
    [fields.availabilityPct, fields.responseHours, fields.resolutionHours].some(value => typeof value === 'number'),
  )
  return missing(rows.length > 0 ? [] : [input.subject.name], 1, { id: 'SLA dengan angka', en: 'an SLA with numbers' })
}

/** A channel, someone who answers, hours, and a written procedure. */
export const serviceDesk: DutyMeasure = input => {
  const desks = aboutSubject(input, 'contact').filter(record => /desk|meja/i.test(textOf(record, 'role') ?? ''))
  if (desks.length === 0) return missing(['meja layanan'], 3, { id: 'meja layanan', en: 'service desk' })
  const documents = input.snapshot.registers.forDuty(
    'document',
    input.subject.kind === 'city' ? null : input.subject.id,
    input.rule.id,
    input.theme,
  )
  const absent = [
    ...(desks.some(record => textOf(record, 'hours') !== null) ? [] : ['jam layanan']),
    ...(documents.some(record => textOf(record, 'documentType') === 'sop') ? [] : ['SOP']),
  ]
  return missing(absent, 3, { id: 'meja layanan, jam, SOP', en: 'desk, hours, SOP' })
}

export const assetRegister: DutyMeasure = input => {
  const classes = wordsOf(input, 'deviceClasses').map(word => word.toLowerCase())
  const rows = aboutSubject(input, 'asset').filter(
    record => classes.length === 0 || classes.includes((textOf(record, 'class') ?? '').toLowerCase()),
  )
  if (rows.length === 0) return unmeasured(NOTHING_ON_RECORD)
  const wrong = rows.filter(record =>
    ['owner', 'acquiredOn', 'condition'].some(field => textOf(record, field) === null),
  )
  return missing(
    wrong.map(({ title }) => title),
    rows.length,
    { id: 'pemilik, usia, kondisi', en: 'owner, age, condition' },
  )
}

export const assetHealth: DutyMeasure = input => {
  const [asset] = aboutSubject(input, 'asset')
  if (asset === undefined) return unmeasured(NOTHING_ON_RECORD)
  const fields: Record<string, string> = { age: 'acquiredOn', condition: 'condition' }
  const refreshHours = numberOf(input, 'conditionRefreshEveryHours')
  const isOld = refreshHours !== null && input.snapshot.at - asset.enteredAt > refreshHours * 3_600_000
  const absent = wordsOf(input, 'requiredFields').filter(
    name => textOf(asset, fields[name] ?? name) === null || (name === 'condition' && isOld),
  )
  return missing(absent, 2, { id: 'usia dan kondisi', en: 'age and condition' }, { asset: asset.id })
}

/** Each exemption that is claimed has decree and basis; what was allowed for a time has not run past it. */
export const exemptionRegister: DutyMeasure = input => {
  const { subject, snapshot } = input
  const rows = aboutSubject(input, 'exemption')
  // Only where the text knows independent agencies does their decree answer the duty.
  const independent = subject.independent && input.theme === 'pd-mandiri'
  if (rows.length === 0 && !independent) {
    return unmeasured({ id: 'Tidak ada pengecualian tercatat.', en: 'No exemption is on record.' })
  }
  const end = wordOf(input, 'transitionEnd')
  const wrong = rows.filter(
    record =>
      (textOf(record, 'decree') === null && input.rule.parameters.decreeNumberRequired?.value !== false) ||
      record.legalBasis === null ||
      listOf(record.fields.duties).length === 0 ||
      (end !== null && end < snapshot.today && (record.validUntil === null || record.validUntil > end)),
  )
  const undecreed = independent && subject.fields.independentDecree === '' ? ['PD Mandiri TIK'] : []
  return missing([...wrong.map(({ title }) => title), ...undecreed], Math.max(1, rows.length), {
    id: 'keputusan dan dasar hukum',
    en: 'decree and legal basis',
  })
}

export const colocationRegister: DutyMeasure = input => {
  const rows = aboutSubject(input, 'colocation')
  if (rows.length === 0) {
    return input.subject.kind === 'server'
      ? missing([input.subject.name], 1, { id: 'catatan kolokasi', en: 'colocation on record' })
      : unmeasured(NOTHING_ON_RECORD)
  }
  const wrong = rows.filter(record => ['owner', 'rack', 'agreement'].some(field => textOf(record, field) === null))
  return missing(
    wrong.map(({ title }) => title),
    rows.length,
    { id: 'pemilik, rak, perjanjian', en: 'owner, rack, agreement' },
  )
}

/** Each agency has a granted bandwidth. */
export const bandwidthAllocation: DutyMeasure = input => {
  const found = input.snapshot.ports.bandwidth(input.subject.id, 0)
  if (found === null) return unmeasured(NOTHING_ON_RECORD, NONE_MISSING)
  // What all agencies get counts for those to whom nothing else was granted.
  const granted = (found.allocatedBps ?? numberOf(input, 'allocationPerOpdMbps') ?? 0) > 0
  return missing(granted ? [] : [input.subject.name], 1, { id: 'alokasi', en: 'allocation' })
}
