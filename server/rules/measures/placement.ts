// Where things stand: in an accepted data centre, far enough from it, in the country.
import { dataCentres } from '../duties/belongings.ts'
import { isInForce, type KnownRecord, textOf } from '../duties/register-index.ts'
import type { DutySubject, Snapshot } from '../duties/snapshot.ts'
import {
  below,
  type DutyInput,
  type DutyMeasure,
  measured,
  missing,
  numberOf,
  unmeasured,
  wordOf,
} from './duty-measure.ts'

const ACCEPTED = ['data-centre', 'national']
const UNKNOWN_PLACE = { id: 'Tempatnya belum tercatat.', en: 'Where it stands is not on record.' }

/** A server by the site that the inventory gives it, an application or data set by the register. */
export const placement: DutyMeasure = input => {
  const place = placeOf(input)
  if (place === null) return unmeasured(UNKNOWN_PLACE)
  return missing(
    ACCEPTED.includes(place) ? [] : [input.subject.name],
    1,
    { id: 'di pusat data', en: 'in the data centre' },
    { place },
  )
}

function placeOf({ subject, snapshot }: DutyInput): string | null {
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
  return measured(
    abroad ? 0 : km,
    'km',
    below(least),
    () => ({
      id: abroad ? 'Di luar Indonesia.' : `${km.toFixed(1)} km dari pusat data; paling dekat ${least} km.`,
      en: abroad ? 'Outside Indonesia.' : `${km.toFixed(1)} km from the data centre; at least ${least} km.`,
    }),
    { km, abroad, coordinates: input.subject.coordinates },
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
