// Which interface is which after a device was looked through again: by name, else by what is written on it, else by its
// address. Never by ifIndex, which moves. Pure.
import type { FoundInterface } from '../../protocol/snmp.ts'

export type KnownInterface = { id: string; name: string; alias: string; mac: string | null; type: number }

/** Found interfaces with the known one that each is (null for a new one), and the known ones that are not there now. */
export function matchInterfaces<K extends KnownInterface>(
  known: readonly K[],
  found: readonly FoundInterface[],
): { pairs: { found: FoundInterface; known: K | null }[]; gone: K[] } {
  const left = new Set(known)
  const matched = new Map<FoundInterface, K>()
  const take = (one: FoundInterface, by: (candidate: K) => boolean): void => {
    if (matched.has(one)) return
    const candidates = [...left].filter(by)
    const only = candidates[0]
    // Two that could be it: nobody can tell which.
    if (only === undefined || candidates.length > 1) return
    matched.set(one, only)
    left.delete(only)
  }
  for (const one of found) take(one, candidate => candidate.name === one.device)
  const alone = (pick: (one: FoundInterface) => string | null, one: FoundInterface): boolean =>
    found.filter(other => !matched.has(other) && pick(other) === pick(one)).length === 1
  for (const one of found) {
    if (one.alias !== '' && alone(({ alias }) => alias, one)) {
      take(one, candidate => candidate.alias === one.alias && candidate.type === one.type)
    }
  }
  for (const one of found) {
    if (one.mac !== null && alone(({ mac }) => mac, one)) {
      take(one, candidate => candidate.mac === one.mac && candidate.type === one.type)
    }
  }
  return { pairs: found.map(one => ({ found: one, known: matched.get(one) ?? null })), gone: [...left] }
}
