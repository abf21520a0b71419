/** Object identifier in dotted numbers, without a dot in front. */
export type Oid = string

/** What a variable holds, by the types of SMIv2 (RFC 2578) and the exceptions of RFC 3416. */
export type SnmpValue =
  | { type: 'integer' | 'counter32' | 'gauge32' | 'ticks'; value: number }
  | { type: 'counter64'; value: bigint }
  | { type: 'octets' | 'opaque'; value: Buffer }
  | { type: 'oid' | 'address'; value: string }
  | { type: 'null' | 'no-such-object' | 'no-such-instance' | 'end-of-view' }

export type Varbind = { oid: Oid; value: SnmpValue }

/** Order of the tree: number by number, a parent before its children (RFC 3416, 4.2.2). */
export function compareOids(one: readonly number[], other: readonly number[]): number {
  const length = Math.min(one.length, other.length)
  for (let at = 0; at < length; at += 1) {
    const difference = (one[at] ?? 0) - (other[at] ?? 0)
    if (difference !== 0) return difference
  }
  return one.length - other.length
}

/** The numbers of an OID, or undefined when the text is none that SNMP can carry. */
export function parseOid(text: string): number[] | undefined {
  if (!/^\d+(\.\d+){1,127}$/.test(text)) return undefined
  const numbers = text.split('.').map(Number)
  const [first = 3, second = 0] = numbers
  if (first > 2 || (first < 2 && second > 39)) return undefined
  return numbers.every(number => number <= 0xffff_ffff) ? numbers : undefined
}

export const isBelow = (oid: Oid, root: Oid): boolean => oid.startsWith(root) && oid[root.length] === '.'

/** Whether the device said that it has no such thing, by any of the four ways to say so. */
export const isAbsent = (value: SnmpValue): boolean => !('value' in value)

/** A number, whatever its SNMP type; also one that a device wrote as text ("42", "23.5"). */
export function numberOf(value: SnmpValue): number | undefined {
  switch (value.type) {
    case 'integer':
    case 'counter32':
    case 'gauge32':
    case 'ticks':
      return value.value
    case 'counter64':
      return Number(value.value)
    case 'octets': {
      const text = /^\s*(-?\d{1,15}(?:\.\d{1,9})?)/.exec(value.value.toString('latin1'))?.[1]
      return text === undefined ? undefined : Number(text)
    }
    case 'opaque':
      return opaqueFloat(value.value)
    default:
      return undefined
  }
}

/** Net-SNMP wraps floats as 9f 78 04 and four bytes (draft-perkins-opaque-01). */
function opaqueFloat(bytes: Buffer): number | undefined {
  if (bytes.length < 7 || bytes[0] !== 0x9f || bytes[1] !== 0x78 || bytes[2] !== 4) return undefined
  const float = bytes.readFloatBE(3)
  return Number.isFinite(float) ? float : undefined
}

/** A text without what would break a line; undefined for what is empty or not a text. Wrong UTF-8 is read as Latin-1. */
export function textOf(value: SnmpValue): string | undefined {
  if (value.type === 'oid' || value.type === 'address') return value.value
  if (value.type !== 'octets') return undefined
  const utf8 = value.value.toString('utf8')
  const text = utf8.includes('\ufffd') ? value.value.toString('latin1') : utf8
  // Devices end their texts with NUL or CR LF.
  const clean = [...text].map(char => (isControl(char) ? ' ' : char)).join('')
  return clean.replace(/\s+/g, ' ').trim() || undefined
}

const isControl = (char: string): boolean => char < ' ' || (char >= '\u007f' && char < '\u00a0')

/**
 * "00:1a:2b:3c:4d:5e" of six bytes, or of a text as devices write it ("0:1a:2b:3c:4d:5e", "001a.2b3c.4d5e"). Undefined
 * for zeros and for an address of a group: tunnels put an IP address there.
 */
export function macOf(value: SnmpValue): string | undefined {
  if (value.type !== 'octets') return undefined
  const text = value.value.length === 6 ? value.value.toString('hex') : macDigits(value.value.toString('latin1'))
  if (!/^[0-9a-fA-F]{12}$/.test(text) || /^0+$/.test(text)) return undefined
  if ((Number.parseInt(text.slice(0, 2), 16) & 1) !== 0) return undefined
  return text.toLowerCase().replace(/(..)(?!$)/g, '$1:')
}

/** Some devices leave out the zeros in front. */
function macDigits(text: string): string {
  const groups = text.trim().split(/[:-]/)
  const isShortened = groups.length === 6 && groups.every(group => /^[0-9a-fA-F]{1,2}$/.test(group))
  return isShortened ? groups.map(group => group.padStart(2, '0')).join('') : text.replace(/[^0-9a-fA-F]/g, '')
}
