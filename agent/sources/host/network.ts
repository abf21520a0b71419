import { join } from 'node:path'
import type { Clock } from '../../platform/clock.ts'
import type { Counter, Gauge, Source } from '../source.ts'
import { createKernelFile } from './kernel-file.ts'
import { createOperstateWatch } from './operstate-watch.ts'
import { readAtOnce, readOptional } from './read-text.ts'

/** Columns of /proc/net/dev (proc_pid_net(5)): eight of receiving, then eight of sending. */
const COLUMNS = [
  ['node_network_receive_bytes_total', 0],
  ['node_network_receive_packets_total', 1],
  ['node_network_receive_errs_total', 2],
  ['node_network_receive_drop_total', 3],
  ['node_network_transmit_bytes_total', 8],
  ['node_network_transmit_packets_total', 9],
  ['node_network_transmit_errs_total', 10],
  ['node_network_transmit_drop_total', 11],
] as const

const SPEED_HOLDS_MS = 60_000

export type DeviceCounters = { device: string; columns: bigint[] }

/** Counters of each interface but the loopback. */
export function parseNetDev(text: string): DeviceCounters[] {
  const devices: DeviceCounters[] = []
  for (const line of text.split('\n')) {
    const match = /^\s*(\S+):\s*(\d+(?:\s+\d+){15,})\s*$/.exec(line)
    const [device, numbers] = [match?.[1], match?.[2]]
    if (device === undefined || numbers === undefined || device === 'lo') continue
    devices.push({ device, columns: numbers.split(/\s+/).map(BigInt) })
  }
  if (devices.length === 0 && !text.includes('|bytes')) throw new Error('/proc/net/dev has an unknown form')
  return devices
}

/** What /sys/class/net says of one interface; undefined where the kernel has no answer. */
export type DeviceState = {
  operstate: string | undefined
  carrier: string | undefined
  speedMbps: string | undefined
  ifindex: string | undefined
}

/**
 * node_network_up and node_network_speed_bytes. Drivers of tunnels never leave operstate "unknown" (RFC 2863), so there
 * the carrier decides.
 */
export function stateGauges(device: string, state: DeviceState): Gauge[] {
  const labels = { device }
  const gauges: Gauge[] = []
  if (state.operstate !== undefined) {
    const up = state.operstate === 'up' || (state.operstate === 'unknown' && state.carrier === '1')
    gauges.push({ metric: 'node_network_up', labels, value: up ? 1 : 0 })
  }
  const speedMbps = Number(state.speedMbps ?? Number.NaN)
  if (speedMbps > 0) gauges.push({ metric: 'node_network_speed_bytes', labels, value: (speedMbps * 1_000_000) / 8 })
  return gauges
}

/** An interface that was removed and made again has a new index: its counters are new ones, whatever they show. */
export function deviceCounters({ device, columns }: DeviceCounters, ifindex: string | undefined): Counter[] {
  return COLUMNS.map(([metric, column]) => ({
    metric,
    labels: { device },
    group: `${device} ${ifindex ?? ''}`,
    total: columns[column] ?? 0n,
  }))
}

export function createNetworkSource(deps: { procRoot: string; sysRoot: string; clock: Clock }): Source {
  const speeds = new Map<string, { operstate: string | undefined; speedMbps: string | undefined; untilMs: number }>()
  /** Drivers may take their time over the speed, and it changes with the state only: so it is not asked each time. */
  const readSpeed = async (device: string, operstate: string | undefined): Promise<string | undefined> => {
    const known = speeds.get(device)
    const nowMs = deps.clock.monotonicMs()
    if (known !== undefined && known.operstate === operstate && nowMs < known.untilMs) return known.speedMbps
    const speedMbps = await readOptional(join(deps.sysRoot, 'class/net', device, 'speed'))
    speeds.set(device, { operstate, speedMbps, untilMs: nowMs + SPEED_HOLDS_MS })
    return speedMbps
  }
  const readState = async (device: string): Promise<DeviceState> => {
    const directory = join(deps.sysRoot, 'class/net', device)
    const operstate = readAtOnce(join(directory, 'operstate'))
    const carrier = operstate === 'unknown' ? await readOptional(join(directory, 'carrier')) : undefined
    const speedMbps = await readSpeed(device, operstate)
    return { operstate, carrier, speedMbps, ifindex: readAtOnce(join(directory, 'ifindex')) }
  }
  const file = createKernelFile(join(deps.procRoot, 'net/dev'))
  const watch = createOperstateWatch(deps.sysRoot)
  return {
    name: 'network',
    hasChanged: watch.hasChanged,
    async read() {
      const devices = parseNetDev(file.read())
      const readAtMs = deps.clock.monotonicMs()
      const states = await Promise.all(devices.map(({ device }) => readState(device)))
      for (const device of speeds.keys()) if (!devices.some(one => one.device === device)) speeds.delete(device)
      watch.saw(new Map(devices.map(({ device }, index) => [device, states[index]?.operstate])))
      const gauges: Gauge[] = []
      const items: Counter[] = []
      devices.forEach((counters, index) => {
        const state = states[index]
        if (state !== undefined) gauges.push(...stateGauges(counters.device, state))
        items.push(...deviceCounters(counters, state?.ifindex))
      })
      return { gauges, counters: { readAtMs, items } }
    },
  }
}
