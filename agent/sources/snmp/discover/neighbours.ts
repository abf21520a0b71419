import type { FoundNeighbour } from '../../../../protocol/snmp.ts'
import { macOf, type SnmpValue, textOf } from '../value.ts'
import { addressOfIndex, isUnspecified } from './addresses.ts'
import type { Column, DeviceReader } from './device-reader.ts'

const LLDP_REMOTE = '1.0.8802.1.1.2.1.4.1.1'
const LLDP = {
  chassis: `${LLDP_REMOTE}.5`,
  portId: `${LLDP_REMOTE}.7`,
  portDescr: `${LLDP_REMOTE}.8`,
  sysName: `${LLDP_REMOTE}.9`,
  sysDescr: `${LLDP_REMOTE}.10`,
  addressIfSubtype: '1.0.8802.1.1.2.1.4.2.1.3',
  localPortId: '1.0.8802.1.1.2.1.3.7.1.3',
  localPortDescr: '1.0.8802.1.1.2.1.3.7.1.4',
}
const CDP_CACHE = '1.3.6.1.4.1.9.9.23.1.2.1.1'
const CDP = {
  address: `${CDP_CACHE}.4`,
  deviceId: `${CDP_CACHE}.6`,
  port: `${CDP_CACHE}.7`,
  platform: `${CDP_CACHE}.8`,
}
/** mtxrNeighborTable of MIKROTIK-MIB: what RouterOS hears by MNDP, CDP and LLDP. */
const MNDP_TABLE = '1.3.6.1.4.1.14988.1.1.11.1.1'
const MNDP = {
  address: `${MNDP_TABLE}.2`,
  mac: `${MNDP_TABLE}.3`,
  platform: `${MNDP_TABLE}.5`,
  identity: `${MNDP_TABLE}.6`,
  interfaceId: `${MNDP_TABLE}.8`,
}
const MOST_NEIGHBOURS = 1_000

export type InterfaceNames = ReadonlyMap<number, string>

const cut = (text: string | undefined, most: number): string | null => text?.slice(0, most) || null
const at = (column: Column, row: string): SnmpValue | undefined => column.get(row)
const text = (value: SnmpValue | undefined): string | undefined => value && textOf(value)

/** A chassis or port that is an address in bytes is told as one: a MAC, or a family and its octets (IEEE 802.1AB, 9.5.2). */
function idOf(value: SnmpValue | undefined): string | undefined {
  if (value?.type !== 'octets' || isPrintable(value.value)) return text(value)
  const bytes = value.value
  if (bytes.length === 6) return macOf(value)
  if (bytes.length === 5 && bytes[0] === 1) return bytes.subarray(1).join('.')
  return bytes.length === 17 && bytes[0] === 2 ? addressOfIndex(`2.16.${bytes.subarray(1).join('.')}`) : text(value)
}
const isPrintable = (bytes: Buffer): boolean => bytes.every(byte => byte >= 32 && byte < 127)

/** Of several addresses of one neighbour, one that others reach too comes before one that holds on its link only. */
function reachOf(address: string): number {
  if (/^(?:fe[89ab]|169\.254\.|127\.|::1$)/.test(address)) return 0
  return address.includes(':') ? 1 : 2
}

/** IPv4 in four bytes, or an address that a device writes as text. */
function addressOf(value: SnmpValue | undefined): string | null {
  const address =
    value?.type === 'address'
      ? value.value
      : value?.type === 'octets' && value.value.length === 4
        ? value.value.join('.')
        : undefined
  return address === undefined || isUnspecified(address) ? null : address
}

async function readLldp(reader: DeviceReader, names: InterfaceNames): Promise<FoundNeighbour[]> {
  const chassis = await reader.column(LLDP.chassis)
  if (chassis.size === 0) return []
  const [portIds, portDescrs, sysNames, sysDescrs] = [
    await reader.column(LLDP.portId),
    await reader.column(LLDP.portDescr),
    await reader.column(LLDP.sysName),
    await reader.column(LLDP.sysDescr),
  ]
  const localPorts = [await reader.column(LLDP.localPortId), await reader.column(LLDP.localPortDescr)]
  const known = new Set(names.values())
  /** Numbers of LLDP's ports are the bridge's own: their names come first, the same number as ifIndex after them. */
  const ownOf = (port: string): string | null => {
    const named = localPorts.map(column => text(at(column, port))).find(name => name !== undefined && known.has(name))
    return named ?? names.get(Number(port)) ?? null
  }
  const addresses = new Map<string, string>()
  for (const row of (await reader.column(LLDP.addressIfSubtype)).keys()) {
    const parts = row.split('.')
    const address = addressOfIndex(parts.slice(3).join('.'))
    const neighbour = parts.slice(0, 3).join('.')
    const known = addresses.get(neighbour)
    if (address === undefined || isUnspecified(address)) continue
    if (known === undefined || reachOf(address) > reachOf(known)) addresses.set(neighbour, address)
  }
  return [...chassis].flatMap(([row, chassisId]) => {
    const name = text(at(sysNames, row)) ?? idOf(chassisId)
    if (name === undefined) return []
    return {
      protocol: 'lldp' as const,
      device: ownOf(row.split('.')[1] ?? ''),
      name: name.slice(0, 255),
      port: cut(idOf(at(portIds, row)) ?? text(at(portDescrs, row)), 255),
      address: addresses.get(row) ?? null,
      platform: cut(text(at(sysDescrs, row)), 255),
    }
  })
}

async function readCdp(reader: DeviceReader, names: InterfaceNames): Promise<FoundNeighbour[]> {
  const ids = await reader.column(CDP.deviceId)
  if (ids.size === 0) return []
  const ports = await reader.column(CDP.port)
  const platforms = await reader.column(CDP.platform)
  const addresses = await reader.column(CDP.address)
  return [...ids].flatMap(([row, id]) => {
    const name = idOf(id)
    if (name === undefined) return []
    return {
      protocol: 'cdp' as const,
      device: names.get(Number(row.split('.')[0])) ?? null,
      name: name.slice(0, 255),
      port: cut(text(at(ports, row)), 255),
      address: addressOf(at(addresses, row)),
      platform: cut(text(at(platforms, row)), 255),
    }
  })
}

async function readMndp(reader: DeviceReader, names: InterfaceNames): Promise<FoundNeighbour[]> {
  const interfaceIds = await reader.column(MNDP.interfaceId)
  if (interfaceIds.size === 0) return []
  const identities = await reader.column(MNDP.identity)
  const macs = await reader.column(MNDP.mac)
  const platforms = await reader.column(MNDP.platform)
  const addresses = await reader.column(MNDP.address)
  return [...interfaceIds].flatMap(([row, interfaceId]) => {
    const mac = at(macs, row)
    const name = text(at(identities, row)) ?? (mac && macOf(mac))
    if (name === undefined) return []
    return {
      protocol: 'mndp' as const,
      device: (interfaceId.type === 'integer' && names.get(interfaceId.value)) || null,
      name: name.slice(0, 255),
      port: null,
      address: addressOf(at(addresses, row)),
      platform: cut(text(at(platforms, row)), 255),
    }
  })
}

/** Who stands behind which interface, by all three protocols; MNDP only of the vendor that has it. */
export async function readNeighbours(
  reader: DeviceReader,
  names: InterfaceNames,
  isMikrotik: boolean,
): Promise<FoundNeighbour[]> {
  const found = [...(await readLldp(reader, names)), ...(await readCdp(reader, names))]
  if (isMikrotik) found.push(...(await readMndp(reader, names)))
  return found.slice(0, MOST_NEIGHBOURS)
}
