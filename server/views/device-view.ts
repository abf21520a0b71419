// Polled devices as the screens see them: what was found, and how it is now.
import type { DeviceRow, DeviceView, InterfaceView } from '../../protocol/device-calls.ts'
import { INTERFACE_STATES } from '../../protocol/snmp-words.ts'
import { readIntervals, upUntil } from '../availability/history.ts'
import type { InterfaceInterval } from '../availability/interface-states.ts'
import { interfaceHistoryOf, interfaceStateOf } from '../availability/interface-states.ts'
import { evidenceLastsMs } from '../availability/subject-state.ts'
import { type Findings, type PolledRow, readFindings, readPolled } from '../inventory/device-queries.ts'
import { ProblemError } from '../platform/problem-error.ts'
import type { CurrentValues } from '../stores/current-values.ts'
import type { Records } from '../stores/records/records.ts'
import type { Wall } from './wall.ts'

type Deps = { records: Records; current: CurrentValues; wall: Pick<Wall, 'tile'> }

export async function listDevices(deps: Deps, at: number): Promise<DeviceRow[]> {
  const rows = await readPolled(deps.records)
  return rows.map(row => rowOf(deps, row, at))
}

/** Errors: `not-found`. */
export async function readDevice(deps: Deps, id: string, at: number): Promise<DeviceView> {
  const [row] = await readPolled(deps.records, id)
  if (row === undefined) throw new ProblemError('not-found', 'There is no polled device with this id')
  const found = await readFindings(deps.records, id)
  const now = freshValues(deps.current, row, at)
  const only = (metric: string): number | null => [...now(metric).values()][0] ?? null
  return {
    device: rowOf(deps, row, at),
    ...{ identity: row.identity, discoveredAt: row.discovered_at, notOffered: row.notOffered, conflict: row.conflict },
    ...{ pollRequests: only('snmp_poll_requests'), pollLost: only('snmp_poll_lost_requests') },
    interfaces: interfacesOf(found, now),
    sensors: found.sensors.map(({ sensor, kind }) => ({
      ...{ sensor, kind },
      value: now(SENSOR_METRICS[kind], 'sensor').get(sensor) ?? null,
    })),
    neighbours: found.neighbours.map(
      ({ device_id: _device, position: _position, interface_name: device, ...rest }) => ({
        device,
        ...rest,
      }),
    ),
    changes: found.changes.map(({ at: changedAt, what, part, before, after }) => ({
      at: changedAt,
      what,
      part,
      before,
      after,
    })),
    events: found.events.map(({ at: happenedAt, kind, part }) => ({ at: happenedAt, kind, part })),
  }
}

const SENSOR_METRICS = {
  temperature: 'node_hwmon_temp_celsius',
  fan: 'node_hwmon_fan_rpm',
  voltage: 'node_hwmon_in_volts',
  current: 'node_hwmon_curr_amps',
  power: 'node_hwmon_power_watts',
  humidity: 'node_hwmon_humidity_ratio',
} as const

type Now = (metric: string, label?: string) => ReadonlyMap<string, number>

/** Newest values by label; what is older than three rounds says nothing of now. */
function freshValues(current: CurrentValues, row: PolledRow, at: number): Now {
  const oldest = at - evidenceLastsMs(row.interval_ms)
  const known = new Map<string, ReadonlyMap<string, number>>()
  return (metric, label = 'device') => {
    const remembered = known.get(metric)
    if (remembered !== undefined) return remembered
    const fresh = current.of(row.device_id, metric).filter(value => value.at >= oldest)
    const values = new Map(fresh.map(({ labels, value }) => [labels[label] ?? '', value]))
    known.set(metric, values)
    return values
  }
}

function rowOf({ current, wall }: Deps, row: PolledRow, at: number): DeviceRow {
  const tile = wall.tile(row.device_id, at)
  const now = freshValues(current, row, at)
  const oper = [...now('interface_oper_status').values()]
  return {
    ...{ id: row.device_id, slug: row.slug, name: row.name, kind: row.kind },
    ...{ state: tile?.state ?? 'unknown', stateSince: tile?.stateSince ?? null },
    ...{ address: row.address, port: row.port, intervalMs: row.interval_ms, timeoutMs: row.timeout_ms },
    ...{ retries: row.retries, trapPort: row.trap_port },
    agent: { id: row.agent_id, name: row.agent_name },
    credential: { id: row.credential_id, name: row.credential_name },
    ...{ vendor: row.identity?.vendor ?? null, model: row.identity?.model ?? null },
    simulated: row.identity?.simulated ?? false,
    ...{ lastPolledAt: row.last_polled_at, lastHeardAt: row.last_heard_at },
    pollSeconds: [...now('snmp_poll_duration_seconds').values()][0] ?? null,
    ...{ interfacesUp: oper.filter(value => value === 1).length, interfaces: oper.length },
    hasConflict: row.conflict !== null,
  }
}

function interfacesOf(found: Findings, now: Now): InterfaceView[] {
  const since = new Map(found.states.map(row => [row.interface_id, row.since]))
  const names = Map.groupBy(found.names, row => row.interface_id)
  return found.interfaces.map(row => {
    const of = (metric: string): number | null => now(metric).get(row.name) ?? null
    const both = (receive: string, transmit: string): number | null => {
      const [left, right] = [of(receive), of(transmit)]
      return left === null && right === null ? null : (left ?? 0) + (right ?? 0)
    }
    const bits = (metric: string): number | null => {
      const bytes = of(metric)
      return bytes === null ? null : bytes * 8
    }
    const oper = of('interface_oper_status')
    const state =
      row.gone_at !== null
        ? 'not-present'
        : interfaceStateOf(of('interface_admin_status') ?? undefined, oper ?? undefined)
    return {
      ...{ id: row.id, name: row.name, alias: row.alias, index: row.position, type: row.type },
      ...{ speedBps: row.speed_bps, mac: row.mac, addresses: JSON.parse(row.addresses) as string[] },
      countersDoubtful: of('interface_counters_doubtful') === 1,
      ...{ counters: row.counters, state, stateSince: since.get(row.id) ?? null },
      receiveBps: bits('node_network_receive_bytes_per_second'),
      transmitBps: bits('node_network_transmit_bytes_per_second'),
      errorsPerSecond: both('node_network_receive_errs_per_second', 'node_network_transmit_errs_per_second'),
      discardsPerSecond: both('node_network_receive_drop_per_second', 'node_network_transmit_drop_per_second'),
      goneAt: row.gone_at,
      formerNames: (names.get(row.id) ?? []).map(({ name, alias, until_ms: until }) => ({
        name,
        alias,
        until: until ?? 0,
      })),
    }
  })
}

/** Errors: `not-found`. */
export async function readInterfaceHistory(
  deps: { records: Records },
  interfaceId: string,
  { from, to }: { from: number; to: number },
  at: number,
): Promise<InterfaceInterval[]> {
  const rows = await deps.records
    .selectFrom('interface')
    .leftJoin('interface_state', 'interface_state.interface_id', 'interface.id')
    .innerJoin('polled_device', 'polled_device.device_id', 'interface.device_id')
    .select(['interface.device_id', 'interface_state.from_ms', 'interface_state.state', 'polled_device.interval_ms'])
    .where('interface.id', '=', interfaceId)
    .orderBy('interface_state.from_ms')
    .execute()
  const first = rows[0]
  if (first === undefined) throw new ProblemError('not-found', 'There is no interface with this id')
  const window = { from, to: Math.min(to, at) }
  const known = await readIntervals(deps.records, first.device_id, window)
  const { up } = upUntil(known, at, evidenceLastsMs(first.interval_ms))
  const changes = rows.flatMap(row => {
    const state = INTERFACE_STATES.find(one => one === row.state)
    return row.from_ms === null || state === undefined ? [] : [{ from_ms: row.from_ms, state }]
  })
  return interfaceHistoryOf(changes, up, window)
}
