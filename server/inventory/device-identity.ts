// Who a device is: its serial number, else its SNMP engine, else its base MAC. Pure.
import type { DeviceIdentity } from '../../protocol/snmp.ts'

const KINDS = ['serial', 'engineId', 'baseMac'] as const

/** "serial:HFG0987": the strongest thing that it says of itself; null for one that says nothing. */
export function identityKeyOf(identity: DeviceIdentity): string | null {
  const kind = KINDS.find(one => identity[one] !== null)
  return kind === undefined ? null : `${kind}:${identity[kind]}`
}

/**
 * The two keys that speak against each other, by the strongest kind that both tell; null while both may be the same device.
 * A serial that agrees outweighs an engine that was made anew.
 */
export function contradiction(
  recorded: DeviceIdentity,
  found: DeviceIdentity,
): { recorded: string; found: string } | null {
  const kind = KINDS.find(one => recorded[one] !== null && found[one] !== null)
  if (kind === undefined || recorded[kind] === found[kind]) return null
  return { recorded: `${kind}:${recorded[kind]}`, found: `${kind}:${found[kind]}` }
}
