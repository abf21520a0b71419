import { IF, type KnownInterface } from '../discover/interfaces.ts'
import type { Reading } from '../discover/reading.ts'
import type { Oid } from '../value.ts'
import type { CounterWidth } from './counter-step.ts'

export const SYS_UP_TIME = '1.3.6.1.2.1.1.3.0'
/** They change when interfaces come and go (RFC 2863). */
const IF_NUMBER = '1.3.6.1.2.1.2.1.0'
const IF_TABLE_LAST_CHANGE = '1.3.6.1.2.1.31.1.5.0'
export const LAYOUT_OIDS: readonly Oid[] = [IF_NUMBER, IF_TABLE_LAST_CHANGE]

/** `at` counts from the first OID of the interface. */
export type PlannedCounter = { at: number; metric: string; width: CounterWidth; kind: 'bytes' | 'packets' }
/** What interfaces with the same columns have in common: a thousand routers need few of these. */
export type InterfaceShape = {
  columns: readonly Key[]
  adminStatus: number | undefined
  operStatus: number | undefined
  discontinuity: number | undefined
  counters: readonly PlannedCounter[]
}
export type PlannedInterface = {
  device: string
  speedBps: number | null
  /** Place of its first OID in the plan; the others of its shape follow. */
  first: number
  shape: InterfaceShape
}
/** What is asked of a device in each round: known OIDs, nothing that would be walked. */
export type PollPlan = {
  interfaces: readonly PlannedInterface[]
  readings: readonly Reading[]
  oids: readonly Oid[]
}

type Key = keyof typeof IF
/** Metric, the column of 64 bits, the one of 32. Errors and discards have no 64 bits in IF-MIB. */
const COUNTERS: readonly [string, Key | undefined, Key, PlannedCounter['kind']][] = [
  ['node_network_receive_bytes_total', 'hcInOctets', 'inOctets', 'bytes'],
  ['node_network_transmit_bytes_total', 'hcOutOctets', 'outOctets', 'bytes'],
  ['node_network_receive_packets_total', 'hcInPackets', 'inPackets', 'packets'],
  ['node_network_transmit_packets_total', 'hcOutPackets', 'outPackets', 'packets'],
  ['node_network_receive_errs_total', undefined, 'inErrors', 'packets'],
  ['node_network_transmit_errs_total', undefined, 'outErrors', 'packets'],
  ['node_network_receive_drop_total', undefined, 'inDiscards', 'packets'],
  ['node_network_transmit_drop_total', undefined, 'outDiscards', 'packets'],
]

/** A thousand routers have the same OIDs and names: each text is there once. */
const texts = new Map<string, string>()
const MOST_TEXTS = 100_000
function kept(text: string): string {
  const known = texts.get(text)
  if (known !== undefined) return known
  if (texts.size < MOST_TEXTS) texts.set(text, text)
  return text
}

const shapes = new Map<string, InterfaceShape>()
const MOST_SHAPES = 1_000

function shapeOf(offered: ReadonlySet<Key>): InterfaceShape {
  const name = [...offered].sort().join()
  const known = shapes.get(name)
  if (known !== undefined) return known
  const columns: Key[] = []
  const place = (key: Key): number | undefined => (offered.has(key) ? columns.push(key) - 1 : undefined)
  const [operStatus, adminStatus] = [place('operStatus'), place('adminStatus')]
  const counters = COUNTERS.flatMap(([metric, wide, narrow, kind]): PlannedCounter[] => {
    const wideAt = wide && place(wide)
    if (wideAt !== undefined) return [{ at: wideAt, metric, width: 64, kind }]
    const narrowAt = place(narrow)
    return narrowAt === undefined ? [] : [{ at: narrowAt, metric, width: 32, kind }]
  })
  const shape = { columns, operStatus, adminStatus, counters, discontinuity: place('discontinuity') }
  if (shapes.size < MOST_SHAPES) shapes.set(name, shape)
  return shape
}

export function planPolling(interfaces: readonly KnownInterface[], readings: readonly Reading[]): PollPlan {
  const oids = [...LAYOUT_OIDS, ...readings.map(({ oid }) => oid)]
  const planned = interfaces.map(({ device, index, speedBps, offered }): PlannedInterface => {
    const shape = shapeOf(offered)
    const first = oids.length
    for (const key of shape.columns) oids.push(kept(`${IF[key]}.${index}`))
    return { device: kept(device), speedBps, first, shape }
  })
  return { interfaces: planned, readings, oids }
}
