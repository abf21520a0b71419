import type { VendorProfile } from '../../../../protocol/vendor-profile.ts'
import { isBelow, type Oid } from '../value.ts'

export type SystemGroup = { sysObjectId: Oid | null; sysDescr: string | null; has: ReadonlySet<Oid> }

/** All variables whose presence any profile asks for. */
export const probesOf = (profiles: readonly VendorProfile[]): Oid[] => [
  ...new Set(profiles.flatMap(profile => (profile.match ?? []).flatMap(({ has }) => (has === undefined ? [] : [has])))),
]

type Match = NonNullable<VendorProfile['match']>[number]

/**
 * How exactly it fits; undefined when it does not. A variable of the vendor's own says more than what an agent calls
 * itself (many say they are Net-SNMP), a text more than a number, a longer number more than a shorter one.
 */
function exactnessOf({ sysObjectId, sysDescr, has }: Match, system: SystemGroup): number | undefined {
  let exactness = 0
  if (sysObjectId !== undefined) {
    const own = system.sysObjectId
    if (own === null || !(own === sysObjectId || isBelow(own, sysObjectId))) return undefined
    exactness += sysObjectId.split('.').length
  }
  if (sysDescr !== undefined) {
    if (system.sysDescr === null || !new RegExp(sysDescr, 'u').test(system.sysDescr)) return undefined
    exactness += 20
  }
  if (has !== undefined) {
    if (!system.has.has(has)) return undefined
    exactness += 40
  }
  return exactness
}

/** The profile that fits best; of two that fit alike the first. Undefined only when there is none without conditions. */
export function matchProfile(profiles: readonly VendorProfile[], system: SystemGroup): VendorProfile | undefined {
  let best: { profile: VendorProfile; exactness: number } | undefined
  for (const profile of profiles) {
    const fits = profile.match === undefined ? [0] : profile.match.map(one => exactnessOf(one, system) ?? -1)
    const exactness = Math.max(...fits)
    if (exactness >= 0 && (best === undefined || exactness > best.exactness)) best = { profile, exactness }
  }
  return best?.profile
}
