import type { DeviceIdentity, Discovery, FoundSensor } from '../../../../protocol/snmp.ts'
import type { Figure } from '../../../../protocol/snmp-words.ts'
import type { FigureName, VendorProfile } from '../../../../protocol/vendor-profile.ts'
import type { PduLimit } from '../read-variables.ts'
import type { SnmpSession } from '../session/session.ts'
import { macOf } from '../value.ts'
import { createDeviceReader } from './device-reader.ts'
import { resolveFigures } from './figures.ts'
import { readIdentity } from './identity.ts'
import { IF, type KnownInterface, readInterfaces } from './interfaces.ts'
import { readNeighbours } from './neighbours.ts'
import type { Reading } from './reading.ts'

/** What was found, and what polling needs to know of it. */
export type Discovered = {
  found: Omit<Discovery, 'at' | 'subject'>
  interfaces: readonly KnownInterface[]
  readings: readonly Reading[]
}

const SENSOR_KINDS: Partial<Record<FigureName, FoundSensor['kind']>> = {
  'temperature-celsius': 'temperature',
  'voltage-volts': 'voltage',
  'fan-rpm': 'fan',
  'current-amps': 'current',
  'power-watts': 'power',
  'humidity-ratio': 'humidity',
}
const MOST_SENSORS = 500

/** Looks through one device. Throws SnmpError when it does not answer; a part that it cuts short is shorter. */
export async function discover(deps: {
  session: SnmpSession
  profiles: readonly VendorProfile[]
  limit: PduLimit
  untilMs: number
  now: () => number
}): Promise<Discovered> {
  const reader = createDeviceReader(deps)
  const ownMacs = async (): Promise<string[]> =>
    [...(await reader.column(IF.physAddress)).values()].flatMap(value => macOf(value) ?? [])
  const { identity, profile, generic } = await readIdentity(reader, deps.profiles, ownMacs)
  const interfaces = await readInterfaces(reader)
  const names = new Map(interfaces.map(({ index, device }) => [index, device]))
  const neighbours = await readNeighbours(reader, names, profile.id.startsWith('mikrotik'))
  const readings = await resolveFigures(reader, profile, generic)
  const sensors = readings.flatMap(({ figure, name }) => {
    const kind = SENSOR_KINDS[figure]
    return kind === undefined ? [] : [{ sensor: name, kind }]
  })
  return {
    interfaces,
    readings,
    found: {
      identity: { ...identity, kind: kindOf(readings, identity.kind) },
      interfaces: interfaces.map(({ offered: _, ...found }) => found),
      neighbours,
      sensors: sensors.slice(0, MOST_SENSORS),
      notOffered: notOffered(interfaces, readings, neighbours.length > 0),
    },
  }
}

/** What has a battery is a UPS, whatever it calls itself; who serves clients by radio and says no more is an access point. */
function kindOf(readings: readonly Reading[], told: DeviceIdentity['kind']): DeviceIdentity['kind'] {
  const has = (figure: FigureName): boolean => readings.some(one => one.figure === figure)
  if (has('ups-charge-ratio')) return 'ups'
  return told ?? (has('wireless-clients') ? 'access-point' : null)
}

function notOffered(
  interfaces: readonly KnownInterface[],
  readings: readonly Reading[],
  hasNeighbours: boolean,
): Figure[] {
  const has = (...starts: string[]): boolean =>
    readings.some(({ figure }) => starts.some(start => figure.startsWith(start)))
  const offers = (key: keyof typeof IF): boolean => interfaces.some(({ offered }) => offered.has(key))
  const offered: Record<Figure, boolean> = {
    interfaces: interfaces.length > 0,
    'counters-64-bit': interfaces.some(({ counters }) => counters === '64-bit'),
    errors: offers('inErrors') || offers('outErrors'),
    discards: offers('inDiscards') || offers('outDiscards'),
    cpu: has('cpu-'),
    memory: has('memory-'),
    temperature: has('temperature-'),
    voltage: has('voltage-'),
    fan: has('fan-'),
    ups: has('ups-'),
    'wireless-clients': has('wireless-'),
    neighbours: hasNeighbours,
  }
  return (Object.keys(offered) as Figure[]).filter(figure => !offered[figure])
}
