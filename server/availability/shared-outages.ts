// What failed together with a device or link, long after it did: who shares its power, its provider or its site.
import { type SharedTrait, traitsOf } from '../inventory/topology.ts'
import type { Records } from '../stores/records/records.ts'
import type { Interval } from './intervals.ts'

export type SharedOutage = SharedTrait & { subjectIds: string[] }
/** `machineId`: the device itself, or the one at an end of a link: the two are no two witnesses. */
export type Companion = { id: string; machineId: string; traits: readonly SharedTrait[]; down: readonly Interval[] }
type Own = Omit<Companion, 'down'>

/** All are asked at moments of their own; so near to each other they failed together. */
export const TOGETHER_MS = 30_000

/**
 * Pure. Traits of the subject that at least one other has and all others that stood failed at about the same time; one that
 * had failed long before says nothing. The most telling first: power, provider, site.
 */
export function sharedAt(outage: Interval, own: Own, others: readonly Companion[]): SharedOutage[] {
  const began = (down: readonly Interval[]) => down.some(({ from }) => Math.abs(from - outage.from) <= TOGETHER_MS)
  const wasDown = (down: readonly Interval[]) =>
    down.some(({ from, to }) => from < outage.from - TOGETHER_MS && to > outage.from - TOGETHER_MS)
  return own.traits.flatMap(trait => {
    const having = others
      .filter(({ traits }) => traits.some(one => one.what === trait.what && one.id === trait.id))
      .filter(({ down }) => began(down) || !wasDown(down))
    const hasWitness = having.some(({ machineId }) => machineId !== own.machineId)
    if (!hasWitness || !having.every(({ down }) => began(down))) return []
    return [{ ...trait, subjectIds: [own.id, ...having.map(({ id }) => id)].sort() }]
  })
}

/** All others that share a trait with it and that probes watch themselves. */
export async function readCompanions(
  records: Records,
  subjectId: string,
  window: Interval,
): Promise<{ own: Own; others: Companion[] }> {
  const rows = await records
    .selectFrom('subject')
    .leftJoin('link', 'link.id', 'subject.id')
    .leftJoin('site', 'site.id', 'subject.site_id')
    .select(['subject.id', 'subject.site_id', 'link.provider_id', 'site.power_feed'])
    .select(['link.far_device_id', 'link.near_device_id'])
    .where('subject.removed_at', 'is', null)
    .where('subject.created_at', '<', window.to)
    .execute()
  const subjects = rows.map(row => ({
    ...{ id: row.id, machineId: row.far_device_id ?? row.near_device_id ?? row.id },
    traits: traitsOf({ siteId: row.site_id, providerId: row.provider_id, powerFeed: row.power_feed || null }),
  }))
  const own = subjects.find(({ id }) => id === subjectId) ?? { id: subjectId, machineId: subjectId, traits: [] }
  const alike = subjects.filter(
    ({ id, traits }) =>
      id !== subjectId &&
      traits.some(one => own.traits.some(({ what, id: same }) => one.what === what && one.id === same)),
  )
  if (alike.length === 0) return { own, others: [] }
  const ids = [...new Set(alike.flatMap(({ id, machineId }) => [id, machineId]))]
  const watched = await records
    .selectFrom('sighting')
    .select('subject_id')
    .where('subject_id', 'in', ids)
    .where('from_ms', '<', window.to)
    .groupBy('subject_id')
    .execute()
  const pieces = await records
    .selectFrom('sighting')
    .select(['subject_id', 'from_ms', 'to_ms'])
    .where('subject_id', 'in', ids)
    .where('vote', '=', 'down')
    .where('to_ms', '>', window.from - TOGETHER_MS)
    .where('from_ms', '<', window.to + TOGETHER_MS)
    .execute()
  const down = Map.groupBy(pieces, row => row.subject_id)
  const isWatched = new Set(watched.map(row => row.subject_id))
  return {
    own,
    others: alike.flatMap(one => {
      const watchedAs = [one.id, one.machineId].find(id => isWatched.has(id))
      if (watchedAs === undefined) return []
      return [{ ...one, down: (down.get(watchedAs) ?? []).map(({ from_ms: from, to_ms: to }) => ({ from, to })) }]
    }),
  }
}
