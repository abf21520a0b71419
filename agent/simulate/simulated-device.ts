import { SIMULATED_OID, SIMULATED_TEXT } from '../sources/snmp/simulated-mark.ts'
import { compareOids, type Oid, parseOid, type SnmpValue, type Varbind } from '../sources/snmp/value.ts'
import { BerWriter } from '../sources/snmp/wire/ber.ts'
import { type CommunityVersion, PDU, type Pdu, writeVarbind } from '../sources/snmp/wire/message.ts'
import { type Mover, moversOf, withUpTime } from './moving-values.ts'
import type { Recorded } from './recording.ts'

export type SimulatedDevice = {
  name: string
  /** The answer to a question after `upS` seconds; undefined for a PDU that is no question. */
  answer(pdu: Pdu, version: CommunityVersion | 'v3', upS: number): Pdu | undefined
}

/** What fits into one datagram without fragments, less what stands around the variables. A single one always goes. */
const MOST_BYTES = 1_472 - 130
const NO_ERROR = { errorStatus: 0, errorIndex: 0 }
const STATUS = { tooBig: 1, noSuchName: 2, noAccess: 6, notWritable: 17 } as const

/** A device as it was recorded, with moving counters and the mark that it is one. `seed` makes twins differ. */
export function createSimulatedDevice(name: string, recorded: readonly Recorded[], seed = name): SimulatedDevice {
  const mark: Recorded = {
    oid: SIMULATED_OID,
    numbers: parseOid(SIMULATED_OID) ?? [],
    value: { type: 'octets', value: Buffer.from(SIMULATED_TEXT) },
  }
  const variables = [...withUpTime(recorded), mark].sort((one, other) => compareOids(one.numbers, other.numbers))
  const places = new Map(variables.map(({ oid }, place) => [oid, place]))
  const movers: Map<Oid, Mover> = moversOf(variables, seed)

  const valueAt = (place: number, upS: number): Varbind | undefined => {
    const variable = variables[place]
    if (variable === undefined) return undefined
    return { oid: variable.oid, value: movers.get(variable.oid)?.(upS) ?? variable.value }
  }
  /** Place of the first variable behind an OID. */
  const placeBehind = (oid: Oid): number => {
    const known = places.get(oid)
    if (known !== undefined) return known + 1
    const numbers = parseOid(oid) ?? [Number(oid)]
    let [low, high] = [0, variables.length]
    while (low < high) {
      const middle = (low + high) >>> 1
      if (compareOids(variables[middle]?.numbers ?? [], numbers) <= 0) low = middle + 1
      else high = middle
    }
    return low
  }
  /** v1 knows no 64 bits: they are stepped over (RFC 3584, 4.2.2.1). */
  const nextOf = (oid: Oid, version: string, upS: number): Varbind => {
    for (let place = placeBehind(oid); ; place += 1) {
      const varbind = valueAt(place, upS)
      if (varbind === undefined) return { oid, value: { type: 'end-of-view' } }
      if (version !== 'v1' || varbind.value.type !== 'counter64') return varbind
    }
  }
  const missing = (oid: Oid): SnmpValue => {
    const numbers = parseOid(oid) ?? []
    const place = placeBehind(oid)
    const isSibling = (other: readonly number[] = []): boolean =>
      numbers.slice(0, -1).every((number, at) => other[at] === number)
    // The same column has rows: then it is this row that is missing, else the whole object.
    const isObject = isSibling(variables[place]?.numbers) || isSibling(variables[place - 1]?.numbers)
    return { type: isObject ? 'no-such-instance' : 'no-such-object' }
  }

  const answerEach = (pdu: Pdu, version: string, read: (oid: Oid) => Varbind): Pdu => {
    const varbinds = pdu.varbinds.map(({ oid }) => read(oid))
    const absent = varbinds.findIndex(({ value }) => !('value' in value) || value.type === 'counter64')
    if (version === 'v1' && absent !== -1)
      return { ...pdu, tag: PDU.response, errorStatus: STATUS.noSuchName, errorIndex: absent + 1 }
    if (varbinds.length > 1 && sizeOf(varbinds) > MOST_BYTES)
      return { ...pdu, tag: PDU.response, errorStatus: STATUS.tooBig, errorIndex: 0, varbinds: [] }
    return { ...pdu, ...NO_ERROR, tag: PDU.response, varbinds }
  }

  const answerBulk = (pdu: Pdu, upS: number): Pdu => {
    const single = Math.max(0, Math.min(pdu.errorStatus, pdu.varbinds.length))
    const varbinds: Varbind[] = []
    let bytes = 0
    const add = (varbind: Varbind): boolean => {
      bytes += sizeOf([varbind])
      if (bytes > MOST_BYTES && varbinds.length > 0) return false
      varbinds.push(varbind)
      return true
    }
    const answer = (): Pdu => ({ ...pdu, ...NO_ERROR, tag: PDU.response, varbinds })
    for (const { oid } of pdu.varbinds.slice(0, single)) if (!add(nextOf(oid, 'v2c', upS))) return answer()
    let row = pdu.varbinds.slice(single).map(({ oid }) => oid)
    for (let repetition = 0; repetition < pdu.errorIndex && row.length > 0; repetition += 1) {
      const next = row.map(oid => nextOf(oid, 'v2c', upS))
      for (const varbind of next) if (!add(varbind)) return answer()
      if (next.every(({ value }) => value.type === 'end-of-view')) return answer()
      row = next.map(({ oid }) => oid)
    }
    return answer()
  }

  return {
    name,
    answer(pdu, version, upS) {
      switch (pdu.tag) {
        case PDU.get:
          return answerEach(pdu, version, oid => {
            const place = places.get(oid)
            return (place === undefined ? undefined : valueAt(place, upS)) ?? { oid, value: missing(oid) }
          })
        case PDU.getNext:
          return answerEach(pdu, version, oid => nextOf(oid, version, upS))
        case PDU.getBulk:
          return version === 'v1' ? undefined : answerBulk(pdu, upS)
        case PDU.set:
          return {
            ...pdu,
            tag: PDU.response,
            errorStatus: version === 'v1' ? STATUS.noSuchName : STATUS.notWritable,
            errorIndex: 1,
          }
        default:
          return undefined
      }
    },
  }
}

function sizeOf(varbinds: readonly Varbind[]): number {
  const writer = new BerWriter(2_048)
  for (const varbind of varbinds) writeVarbind(writer, varbind)
  return writer.length
}
