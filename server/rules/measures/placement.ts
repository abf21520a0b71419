// Where things stand: in an accepted data centre, far enough from it, in the country.
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

type Coordinates = { latitude: number; longitude: number }

/** Haversine on a sphere of 6,371 km: off by at most half a per cent. */
export function distanceKm(from: Coordinates, to: Coordinates): number {
  const radians = (degrees: number) => (degrees * Math.PI) / 180
  const [latitude, longitude] = [radians(to.latitude - from.latitude), radians(to.longitude - from.longitude)]
  const h =
    Math.sin(latitude / 2) ** 2 +
    Math.cos(radians(from.latitude)) * Math.cos(radians(to.latitude)) * Math.sin(longitude / 2) ** 2
  return 2 * 6371 * Math.asin(Math.sqrt(h))
}

/** The recovery centre stands far enough from the data centre. Indonesia is held by its bounds where `country` is asked. */
export const drcDistance: DutyMeasure = input => {
  const least = numberOf(input, 'minDistanceDcDrcKm') ?? 0
  const km = distanceToDataCentreKm(input.snapshot, input.subject)
  if (km === null) {
    return unmeasured(
      { id: 'Koordinat pusat data atau DRC belum tercatat.', en: 'Coordinates of data centre or DRC are missing.' },
      below(least),
      'km',
    )
  }
  const abroad = wordOf(input, 'country') === 'ID' && !isInIndonesia(input.subject.coordinates)
  const bare = input.rule.parameters.riskAssessmentReferenceRequired?.value === true && !hasRiskAssessment(input)
  const value = abroad ? 0 : km
  return measured(
    value,
    'km',
    bare ? cautioned(below(least), value) : below(least),
    () => ({
      id: `${abroad ? 'Di luar Indonesia' : `${km.toFixed(1)} km dari pusat data; paling dekat ${least} km`}${bare ? '; kajian risiko belum dicatat' : ''}.`,
      en: `${abroad ? 'Outside Indonesia' : `${km.toFixed(1)} km from the data centre; at least ${least} km`}${bare ? '; no assessment of risks is on record' : ''}.`,
    }),
    { km, abroad, coordinates: input.subject.coordinates },
  )
}

/** A document for this duty, or of its theme, about the site or the city. */
function hasRiskAssessment({ snapshot, subject, rule, theme }: DutyInput): boolean {
  return [subject.id, null].some(about =>
    snapshot.registers.forDuty('document', about, rule.id, theme).some(record => isInForce(record, snapshot.today)),
  )
}

function isInIndonesia(place: Coordinates | null): boolean {
  return (
    place !== null &&
    place.latitude >= -11.1 &&
    place.latitude <= 6.2 &&
    place.longitude >= 94.9 &&
    place.longitude <= 141.1
  )
}
