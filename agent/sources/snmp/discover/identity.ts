import type { DeviceIdentity } from '../../../../protocol/snmp.ts'
import type { IdentitySource, VendorProfile } from '../../../../protocol/vendor-profile.ts'
import { matchProfile, probesOf } from '../profiles/match-profile.ts'
import { SIMULATED_OID } from '../simulated-mark.ts'
import { macOf, type SnmpValue, textOf } from '../value.ts'
import type { DeviceReader } from './device-reader.ts'

const SYSTEM = '1.3.6.1.2.1.1'
const SYS = {
  descr: `${SYSTEM}.1.0`,
  objectId: `${SYSTEM}.2.0`,
  contact: `${SYSTEM}.4.0`,
  name: `${SYSTEM}.5.0`,
  location: `${SYSTEM}.6.0`,
}
export const SYS_UP_TIME = `${SYSTEM}.3.0`
const ENGINE_ID = '1.3.6.1.6.3.10.2.1.1.0'
const ENTITY_CLASS = '1.3.6.1.2.1.47.1.1.1.1.5'
const ENTITY = '1.3.6.1.2.1.47.1.1.1.1'
/** entPhysicalClass: a stack before its chassis says nothing of one device, so the chassis comes first. */
const CHASSIS = 3

export type Recognised = { identity: DeviceIdentity; profile: VendorProfile; generic: VendorProfile }

/** Who the device says it is, by the profile that fits it and, where that says nothing, by the standard MIBs. */
export async function readIdentity(
  reader: DeviceReader,
  profiles: readonly VendorProfile[],
  ownMacs: () => Promise<string[]>,
): Promise<Recognised> {
  const probes = probesOf(profiles)
  await reader.prefetch([...Object.values(SYS), SYS_UP_TIME, ENGINE_ID, SIMULATED_OID])
  await reader.prefetch(probes)
  const has = new Set<string>()
  for (const oid of probes) if ((await reader.value(oid)) !== undefined) has.add(oid)
  const text = async (oid: string, most: number): Promise<string | null> =>
    (await reader.text(oid))?.slice(0, most) ?? null
  const sysObjectId = await reader.value(SYS.objectId)
  const system = {
    sysObjectId: sysObjectId?.type === 'oid' && sysObjectId.value !== '0.0' ? sysObjectId.value : null,
    sysDescr: await text(SYS.descr, 1_024),
    has,
  }
  const generic = profiles.find(one => one.match === undefined)
  const profile = matchProfile(profiles, system) ?? generic
  if (generic === undefined || profile === undefined)
    throw new Error('config/vendors has no profile that fits everything')

  const told = describedBy([profile, generic], system.sysDescr)
  const first = async (part: 'model' | 'serial' | 'osVersion' | 'vendorFrom'): Promise<string | null> => {
    const sources = [...(profile.identity[part] ?? []), ...(generic.identity[part] ?? [])]
    for (const source of sources) {
      const found = await readSource(reader, source)
      if (found !== undefined && !isPlaceholder(found)) return found.slice(0, 200)
    }
    return (part === 'vendorFrom' ? told('vendor') : told(part))?.slice(0, 200) ?? null
  }
  const engineId = await reader.value(ENGINE_ID)
  return {
    profile,
    generic,
    identity: {
      kind: profile.identity.kind ?? told('kind') ?? (await kindOf(reader)),
      profile: profile.id,
      vendor: profile.identity.vendor ?? (await first('vendorFrom')) ?? vendorByNumber(generic, system.sysObjectId),
      model: await first('model'),
      serial: await first('serial'),
      osVersion: await first('osVersion'),
      engineId: engineId?.type === 'octets' && isEngineId(engineId.value) ? engineId.value.toString('hex') : null,
      baseMac: (await readMac(reader, [profile, generic])) ?? ownMac(await ownMacs()),
      sysObjectId: system.sysObjectId,
      sysName: await text(SYS.name, 255),
      sysDescr: system.sysDescr,
      sysLocation: await text(SYS.location, 255),
      sysContact: await text(SYS.contact, 255),
      simulated: (await reader.value(SIMULATED_OID)) !== undefined,
    },
  }
}

/** What boards say of whom nobody ever told anything. */
const isPlaceholder = (text: string): boolean =>
  /^(?:to be filled.*|default string|not (?:specified|applicable|available|present)|none|null|n\/a|unknown|system (?:serial|product).*|0+|f{6,}|-+|x+)$/i.test(
    text,
  )

type Told = {
  vendor: string
  kind: NonNullable<DeviceIdentity['kind']>
  model: string
  serial: string
  osVersion: string
}

/** What the description of the device tells, by the rows of the profiles that fit it. */
function describedBy(profiles: readonly VendorProfile[], sysDescr: string | null) {
  const rows = [...new Set(profiles)]
    .flatMap(({ identity }) => identity.descriptions ?? [])
    .flatMap(({ pattern, ...row }): Partial<Told>[] => {
      const found = sysDescr === null ? null : new RegExp(pattern, 'u').exec(sysDescr)
      return found === null ? [] : [{ ...found.groups, ...row } as Partial<Told>]
    })
  return <P extends keyof Told>(part: P): Told[P] | undefined => rows.find(row => row[part])?.[part]
}

const ENTERPRISES = '1.3.6.1.4.1.'
const vendorByNumber = ({ identity }: VendorProfile, sysObjectId: string | null): string | null =>
  (sysObjectId?.startsWith(ENTERPRISES) &&
    identity.enterprises?.[sysObjectId.slice(ENTERPRISES.length).split('.')[0] ?? '']) ||
  null

/** The smallest that its maker gave it; one that it gave itself (IEEE 802: the second bit) only where there is no other. */
function ownMac(macs: readonly string[]): string | null {
  const isOwnMaking = (mac: string): boolean => (Number.parseInt(mac.slice(0, 2), 16) & 3) !== 0
  const sorted = [...macs].sort()
  return sorted.find(mac => !isOwnMaking(mac)) ?? sorted[0] ?? null
}

const isEngineId = (bytes: Buffer): boolean => bytes.length >= 5 && bytes.length <= 32 && bytes.some(byte => byte !== 0)

async function readSource(reader: DeviceReader, source: IdentitySource): Promise<string | undefined> {
  if (source.text !== undefined) return source.text
  const values = source.oid === undefined ? await rowsOf(reader, source.column ?? '') : [await reader.value(source.oid)]
  for (const value of values) {
    const text = value && textOf(value)
    if (text === undefined) continue
    const found = source.pattern === undefined ? text : new RegExp(source.pattern, 'u').exec(text)?.[1]
    if (found !== undefined && found.trim() !== '') return found.trim()
  }
  return undefined
}

/** Rows of a column; of ENTITY-MIB those of a chassis first. */
async function rowsOf(reader: DeviceReader, column: string): Promise<SnmpValue[]> {
  const rows = await reader.column(column)
  if (!column.startsWith(`${ENTITY}.`)) return [...rows.values()]
  const classes = await reader.column(ENTITY_CLASS)
  const isChassis = (index: string): boolean => {
    const entityClass = classes.get(index)
    return entityClass?.type === 'integer' && entityClass.value === CHASSIS
  }
  const chassis = [...rows].filter(([index]) => isChassis(index)).map(([, value]) => value)
  if (classes.size > 0 && chassis.length > 0) return chassis
  // Without classes only the first row can be the device itself; further ones are its parts.
  return [...rows.values()].slice(0, 1)
}

async function readMac(reader: DeviceReader, profiles: readonly VendorProfile[]): Promise<string | undefined> {
  for (const { oid } of profiles.flatMap(({ identity }) => identity.baseMac ?? [])) {
    const value = oid === undefined ? undefined : await reader.value(oid)
    const mac = value && macOf(value)
    if (mac !== undefined) return mac
  }
  return undefined
}

const SYS_SERVICES = `${SYSTEM}.7.0`
/** sysServices (RFC 3418): bit 2 forwards packets, bit 1 forwards frames, bit 6 serves applications. */
async function kindOf(reader: DeviceReader): Promise<DeviceIdentity['kind']> {
  const services = await reader.value(SYS_SERVICES)
  if (services?.type !== 'integer') return null
  if ((services.value & 4) !== 0) return 'router'
  if ((services.value & 2) !== 0) return 'switch'
  return (services.value & 64) !== 0 ? 'server' : null
}
