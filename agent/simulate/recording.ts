// Recordings of devices as snmpsim writes them: OID|type|value, a line a variable. Bytes as they are: each one is a letter of
// the text (Latin-1), since devices answer in any encoding.
import { compareOids, type Oid, parseOid, type SnmpValue } from '../sources/snmp/value.ts'

export type Recorded = { oid: Oid; numbers: readonly number[]; value: SnmpValue }
export type LineProblem = { file: string; line: number; message: string }

const NUMBERS: Record<string, 'integer' | 'counter32' | 'gauge32' | 'ticks'> = {
  2: 'integer',
  65: 'counter32',
  66: 'gauge32',
  67: 'ticks',
}

/** Said by the device instead of a value (RFC 3416): the same as no line. */
const NOTHING = ['128', '129', '130']

/**
 * The value by its tag, the number of its ASN.1 type; an x behind it: in hex, an e: with escapes. `nothing` for what is no
 * value, a sentence for what is wrong with it.
 */
function readValue(tag: string, text: string): SnmpValue | 'nothing' | { problem: string } {
  const [, type = '', form = ''] = /^(\d+)([xe]?)$/.exec(tag) ?? []
  if (NOTHING.includes(type)) return 'nothing'
  const number = NUMBERS[type]
  if (number !== undefined) {
    // Some agents count integers above 31 bits.
    const [least, most] = number === 'integer' ? [-0x8000_0000, 0xffff_ffff] : [0, 0xffff_ffff]
    const value = numberFrom(text, form)
    return value >= least && value <= most
      ? { type: number, value: Number(value) }
      : { problem: `"${text.slice(0, 80)}" is no ${number}` }
  }
  const bytes = bytesFrom(text, form)
  if (bytes === undefined) return { problem: 'these are no bytes in hex' }
  switch (type) {
    case '4':
      return { type: 'octets', value: bytes }
    case '68':
      return { type: 'opaque', value: bytes }
    case '5':
      return { type: 'null' }
    case '6': {
      const oid = text.trim().replace(/^\./, '')
      // Agents say 0.0 for "none"; some say a single number.
      if (parseOid(oid) === undefined)
        return /^\d*$/.test(oid) ? { type: 'oid', value: '0.0' } : { problem: `"${text.slice(0, 80)}" is no OID` }
      return { type: 'oid', value: oid }
    }
    case '64': {
      const address = form === 'x' && bytes.length === 4 ? bytes.join('.') : text.trim()
      return isIpv4(address)
        ? { type: 'address', value: address }
        : { problem: `"${text.slice(0, 80)}" is no IPv4 address` }
    }
    case '70': {
      const value = numberFrom(text, form)
      return value >= 0n && value <= 0xffff_ffff_ffff_ffffn
        ? { type: 'counter64', value }
        : { problem: `"${text.slice(0, 80)}" is no counter64` }
    }
    default:
      return { problem: `unknown type "${tag}"; known: 2, 4, 5, 6, 64 to 68, 70, with x behind it in hex` }
  }
}

/** snmpsim can let a module vary a line ("2:numeric|initial=5,rate=2"): what it begins with is the value. */
function readVaried(tag: string, module: string, settings: string): ReturnType<typeof readValue> {
  const [, key, start] = /(?:^|,)(value|hexvalue|initial)=([^,]*)/.exec(settings) ?? []
  if (start !== undefined) return readValue(key === 'hexvalue' ? `${tag}x` : tag, start)
  // Numbers that nobody gave a start begin at none.
  if (module === 'numeric') return readValue(tag, '0')
  return { problem: `"${module.slice(0, 80)}" varies this line, and no value stands in it` }
}

/** -(2^63) for what is no number, which is below all that is allowed. */
function numberFrom(text: string, form: string): bigint {
  const trimmed = text.trim()
  if (form === 'x' && /^[0-9a-f]{1,16}$/i.test(trimmed)) return BigInt(`0x${trimmed}`)
  return /^-?\d{1,20}$/.test(trimmed) ? BigInt(trimmed) : -(2n ** 63n)
}

function bytesFrom(text: string, form: string): Buffer | undefined {
  if (form === 'e') return Buffer.from(unescaped(text), 'latin1')
  if (form !== 'x') return Buffer.from(text, 'latin1')
  const digits = text.replace(/^0x/i, '').replace(/\s/g, '')
  return /^(?:[0-9a-f]{2})*$/i.test(digits) ? Buffer.from(digits, 'hex') : undefined
}

const ESCAPES: Record<string, string> = { n: '\n', r: '\r', t: '\t', '\\': '\\', "'": "'", '"': '"' }
const unescaped = (text: string): string =>
  text.replace(/\\(?:x([0-9a-f]{2})|(.))/gi, (whole, hex, letter) =>
    hex === undefined ? (ESCAPES[letter] ?? whole) : String.fromCharCode(Number.parseInt(hex, 16)),
  )

const isIpv4 = (text: string): boolean => {
  const parts = text.split('.')
  return parts.length === 4 && parts.every(part => /^\d{1,3}$/.test(part) && Number(part) <= 255)
}

function readLine(line: string): Recorded | 'nothing' | { problem: string } {
  const [oid = '', tag, ...rest] = line.split('|')
  if (tag === undefined || rest.length === 0) return { problem: 'must be OID|type|value' }
  const numbers = parseOid(oid.replace(/^\./, '').trim())
  if (numbers === undefined) return { problem: `"${oid.slice(0, 80)}" is no OID` }
  const [type = '', module] = tag.trim().split(':')
  const value = module === undefined ? readValue(type, rest.join('|')) : readVaried(type, module, rest.join('|'))
  return value === 'nothing' || 'problem' in value ? value : { oid: numbers.join('.'), numbers, value }
}

/** All variables in the order of the tree; of one that is recorded twice the first counts. Every bad line is named. */
export function parseRecording(bytes: Buffer, file: string): { variables: Recorded[]; problems: LineProblem[] } {
  const variables = new Map<Oid, Recorded>()
  const problems: LineProblem[] = []
  for (const [index, line] of bytes
    .toString('latin1')
    .replace(/^\u00ef\u00bb\u00bf/, '')
    .split(/\r?\n/)
    .entries()) {
    if (line.trim() === '' || line.startsWith('#')) continue
    const found = readLine(line)
    if (found === 'nothing') continue
    if ('problem' in found) problems.push({ file, line: index + 1, message: found.problem })
    else if (!variables.has(found.oid)) variables.set(found.oid, found)
  }
  if (variables.size === 0 && problems.length === 0)
    problems.push({ file, line: 1, message: 'there is no variable in it' })
  return { variables: [...variables.values()].sort((one, other) => compareOids(one.numbers, other.numbers)), problems }
}
