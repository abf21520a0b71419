// Where things stand: in an accepted data centre, far enough from it, in the country.

import { distanceKm, isInIndonesia } from '../../inventory/indonesia.ts'
import { decimalComma } from '../../platform/decimal-comma.ts'
import { dataCentres, ownedBy } from '../duties/belongings.ts'
import { isInForce, type KnownRecord, textOf } from '../duties/register-index.ts'
import type { DutySubject, Snapshot } from '../duties/snapshot.ts'
import {
  below,
  cautioned,
  type DutyInput,
  type DutyMeasure,
  measured,
  missing,
  NONE_MISSING,
  numberOf,
  parameterFlag,
  unmeasured,
  wordOf,
} from './duty-measure.ts'

const ACCEPTED = ['data-centre', 'national']
const UNKNOWN_PLACE = { id: 'Tempatnya belum tercatat.', en: 'Where it stands is not on record.' }

/** A server by the site that the inventory gives it, an application or data set by the register. */
export const placement: DutyMeasure = input => {
  const place = placeOf(input.subject, input.snapshot)
  if (place === null) return unmeasured(UNKNOWN_PLACE)
  if (!ACCEPTED.includes(place) && dataStandsThere(input)) {
    return measured(
      0,
      'count',
      cautioned(NONE_MISSING, 0),
      () => ({
        id: 'Di luar pusat data; data OPD ini sudah di sana, dan teks berbunyi "data dan/atau server". Perlu penjelasan.',
        en: 'Outside the data centre; the data of this agency stands there, and the text says "data and/or servers". It needs an explanation.',
      }),
      { place, data: 'data-centre' },
    )
  }
  return missing(
    ACCEPTED.includes(place) ? [] : [input.subject.name],
    1,
    { id: 'di pusat data', en: 'in the data centre' },
    { place },
  )
}

/** Where the text is content with the data: the agency has registered some, and all of it stands in the data centre. */
function dataStandsThere({ rule, subject, snapshot }: DutyInput): boolean {
  if (rule.parameters.dataSuffices?.value !== true || subject.agencyId === null) return false
  const data = ownedBy(snapshot, subject.agencyId).filter(({ kind }) => kind === 'dataset')
  return data.length > 0 && data.every(one => ACCEPTED.includes(placeOf(one, snapshot) ?? ''))
}

function placeOf(subject: DutySubject, snapshot: Snapshot): string | null {
  const rows = placementsOf(snapshot).get(`${subject.kind}\n${subject.name.toLowerCase()}`) ?? []
  const row = rows.find(record => isInForce(record, snapshot.today))
  if (row !== undefined) return textOf(row, 'place')
  const site = subject.siteId === null ? undefined : snapshot.subject(subject.siteId)
  return site === undefined ? null : site.role === 'office' ? 'agency' : site.role
}

const cache = new WeakMap<object, Map<string, KnownRecord[]>>()

function placementsOf(snapshot: Snapshot): Map<string, KnownRecord[]> {
  const kept = cache.get(snapshot.registers)
  if (kept !== undefined) return kept
  const made = new Map<string, KnownRecord[]>()
  for (const record of snapshot.registers.all('placement')) {
    const key = `${textOf(record, 'object')}\n${record.title.toLowerCase()}`
    made.set(key, [...(made.get(key) ?? []), record])
  }
  cache.set(snapshot.registers, made)
  return made
}

/** Great-circle distance from the nearest data centre, in km; null while coordinates are missing. */
export function distanceToDataCentreKm(snapshot: Snapshot, place: DutySubject): number | null {
  const centres = dataCentres(snapshot).filter(site => site.id !== place.id)
  const distances = centres.flatMap(centre =>
    centre.coordinates === null || place.coordinates === null
      ? []
      : [distanceKm(centre.coordinates, place.coordinates)],
  )
  return distances.length === 0 ? null : Math.min(...distances)
}

/**
 * The recovery centre stands far enough from the data centre. Where the text asks for the country, both must lie in it;
 * where it speaks of risks, the place is no better than at risk until a document says that they were looked at.
 */
export const drcDistance: DutyMeasure = input => {
  const { snapshot, subject } = input
  const least = numberOf(input, 'minDistanceDcDrcKm') ?? 0
  const asksCountry = wordOf(input, 'country') === 'ID'
  const sites = [subject, ...dataCentres(snapshot)]
  const abroad = asksCountry ? sites.filter(site => countryOf(snapshot, site) === 'abroad') : []
  const km = distanceToDataCentreKm(snapshot, subject)
  if (km === null && abroad.length === 0) {
    return unmeasured(
      { id: 'Koordinat pusat data atau DRC belum tercatat.', en: 'Coordinates of data centre or DRC are missing.' },
      below(least),
      'km',
    )
  }
  const isAssessed = !parameterFlag(input, 'riskAssessmentReferenceRequired') || hasRiskAssessment(input)
  const value = abroad.length > 0 ? 0 : (km ?? 0)
  const names = abroad.map(({ name }) => name).join(', ')
  return measured(
    value,
    'km',
    isAssessed ? below(least) : cautioned(below(least), value),
    () => ({
      id: `${abroad.length > 0 ? `Di luar Indonesia: ${names}. ` : ''}${km === null ? '–' : decimalComma(km, 1)} km dari pusat data; paling dekat ${least} km.${isAssessed ? '' : ' Kajian risiko lokasi belum tercatat.'}`,
      en: `${abroad.length > 0 ? `Outside Indonesia: ${names}. ` : ''}${km === null ? '–' : km.toFixed(1)} km from the data centre; at least ${least} km.${isAssessed ? '' : ' No risk assessment of the place is on record.'}`,
    }),
    { km, abroad: abroad.map(({ id }) => id), coordinates: subject.coordinates, isAssessed },
  )
}

/** As the register of placements says, else by coordinates; `unknown` where neither is there. */
export function countryOf(snapshot: Snapshot, site: DutySubject): 'ID' | 'abroad' | 'unknown' {
  const said = snapshot.registers
    .about('placement', site.id)
    .filter(record => textOf(record, 'object') === 'site' && isInForce(record, snapshot.today))
    .map(record => textOf(record, 'country'))
    .find(country => country !== null)
  if (said !== undefined && said !== null) return said.toUpperCase() === 'ID' ? 'ID' : 'abroad'
  if (site.coordinates === null) return 'unknown'
  return isInIndonesia(site.coordinates) ? 'ID' : 'abroad'
}

/** A document of the theme about the site, or about the city as a whole. */
function hasRiskAssessment({ snapshot, subject, rule, theme }: DutyInput): boolean {
  return [subject.id, null].some(about =>
    snapshot.registers.forDuty('document', about, rule.id, theme).some(record => isInForce(record, snapshot.today)),
  )
}
