// Months and days are those of each regulation's place: where two of different time zones bind at once, each duty is judged
// in its own. Pure.
import type { RegulationPack } from '../regulation-pack.ts'
import type { EnabledPack } from './in-force.ts'
import type { Snapshot } from './snapshot.ts'

type Zoned = Pick<RegulationPack, 'id' | 'timeZone'>

/** The enabled packs of each time zone; the zone of the newest one that stands comes first, for what is the whole city's. */
export function zonesOf<T extends EnabledPack>(
  regulations: readonly Zoned[],
  packs: readonly T[],
  fallback: string,
): Map<string, T[]> {
  const zoneOf = ({ packId }: EnabledPack) => regulations.find(({ id }) => id === packId)?.timeZone ?? fallback
  const newest = packs.findLast(({ endedAt }) => endedAt === null)
  const zones = new Map<string, T[]>([[newest === undefined ? fallback : zoneOf(newest), []]])
  for (const pack of packs) zones.set(zoneOf(pack), [...(zones.get(zoneOf(pack)) ?? []), pack])
  return zones
}

/** The snapshot under which a rule is judged. */
export function snapshotsOf(
  regulations: readonly Zoned[],
  snapshots: ReadonlyMap<string, Snapshot>,
): (rule: { packId: string }) => Snapshot {
  const zones = new Map(regulations.map(({ id, timeZone }) => [id, timeZone]))
  const [main] = snapshots.values()
  return ({ packId }) => {
    const found = snapshots.get(zones.get(packId) ?? '') ?? main
    if (found === undefined) throw new Error(`no snapshot for ${packId}`)
    return found
  }
}
