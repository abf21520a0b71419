// What belongs to an agency and what stands at a site, found without looking through the whole city each time. Pure.
import type { DutySubject, Snapshot } from './snapshot.ts'

type Belongings = { byAgency: Map<string, DutySubject[]>; bySite: Map<string, DutySubject[]>; centres: DutySubject[] }

const NOTHING: readonly DutySubject[] = []
const kept = new WeakMap<Snapshot, Belongings>()

function belongingsOf(snapshot: Snapshot): Belongings {
  const known = kept.get(snapshot)
  if (known !== undefined) return known
  const made: Belongings = { byAgency: new Map(), bySite: new Map(), centres: [] }
  const add = (map: Map<string, DutySubject[]>, key: string | null, subject: DutySubject) => {
    if (key === null) return
    const list = map.get(key)
    if (list === undefined) map.set(key, [subject])
    else list.push(subject)
  }
  for (const subject of snapshot.subjects) {
    add(made.byAgency, subject.agencyId, subject)
    add(made.bySite, subject.siteId, subject)
    if (subject.kind === 'site' && subject.role === 'data-centre') made.centres.push(subject)
  }
  kept.set(snapshot, made)
  return made
}

export function ownedBy(snapshot: Snapshot, agencyId: string): readonly DutySubject[] {
  return belongingsOf(snapshot).byAgency.get(agencyId) ?? NOTHING
}

export function standingAt(snapshot: Snapshot, siteId: string): readonly DutySubject[] {
  return belongingsOf(snapshot).bySite.get(siteId) ?? NOTHING
}

export function dataCentres(snapshot: Snapshot): readonly DutySubject[] {
  return belongingsOf(snapshot).centres
}
