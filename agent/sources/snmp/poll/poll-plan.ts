import { IF, type KnownInterface } from '../discover/interfaces.ts'
import type { Reading } from '../discover/reading.ts'
import type { Oid } from '../value.ts'
import type { CounterWidth } from './counter-step.ts'

export const SYS_UP_TIME = '1.3.6.1.2.1.1.3.0'
/** They change when interfaces come and go (RFC 2863). */
const IF_NUMBER = '1.3.6.1.2.1.2.1.0'
const IF_TABLE_LAST_CHANGE = '1.3.6.1.2.1.31.1.5.0'
export const LAYOUT_OIDS: readonly Oid[] = [IF_NUMBER, IF_TABLE_LAST_CHANGE]

export type PlannedCounter = { oid: Oid; metric: string; width: CounterWidth; kind: 'bytes' | 'packets' }
export type PlannedInterface = {
  device: string
  speedBps: number | null
  adminStatus: Oid | undefined
  operStatus: Oid | undefined
  discontinuity: Oid | undefined
  counters: readonly PlannedCounter[]
}
/** What is asked of a device in each round: known OIDs, nothing that would be walked. */
export type PollPlan = {
  interfaces: readonly PlannedInterface[]
  readings: readonly Reading[]
  oids: readonly Oid[]
  /** Those of which the last value must be known in the next round. */
  remembered: ReadonlySet<Oid>
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

function planInterface({ device, index, speedBps, offered }: KnownInterface): PlannedInterface {
  const at = (key: Key): Oid | undefined => (offered.has(key) ? kept(`${IF[key]}.${index}`) : undefined)
  const counters = COUNTERS.flatMap(([metric, wide, narrow, kind]): PlannedCounter[] => {
    const wideOid = wide && at(wide)
    if (wideOid !== undefined) return [{ oid: wideOid, metric, width: 64, kind }]
    const narrowOid = at(narrow)
    return narrowOid === undefined ? [] : [{ oid: narrowOid, metric, width: 32, kind }]
  })
  return {
    ...{ device: kept(device), speedBps, counters },
    adminStatus: at('adminStatus'),
    operStatus: at('operStatus'),
    discontinuity: at('discontinuity'),
  }
}

export function planPolling(interfaces: readonly KnownInterface[], readings: readonly Reading[]): PollPlan {
  const planned = interfaces.map(planInterface)
  const own = planned.flatMap(({ adminStatus, operStatus, discontinuity, counters }) =>
    [operStatus, adminStatus, ...counters.map(({ oid }) => oid), discontinuity].filter(oid => oid !== undefined),
  )
  const memory = planned.flatMap(({ discontinuity, counters }) =>
    [...counters.map(({ oid }) => oid), discontinuity].filter(oid => oid !== undefined),
  )
  return {
    ...{ interfaces: planned, readings },
    oids: [...LAYOUT_OIDS, ...readings.map(({ oid }) => oid), ...own],
    remembered: new Set([...LAYOUT_OIDS, ...memory]),
  }
}
