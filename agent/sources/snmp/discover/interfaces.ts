import type { FoundInterface } from '../../../../protocol/snmp.ts'
import { macOf, numberOf, type SnmpValue, textOf } from '../value.ts'
import { addressesByIndex } from './addresses.ts'
import type { Column, DeviceReader } from './device-reader.ts'

const IF_ENTRY = '1.3.6.1.2.1.2.2.1'
const IF_X_ENTRY = '1.3.6.1.2.1.31.1.1.1'
/** Columns of IF-MIB (RFC 2863). */
export const IF = {
  descr: `${IF_ENTRY}.2`,
  type: `${IF_ENTRY}.3`,
  speed: `${IF_ENTRY}.5`,
  physAddress: `${IF_ENTRY}.6`,
  adminStatus: `${IF_ENTRY}.7`,
  operStatus: `${IF_ENTRY}.8`,
  inOctets: `${IF_ENTRY}.10`,
  inPackets: `${IF_ENTRY}.11`,
  inDiscards: `${IF_ENTRY}.13`,
  inErrors: `${IF_ENTRY}.14`,
  outOctets: `${IF_ENTRY}.16`,
  outPackets: `${IF_ENTRY}.17`,
  outDiscards: `${IF_ENTRY}.19`,
  outErrors: `${IF_ENTRY}.20`,
  name: `${IF_X_ENTRY}.1`,
  hcInOctets: `${IF_X_ENTRY}.6`,
  hcInPackets: `${IF_X_ENTRY}.7`,
  hcOutOctets: `${IF_X_ENTRY}.10`,
  hcOutPackets: `${IF_X_ENTRY}.11`,
  highSpeed: `${IF_X_ENTRY}.15`,
  alias: `${IF_X_ENTRY}.18`,
  discontinuity: `${IF_X_ENTRY}.19`,
} as const
const SPEED_BEYOND_32_BITS = 4_294_967_295
const MOST_INTERFACES = 2_000
const LONGEST_NAME = 200

/** An interface as it was found, with the columns that have a row for it. */
export type KnownInterface = FoundInterface & { offered: ReadonlySet<keyof typeof IF> }

export type NamedRow = { index: number; name: string; alias: string }

/**
 * Names by which interfaces are known for ever: ifName, else ifDescr, else the number. Those that several have are told
 * apart by what the operator wrote on them, and only when that is the same, too, by their number.
 */
export function uniqueNames(rows: readonly NamedRow[]): Map<number, string> {
  const names = new Map<number, string>()
  const used = new Set<string>()
  const shared = (key: (row: NamedRow) => string): Set<string> => {
    const seen = new Set<string>()
    const twice = new Set<string>()
    for (const row of rows) (seen.has(key(row)) ? twice : seen).add(key(row))
    return twice
  }
  const withAlias = (row: NamedRow): string => `${row.name} (${row.alias})`
  const sameNames = shared(row => row.name)
  const sameAliases = shared(withAlias)
  for (const row of rows) {
    const numbered = `${row.name} #${row.index}`
    const byAlias = row.alias !== '' && !sameAliases.has(withAlias(row)) ? withAlias(row) : numbered
    let name = (sameNames.has(row.name) ? byAlias : row.name).slice(0, LONGEST_NAME)
    while (used.has(name)) name = `${name.slice(0, LONGEST_NAME - 12)} #${row.index}`
    used.add(name)
    names.set(row.index, name)
  }
  return names
}

/** Any of these columns tells that an interface is there: devices leave out what they please. */
const EXISTENCE = ['descr', 'name', 'type', 'operStatus', 'adminStatus', 'inOctets', 'hcInOctets'] as const

function rowsOf(columns: Record<keyof typeof IF, Column>): NamedRow[] {
  const { name: names, descr: descriptions, alias: aliases } = columns
  const indexes = new Set(EXISTENCE.flatMap(key => [...columns[key].keys()]))
  return [...indexes]
    .filter(index => /^\d{1,10}$/.test(index))
    .map(index => ({
      index: Number(index),
      name: textAt(names, index) ?? textAt(descriptions, index) ?? `#${index}`,
      alias: textAt(aliases, index)?.slice(0, 255) ?? '',
    }))
    .sort((one, other) => one.index - other.index)
    .slice(0, MOST_INTERFACES)
}

const textAt = (column: Column, index: string): string | undefined => {
  const value = column.get(index)
  return value && textOf(value)
}
const numberAt = (column: Column, index: string): number | undefined => {
  const value: SnmpValue | undefined = column.get(index)
  return value && numberOf(value)
}

/** All interfaces of a device. ifHighSpeed counts from where the 32 bits of ifSpeed end; 0 is no speed. */
export async function readInterfaces(reader: DeviceReader): Promise<KnownInterface[]> {
  const keys = Object.keys(IF) as (keyof typeof IF)[]
  const columns = {} as Record<keyof typeof IF, Column>
  for (const key of keys) columns[key] = await reader.column(IF[key])
  const rows = rowsOf(columns)
  const names = uniqueNames(rows)
  const addresses = await addressesByIndex(reader)
  return rows.map(({ index, alias }) => {
    const at = String(index)
    const offered = new Set(keys.filter(key => columns[key].has(at)))
    const mac = columns.physAddress.get(at)
    return {
      device: names.get(index) ?? `#${index}`,
      ...{ index, alias, offered },
      type: Math.min(numberAt(columns.type, at) ?? 0, 65_535),
      speedBps: speedOf(numberAt(columns.speed, at) ?? 0, numberAt(columns.highSpeed, at) ?? 0),
      mac: (mac && macOf(mac)) ?? null,
      addresses: (addresses.get(index) ?? []).slice(0, 50),
      counters: countersOf(offered),
    }
  })
}

function countersOf(offered: ReadonlySet<keyof typeof IF>): FoundInterface['counters'] {
  if (offered.has('hcInOctets') && offered.has('hcOutOctets')) return '64-bit'
  return offered.has('inOctets') || offered.has('outOctets') ? '32-bit' : 'none'
}

/** Bits a second; null where the device says nothing of use. */
export function speedOf(speed: number, highSpeed: number): number | null {
  if (highSpeed > 0 && (speed <= 0 || speed >= SPEED_BEYOND_32_BITS || highSpeed * 1_000_000 > speed)) {
    return highSpeed * 1_000_000
  }
  return speed > 0 && speed < SPEED_BEYOND_32_BITS ? speed : null
}
