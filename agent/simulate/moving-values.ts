// What a recorded device would show later: time runs, counters grow as much as their interface carries. Pure.
import { numberOf, type Oid, type SnmpValue } from '../sources/snmp/value.ts'
import type { Recorded } from './recording.ts'

const IF_ENTRY = '1.3.6.1.2.1.2.2.1'
const IF_X_ENTRY = '1.3.6.1.2.1.31.1.1.1'
const SYS_UP_TIME = '1.3.6.1.2.1.1.3.0'
/** Ticks that tell how long something runs; every other one stands still. */
const RUNNING: readonly Oid[] = [SYS_UP_TIME, '1.3.6.1.2.1.25.1.1.0']

const OCTETS = new Set([`${IF_ENTRY}.10`, `${IF_ENTRY}.16`, `${IF_X_ENTRY}.6`, `${IF_X_ENTRY}.10`])
const OUTWARD = new Set([`${IF_ENTRY}.16`, `${IF_ENTRY}.17`, `${IF_X_ENTRY}.10`, `${IF_X_ENTRY}.11`])
const PACKETS = new Set([`${IF_ENTRY}.11`, `${IF_ENTRY}.17`, `${IF_X_ENTRY}.7`, `${IF_X_ENTRY}.11`])
const BYTES_A_PACKET = 700
/** What vendors count in their own trees is often no counter at all: clients of a radio have its type. It stands still. */
const VENDORS = '1.3.6.1.4.1.'
/** No interface carries more than this, or every demonstration would be a flood. */
const MOST_BYTES_A_SECOND = 5_000_000
const LEAST_BYTES_A_SECOND = 500
/** Traffic swells and falls within this time, by this share. */
const SWELL_S = 1_800
const SWELL = 0.6

export type Mover = (upS: number) => SnmpValue

/** A number from 0 to 1 that is the same for the same text at every start (FNV-1a). */
function chance(text: string): number {
  let hash = 0x811c9dc5
  for (const byte of Buffer.from(text)) hash = Math.imul(hash ^ byte, 0x01000193) >>> 0
  return hash / 0xffff_ffff
}

/** How much a flow of `rate` a second has carried after `upS` when it swells around its mean: never less than before. */
export function carried(rate: number, upS: number, phase: number): number {
  const turn = (2 * Math.PI) / SWELL_S
  return rate * (upS + (SWELL / turn) * (Math.cos(phase) - Math.cos(turn * upS + phase)))
}

/**
 * How each variable moves; those that stand still are left out. Counters of one interface move together: 32 and 64 bits
 * of the same figure at the same rate, nothing on one that is down, never more than a third of its speed.
 */
export function moversOf(variables: readonly Recorded[], seed: string): Map<Oid, Mover> {
  const values = new Map(variables.map(({ oid, value }) => [oid, numberOf(value)]))
  const speedOf = (index: string): number => {
    const high = values.get(`${IF_X_ENTRY}.15.${index}`) ?? 0
    return high > 0 ? high * 1_000_000 : (values.get(`${IF_ENTRY}.5.${index}`) ?? 0)
  }
  const bytesASecond = (index: string, isOutward: boolean): number => {
    if ((values.get(`${IF_ENTRY}.8.${index}`) ?? 1) !== 1) return 0
    const most = Math.min(MOST_BYTES_A_SECOND, speedOf(index) / 8 / 3 || MOST_BYTES_A_SECOND)
    const share = chance(`${seed} ${index} ${isOutward}`) ** 3
    return Math.max(Math.min(LEAST_BYTES_A_SECOND, most), most * share)
  }
  const rateOf = (oid: Oid): number => {
    const column = oid.slice(0, oid.lastIndexOf('.'))
    const index = oid.slice(oid.lastIndexOf('.') + 1)
    if (oid.startsWith(VENDORS)) return 0
    if (OCTETS.has(column)) return bytesASecond(index, OUTWARD.has(column))
    if (PACKETS.has(column)) return bytesASecond(index, OUTWARD.has(column)) / BYTES_A_PACKET
    if (column.startsWith(`${IF_ENTRY}.`)) return chance(`${seed} ${oid}`) < 0.05 ? 0.05 : 0
    return chance(`${seed} ${oid}`) * 20
  }

  const movers = new Map<Oid, Mover>()
  for (const { oid, value } of variables) {
    if (value.type === 'ticks' && RUNNING.includes(oid)) {
      movers.set(oid, upS => ({ type: 'ticks', value: (value.value + Math.floor(upS * 100)) % 2 ** 32 }))
    } else if (value.type === 'counter32' || value.type === 'counter64') {
      const rate = rateOf(oid)
      if (rate === 0) continue
      const phase = chance(seed) * 2 * Math.PI
      const grown = (upS: number): number => Math.floor(carried(rate, upS, phase))
      const { type, value: start } = value
      movers.set(
        oid,
        type === 'counter32'
          ? upS => ({ type, value: (Number(start) + grown(upS)) % 2 ** 32 })
          : upS => ({ type, value: BigInt.asUintN(64, BigInt(start) + BigInt(grown(upS))) }),
      )
    }
  }
  return movers
}

/** Every device has an uptime, also where the recording has none. */
export function withUpTime(variables: readonly Recorded[]): Recorded[] {
  if (variables.some(({ oid }) => oid === SYS_UP_TIME)) return [...variables]
  const numbers = SYS_UP_TIME.split('.').map(Number)
  return [...variables, { oid: SYS_UP_TIME, numbers, value: { type: 'ticks', value: 8_640_000 } }]
}
