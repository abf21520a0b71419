// Recordings of devices as snmpsim writes them: OID|type|value, a line a variable.
import { compareOids, type Oid, parseOid, type SnmpValue } from '../sources/snmp/value.ts'

export type Recorded = { oid: Oid; numbers: readonly number[]; value: SnmpValue }
export type LineProblem = { file: string; line: number; message: string }

const NUMBERS: Record<string, 'integer' | 'counter32' | 'gauge32' | 'ticks'> = {
  2: 'integer',
  65: 'counter32',
  66: 'gauge32',
  67: 'ticks',
}

/** The value by its tag (the number of its ASN.1 type; an x behind it: in hex), or what is wrong with it. */
function readValue(tag: string, text: string): SnmpValue | string {
  const number = NUMBERS[tag]
  if (number !== undefined) {
    const [least, most] = number === 'integer' ? [-0x8000_0000, 0x7fff_ffff] : [0, 0xffff_ffff]
    const value = /^-?\d{1,11}$/.test(text) ? Number(text) : Number.NaN
    return value >= least && value <= most ? { type: number, value } : `"${text}" is no ${number}`
  }
  switch (tag) {
    case '4':
      return { type: 'octets', value: Buffer.from(text, 'utf8') }
    case '4x':
    case '68x': {
      const bytes = Buffer.from(text, 'hex')
      if (bytes.length * 2 !== text.length) return 'these are no bytes in hex'
      return { type: tag === '4x' ? 'octets' : 'opaque', value: bytes }
    }
    case '5':
      return { type: 'null' }
    case '6': {
      const oid = text.replace(/^\./, '')
      // Agents say 0.0 for "none"; some say a single number.
      if (parseOid(oid) === undefined) return /^\d*$/.test(oid) ? { type: 'oid', value: '0.0' } : `"${text}" is no OID`
      return { type: 'oid', value: oid }
    }
    case '64':
      return isIpv4(text) ? { type: 'address', value: text } : `"${text}" is no IPv4 address`
    case '64x':
      return /^[0-9a-f]{8}$/i.test(text)
        ? { type: 'address', value: Buffer.from(text, 'hex').join('.') }
        : `"${text}" is no IPv4 address in hex`
    case '70': {
      const value = /^\d{1,20}$/.test(text) ? BigInt(text) : -1n
      return value >= 0n && value <= 0xffff_ffff_ffff_ffffn ? { type: 'counter64', value } : `"${text}" is no counter64`
    }
    default:
      return `unknown type "${tag}"; known: 2, 4, 4x, 5, 6, 64, 64x, 65, 66, 67, 68x, 70`
  }
}

const isIpv4 = (text: string): boolean => {
  const parts = text.split('.')
  return parts.length === 4 && parts.every(part => /^\d{1,3}$/.test(part) && Number(part) <= 255)
}

function readLine(line: string): Recorded | string {
  const [oid = '', tag, ...rest] = line.split('|')
  if (tag === undefined || rest.length === 0) return 'must be OID|type|value'
  const numbers = parseOid(oid.replace(/^\./, '').trim())
  if (numbers === undefined) return `"${oid.slice(0, 80)}" is no OID`
  const value = readValue(tag.trim(), rest.join('|'))
  return typeof value === 'string' ? value : { oid: numbers.join('.'), numbers, value }
}

/** All variables in the order of the tree; of one that is recorded twice the first counts. Every bad line is named. */
export function parseRecording(text: string, file: string): { variables: Recorded[]; problems: LineProblem[] } {
  const variables = new Map<Oid, Recorded>()
  const problems: LineProblem[] = []
  for (const [index, line] of text.split(/\r?\n/).entries()) {
    if (line.trim() === '' || line.startsWith('#')) continue
    const found = readLine(line)
    if (typeof found === 'string') problems.push({ file, line: index + 1, message: found })
    else if (!variables.has(found.oid)) variables.set(found.oid, found)
  }
  if (variables.size === 0 && problems.length === 0)
    problems.push({ file, line: 1, message: 'there is no variable in it' })
  return { variables: [...variables.values()].sort((one, other) => compareOids(one.numbers, other.numbers)), problems }
}
