// Backups as the duties see them. A copy that nobody reports is no copy: without reports the duty is unmeasured.
import { decimalComma } from '../../platform/decimal-comma.ts'
import { ownedBy } from '../duties/belongings.ts'
import { parameterValueOf } from '../pack.ts'
import {
  above,
  below,
  cautioned,
  type DutyInput,
  type DutyMeasure,
  measured,
  missing,
  NOT_WATCHED,
  numberOf,
  unmeasured,
  wordOf,
} from './duty-measure.ts'
import { distanceToDataCentreKm } from './placement.ts'

const HOUR_MS = 3_600_000

export const backupAge: DutyMeasure = input => {
  const limitHours = ageLimitHours(input)
  const limits = above(limitHours, numberOf(input, 'backupWarnAgeHours'))
  const backup = input.snapshot.ports.backup(input.subject.id)
  if (backup === null) return unmeasured(NOT_WATCHED, limits, 'hours')
  const { at } = input.snapshot
  // Watched, and never a good run: as old as the data set itself.
  const hours = (at - (backup.lastGoodAt ?? input.subject.since)) / HOUR_MS
  const shrunk =
    backup.sizeRatio !== null &&
    backup.sizeRatio < (numberOf(input, 'minSizeRatio') ?? backup.limits?.leastSizeRatio ?? 0)
  const copies = backup.copies.filter(({ place }) => place === 'data-centre').length
  const short = copies < (numberOf(input, 'requiredCopiesInPusatData') ?? 0)
  const value = short ? Math.max(hours, limitHours + 1) : hours
  const unclassed =
    input.rule.parameters.urgencyClassRequired?.value === true && typeof input.subject.fields.urgency !== 'string'
  return measured(
    value,
    'hours',
    shrunk || unclassed ? cautioned(limits, value) : limits,
    () => ({
      id: `Cadangan baik terakhir ${decimalComma(hours, 1)} jam lalu, batas ${limitHours} jam${short ? '; salinan di pusat data kurang' : ''}${shrunk ? '; ukurannya menyusut' : ''}${unclassed ? '; kelas urgensi belum dicatat' : ''}.`,
      en: `Last good backup ${hours.toFixed(1)} h ago, limit ${limitHours} h${short ? '; copies in the data centre are missing' : ''}${shrunk ? '; it has shrunk' : ''}${unclassed ? '; its urgency is not on record' : ''}.`,
    }),
    { lastGoodAt: backup.lastGoodAt, sizeRatio: backup.sizeRatio, copiesInDataCentre: copies, limitHours },
  )
}

/** By the urgency of the data where the pack says so (Depok), else one for all, else what Diskominfo asks of its class. */
export function ageLimitHours(input: DutyInput): number {
  const byUrgency = parameterValueOf(input.rule, 'backupMaxAgeByUrgencyHours')
  const urgency = String(input.subject.fields.urgency ?? wordOf(input, 'defaultUrgencyClass') ?? 'medium')
  if (typeof byUrgency === 'object' && byUrgency !== null && !Array.isArray(byUrgency)) {
    const hours = (byUrgency as Record<string, number>)[urgency]
    if (typeof hours === 'number') return hours
  }
  const ofClass = input.snapshot.ports.backup(input.subject.id)?.limits?.maxAgeHours
  return numberOf(input, 'backupBreachAgeHours') ?? ofClass ?? 168
}

/** Data sets and servers of an agency without a good copy. */
export const backupCoverage: DutyMeasure = input => {
  const { snapshot, subject } = input
  const allowed = numberOf(input, 'maxUncoveredServers') ?? 0
  const own = ownedBy(snapshot, subject.id).filter(({ kind }) => kind === 'dataset')
  if (own.length === 0) {
    return unmeasured({ id: 'Belum ada data yang didaftarkan.', en: 'No data set is registered.' }, above(allowed))
  }
  const known = own.map(dataset => ({ dataset, backup: snapshot.ports.backup(dataset.id) }))
  if (known.every(({ backup }) => backup === null)) return unmeasured(NOT_WATCHED, above(allowed))
  const limitMs = (numberOf(input, 'backupBreachAgeHours') ?? Number.POSITIVE_INFINITY) * HOUR_MS
  const bare = known
    .filter(({ backup }) => backup === null || backup.lastGoodAt === null || snapshot.at - backup.lastGoodAt > limitMs)
    .map(({ dataset }) => dataset.name)
  return missing(bare, own.length, { id: 'data dengan cadangan', en: 'data sets with a backup' }).map(one => ({
    ...one,
    limits: above(allowed),
  }))
}

/** At least one copy stands far enough from the data centre. */
export const backupOffsite: DutyMeasure = input => {
  const { snapshot } = input
  const least = numberOf(input, 'minDistanceDcBackupKm') ?? 0
  const backup = snapshot.ports.backup(input.subject.id)
  if (backup === null) return unmeasured(NOT_WATCHED, below(least), 'km')
  const distances = backup.copies.flatMap(({ siteId }) => {
    const site = siteId === null ? undefined : snapshot.subject(siteId)
    if (site?.role === 'data-centre') return [0]
    const km = site === undefined ? null : distanceToDataCentreKm(snapshot, site)
    return km === null ? [] : [km]
  })
  if (distances.length === 0 && backup.copies.length > 0) {
    return unmeasured(
      { id: 'Lokasi salinan tanpa koordinat.', en: 'The copies stand at sites without coordinates.' },
      below(least),
      'km',
    )
  }
  const farthest = Math.max(0, ...distances)
  return measured(
    farthest,
    'km',
    below(least),
    () => ({
      id: `Salinan terjauh ${decimalComma(farthest, 1)} km, paling dekat ${least} km.`,
      en: `Farthest copy ${farthest.toFixed(1)} km away, at least ${least} km.`,
    }),
    { farthestKm: farthest, copies: backup.copies.length },
  )
}
