// What agents and probes see of devices, servers, sites and names, held against what is allowed.

import { SEVERITIES } from '../../../protocol/vocabulary.ts'
import { decimalComma } from '../../platform/decimal-comma.ts'
import { addMonths, dayNumber } from '../civil-date.ts'
import { isInForce, textOf } from '../duties/register-index.ts'
import {
  above,
  below,
  type DutyInput,
  type DutyMeasure,
  measured,
  missing,
  NONE_REGISTERED,
  NOT_WATCHED,
  numberOf,
  parameterFlag,
  unmeasured,
  wordOf,
  wordsOf,
} from './duty-measure.ts'
import { isCovered } from './records-kept.ts'

const HOUR_MS = 3_600_000
const DAY_MS = 86_400_000

/** A change that was seen, is older than the grace, and no approved change record covers. */
export const configHashChange: DutyMeasure = input => {
  const graceMs = (numberOf(input, 'changeRecordGraceHours') ?? 24) * HOUR_MS
  return uncovered(input, input.snapshot.ports.configurationChanges(input.subject.id), graceMs)
}

export const fileIntegrity: DutyMeasure = input => {
  const graceMs = (numberOf(input, 'unexplainedChangeGraceHours') ?? 24) * HOUR_MS
  return uncovered(input, input.snapshot.ports.fileChanges(input.subject.id), graceMs)
}

function uncovered(input: DutyInput, seen: readonly { at: number; what: string }[] | null, graceMs: number) {
  if (seen === null) return unmeasured(NOT_WATCHED)
  const bare = seen.filter(({ at }) => input.snapshot.at - at > graceMs && !isCovered(input, at, graceMs))
  return missing(
    bare.map(({ what }) => what),
    seen.length,
    { id: 'perubahan dengan catatan', en: 'changes on record' },
    { newestAt: seen[0]?.at ?? null },
  )
}

export const unknownDevice: DutyMeasure = input => {
  const { snapshot, subject } = input
  const seen = snapshot.ports.unknownDevices(subject.id)
  if (seen === null) return unmeasured(NOT_WATCHED)
  const graceMs = (numberOf(input, 'coordinationGraceHours') ?? 24) * HOUR_MS
  const approved = snapshot.registers
    .about('approval', subject.id)
    .filter(record => textOf(record, 'state') === 'granted' && isInForce(record, snapshot.today))
  const strange = seen.filter(
    ({ at, what }) => snapshot.at - at > graceMs && !approved.some(record => textOf(record, 'item') === what),
  )
  return missing(
    strange.map(({ what }) => what),
    seen.length,
    { id: 'perangkat terkoordinasi', en: 'devices that were told of' },
  )
}

export const pathCheck: DutyMeasure = input => {
  const path = input.snapshot.ports.path(input.subject.id)
  if (path === null) return unmeasured(NOT_WATCHED)
  return missing(
    path.throughGovernment ? [] : [input.subject.name],
    1,
    { id: 'melalui jaringan intra', en: 'through the intra network' },
    { checkedAt: path.checkedAt },
  )
}

export const securityPosture: DutyMeasure = input => {
  const { ports, today, at } = input.snapshot
  const controls = ports.posture(input.subject.id)
  const updates = ports.securityUpdates(input.subject.id)
  const required = wordsOf(input, 'requiredControls')
  const absent = required.filter(name => controls?.[name] === false)
  const unseen = [
    ...required.filter(name => controls?.[name] === undefined),
    ...(updates === null ? ['security updates'] : []),
  ]
  const days = numberOf(input, 'maxPatchAgeDays')
  const pendingSince = updates?.pendingSince ?? null
  const old = pendingSince !== null && days !== null && at - pendingSince > days * DAY_MS
  // What is known to be missing decides, however little else was looked at.
  if (unseen.length > 0 && absent.length === 0 && !old) {
    if (controls === null && updates === null) return unmeasured(NOT_WATCHED)
    return unmeasured({
      id: `Belum ada yang mengukur: ${unseen.join(', ')}.`,
      en: `Nothing measures yet: ${unseen.join(', ')}.`,
    })
  }
  return missing(
    [...absent, ...(old ? [`security updates > ${days} d`] : [])],
    required.length + 1,
    { id: 'pengendalian keamanan', en: 'security controls' },
    { controls, securityUpdatesPendingSince: pendingSince, today },
  )
}

/** Privileged accounts that nobody appointed. */
export const accessList: DutyMeasure = input => {
  const { snapshot, subject } = input
  const accounts = snapshot.ports.privilegedAccounts(subject.id)
  if (accounts === null) return unmeasured(NOT_WATCHED)
  const everyDays = numberOf(input, 'accessReviewEveryDays')
  const withLetter = parameterFlag(input, 'appointmentLetterRequired')
  const appointed = snapshot.registers.about('contact', subject.id).filter(
    record =>
      isInForce(record, snapshot.today) &&
      /admin/i.test(textOf(record, 'role') ?? '') &&
      // Nobody looked at the list for too long, or the letter that appoints is not on file.
      (everyDays === null || snapshot.at - record.enteredAt <= everyDays * DAY_MS) &&
      (!withLetter || record.files > 0),
  )
  const known = new Set(appointed.map(record => textOf(record, 'person')?.toLowerCase()))
  return missing(
    accounts.filter(account => !known.has(account.toLowerCase())),
    accounts.length,
    { id: 'akun yang ditunjuk', en: 'accounts that were appointed' },
  )
}

export const certExpiry: DutyMeasure = input => {
  const { ports } = input.snapshot
  const limits = below(numberOf(input, 'certBreachDays') ?? 0, numberOf(input, 'certWarnDays'))
  const certificate = ports.certificate(input.subject.id)
  if (certificate === null) return unmeasured(NOT_WATCHED, limits, 'days')
  const { daysLeft, chainValid } = certificate
  const value = chainValid ? daysLeft : Math.min(daysLeft, -1)
  return measured(
    value,
    'days',
    limits,
    () => ({
      id: chainValid ? `Sertifikat berlaku ${daysLeft} hari lagi.` : 'Rantai sertifikat tidak sah.',
      en: chainValid ? `The certificate holds for ${daysLeft} days.` : 'The chain of the certificate does not hold.',
    }),
    { daysLeft, chainValid },
  )
}

/** A name ends with the official domain; a path under the portal counts where the text allows it. */
export const domainSuffix: DutyMeasure = input => {
  const { subject, snapshot } = input
  const official = wordOf(input, 'officialDomain')
  const domain = subject.fields.domain
  if (subject.kind === 'agency') return unmeasured(NONE_REGISTERED)
  if (subject.kind === 'city') return unmeasured({ id: 'Dinilai pada tiap layanan.', en: 'Judged on each service.' })
  if (official === null)
    return unmeasured({ id: 'Domain resmi belum ditetapkan.', en: 'No official domain has been set.' })
  if (typeof domain !== 'string' || domain === '') {
    return unmeasured({ id: 'Domain layanan belum tercatat.', en: 'The domain of the service is not on record.' })
  }
  const name = domain.toLowerCase().replace(/\.$/, '')
  const below_ = name.endsWith(`.${official}`)
  const path =
    parameterFlag(input, 'pathUnderPortalAllowed') && name === official && typeof subject.fields.path === 'string'
  const resolves = snapshot.ports.domainResolves(subject.id)
  const wrong = [...(below_ || path ? [] : [name]), ...(resolves === false ? [`${name} (DNS)`] : [])]
  return missing(
    wrong,
    1,
    { id: `di bawah ${official}`, en: `under ${official}` },
    { domain: name, official, resolves },
  )
}

export const contentFreshness: DutyMeasure = input => {
  const limit = numberOf(input, 'maxContentAgeDays') ?? 7
  const newest = input.snapshot.ports.newestContentAt(input.subject.id)
  if (newest === null) return unmeasured(NOT_WATCHED, above(limit), 'days')
  const days = (input.snapshot.at - newest) / DAY_MS
  return measured(
    days,
    'days',
    above(limit, limit * 0.8),
    () => ({
      id: `Isi terbaru ${decimalComma(days, 1)} hari, batas ${limit} hari.`,
      en: `Newest content is ${days.toFixed(1)} days old, limit ${limit}.`,
    }),
    { newestContentAt: newest },
  )
}

/** Each incident of the last month has its ticket in time. */
export const incidentLog: DutyMeasure = input => {
  const { at, today, ports } = input.snapshot
  const from = dayNumber(addMonths(today, -1)) * DAY_MS
  const incidents = ports.incidents(input.subject.id, { from, to: at })
  if (incidents === null) return unmeasured(NOT_WATCHED)
  if (incidents.length === 0)
    return unmeasured({ id: 'Tidak ada insiden dalam sebulan.', en: 'No incident within a month.' })
  const graceMs = (numberOf(input, 'alertToTicketMaxMinutes') ?? 15) * 60_000
  const bare = incidents.filter(({ openedAt, ticketAt }) =>
    ticketAt === null ? at - openedAt > graceMs : ticketAt - openedAt > graceMs,
  )
  // That the tickets came in time says nothing of what stands in them.
  const unread = wordsOf(input, 'requiredFields').filter(name => name !== 'openedAt')
  if (bare.length === 0 && unread.length > 0) {
    return unmeasured({
      id: `Isi tiket ini belum diperiksa: ${unread.join(', ')}.`,
      en: `Nobody looks at this part of a ticket yet: ${unread.join(', ')}.`,
    })
  }
  return missing(
    bare.map(({ number }) => `#${number}`),
    incidents.length,
    { id: 'insiden dengan tiket', en: 'incidents with a ticket in time' },
  )
}

/** "Segera" has no number: the clock is Diskominfo's. */
export const incidentReportLatency: DutyMeasure = input => {
  const { at, today, ports } = input.snapshot
  const from = dayNumber(addMonths(today, -1)) * DAY_MS
  const limit = numberOf(input, 'reportToDinasWithinHours') ?? 4
  const ranks: readonly string[] = SEVERITIES
  const serious = ranks.indexOf(wordOf(input, 'seriousSeverityFrom') ?? 'high')
  const incidents = ports.incidents(input.subject.id, { from, to: at })
  if (incidents === null) return unmeasured(NOT_WATCHED, above(limit), 'hours')
  const counted = incidents.filter(({ severity }) => ranks.indexOf(severity) <= serious)
  if (counted.length === 0) {
    return unmeasured(
      { id: 'Tidak ada insiden berat dalam sebulan.', en: 'No serious incident within a month.' },
      above(limit),
      'hours',
    )
  }
  const hours = Math.max(...counted.map(({ openedAt, reportedAt }) => ((reportedAt ?? at) - openedAt) / HOUR_MS))
  return measured(
    hours,
    'hours',
    above(limit),
    () => ({
      id: `Laporan paling lambat ${decimalComma(hours, 1)} jam, batas ${limit} jam.`,
      en: `Slowest report ${hours.toFixed(1)} h, limit ${limit} h.`,
    }),
    { incidents: counted.map(({ number }) => number) },
  )
}
