// When the neighbour of a silent device or link saw the cable to it in order: then it is not the cable. Changes of a port
// are what is kept, so that a port only speaks for an outage from its next reading on.
import { INTERFACE_STATES } from '../../protocol/snmp-words.ts'
import { readAdjacencies } from '../inventory/neighbour-queries.ts'
import type { Adjacency, PortOf } from '../inventory/neighbours.ts'
import type { Records } from '../stores/records/records.ts'
import { readIntervals } from './history.ts'
import { type InterfaceInterval, interfaceHistoryOf } from './interface-states.ts'
import { clip, type Interval } from './intervals.ts'

export type LineSeen = Interval & { neighbourId: string; interfaceName: string }

/** A poll takes its time, and clocks differ. */
const READ_APART_MS = 10_000

/** Pure. Of one port, for one outage: nothing where it was seen down in it, for then nobody can tell. */
export function lineUpIn(port: readonly InterfaceInterval[], outage: Interval, readEveryMs: number): Interval[] {
  const seen = { from: outage.from + readEveryMs + READ_APART_MS, to: outage.to }
  const inside = port.filter(one => one.from < outage.to && one.to > outage.from && one.state !== 'unknown')
  if (seen.to <= seen.from || inside.some(({ state }) => state !== 'up')) return []
  return clip(inside, seen)
}

/** What all neighbours of a device (`watchedAs`), and the near port of a link, tell of its outages. */
export async function readLineUp(
  records: Records,
  subject: { id: string; watchedAs: string },
  outages: readonly Interval[],
  window: Interval,
): Promise<LineSeen[]> {
  if (outages.length === 0) return []
  const ports = [
    ...portsTowards(subject.watchedAs, await readAdjacencies(records)),
    ...(await nearPorts(records, subject)),
  ]
  const seen: LineSeen[] = []
  for (const { deviceId, interfaceName } of uniquePorts(ports)) {
    const port = await readPort(records, deviceId, interfaceName, window)
    if (port === undefined) continue
    for (const outage of outages)
      for (const interval of lineUpIn(port.history, outage, port.readEveryMs))
        seen.push({ ...interval, neighbourId: deviceId, interfaceName })
  }
  return seen
}

type Named = { deviceId: string; interfaceName: string }

function portsTowards(deviceId: string, adjacencies: readonly Adjacency[]): PortOf[] {
  return adjacencies.flatMap(({ left, right }) =>
    left.deviceId === deviceId ? [right] : right.deviceId === deviceId ? [left] : [],
  )
}

/** Where a person wrote down which port a link begins at. */
async function nearPorts(records: Records, { id, watchedAs }: { id: string; watchedAs: string }): Promise<PortOf[]> {
  const rows = await records
    .selectFrom('link')
    .select(['near_device_id', 'near_interface'])
    .where('removed_at', 'is', null)
    .where(eb => eb.or([eb('id', '=', id), eb('far_device_id', '=', watchedAs)]))
    .execute()
  return rows.flatMap(({ near_device_id: deviceId, near_interface: interfaceName }) =>
    deviceId === null || deviceId === watchedAs ? [] : [{ deviceId, interfaceName }],
  )
}

function uniquePorts(ports: readonly PortOf[]): Named[] {
  const named = ports.flatMap(({ deviceId, interfaceName }) =>
    interfaceName === null ? [] : [{ deviceId, interfaceName }],
  )
  return [...new Map(named.map(port => [`${port.deviceId}\n${port.interfaceName}`, port])).values()]
}

async function readPort(records: Records, deviceId: string, name: string, window: Interval) {
  const row = await records
    .selectFrom('interface')
    .innerJoin('polled_device', 'polled_device.device_id', 'interface.device_id')
    .select(['interface.id', 'polled_device.interval_ms'])
    .where('interface.device_id', '=', deviceId)
    .where(eb => eb.or([eb('interface.name', '=', name), eb('interface.alias', '=', name)]))
    .executeTakeFirst()
  if (row === undefined) return undefined
  const changes = await records
    .selectFrom('interface_state')
    .select(['from_ms', 'state'])
    .where('interface_id', '=', row.id)
    .where('from_ms', '<', window.to)
    .orderBy('from_ms')
    .execute()
  // Up to its last word and not beyond: who fell silent itself saw nothing.
  const { up } = await readIntervals(records, deviceId, window)
  const known = changes.flatMap(({ from_ms, state: text }) => {
    const state = INTERFACE_STATES.find(one => one === text)
    return state === undefined ? [] : [{ from_ms, state }]
  })
  return { history: interfaceHistoryOf(known, up, window), readEveryMs: row.interval_ms }
}
