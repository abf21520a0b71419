// The part of BER (ITU-T X.690) that SNMP uses: short tags, definite lengths.
import type { Oid } from '../value.ts'

export const TAG = {
  integer: 0x02,
  octets: 0x04,
  null: 0x05,
  oid: 0x06,
  sequence: 0x30,
  address: 0x40,
  counter32: 0x41,
  gauge32: 0x42,
  ticks: 0x43,
  opaque: 0x44,
  counter64: 0x46,
  noSuchObject: 0x80,
  noSuchInstance: 0x81,
  endOfView: 0x82,
} as const

/** The bytes are no BER, or not what stands at this place of an SNMP message. */
export class BerError extends Error {
  constructor(message: string) {
    super(message)
    this.name = 'BerError'
  }
}

/** Reads from `at` to `end` and never beyond; every wrong byte is a BerError. */
export class BerReader {
  readonly bytes: Buffer
  at: number
  readonly end: number
  constructor(bytes: Buffer, at = 0, end = bytes.length) {
    this.bytes = bytes
    this.at = at
    this.end = end
  }

  get isAtEnd(): boolean {
    return this.at >= this.end
  }

  peekTag(): number {
    return this.byte(this.at)
  }

  private byte(at: number): number {
    const byte = at < this.end ? this.bytes[at] : undefined
    if (byte === undefined) throw new BerError('ends too early')
    return byte
  }

  /** Steps over tag and length; where the content begins is `at` then. Returns where it ends. */
  enter(tag: number): number {
    if (this.byte(this.at) !== tag) throw new BerError(`tag ${this.byte(this.at)} in place of ${tag}`)
    let length = this.byte(this.at + 1)
    this.at += 2
    if (length >= 0x80) {
      const count = length & 0x7f
      if (count === 0 || count > 4) throw new BerError('a length of unknown form')
      length = 0
      for (let index = 0; index < count; index += 1) length = length * 256 + this.byte(this.at + index)
      this.at += count
    }
    const end = this.at + length
    if (end > this.end) throw new BerError('a length beyond the end')
    return end
  }

  /** A reader of what is inside; this one goes on behind it. */
  inside(tag: number): BerReader {
    const end = this.enter(tag)
    const inner = new BerReader(this.bytes, this.at, end)
    this.at = end
    return inner
  }

  octets(tag: number = TAG.octets): Buffer {
    const end = this.enter(tag)
    const content = this.bytes.subarray(this.at, end)
    this.at = end
    return content
  }

  /** Two's complement, at most four bytes (and a leading zero). */
  integer(tag: number = TAG.integer): number {
    const content = this.octets(tag)
    if (content.length < 1 || content.length > 5) throw new BerError('an integer of unknown length')
    return content.readIntBE(0, content.length)
  }

  /** 32 bits without a sign; agents that forget the leading zero mean a positive number. */
  unsigned(tag: number): number {
    const content = this.octets(tag)
    if (content.length < 1 || content.length > 5) throw new BerError('a counter of unknown length')
    const value = content.readUIntBE(0, content.length)
    if (value > 0xffff_ffff) throw new BerError('a counter above 32 bits')
    return value
  }

  unsigned64(): bigint {
    const content = this.octets(TAG.counter64)
    if (content.length < 1 || content.length > 9) throw new BerError('a counter of unknown length')
    if (content.length === 9 && content[0] !== 0) throw new BerError('a counter above 64 bits')
    if (content.length >= 8) return content.readBigUInt64BE(content.length - 8)
    return content.length <= 6
      ? BigInt(content.readUIntBE(0, content.length))
      : BigInt(content.readUIntBE(0, 6)) * 256n + BigInt(content[6] ?? 0)
  }

  oid(): Oid {
    const end = this.enter(TAG.oid)
    const start = this.at
    this.at = end
    return decodeOid(this.bytes, start, end)
  }
}

export function decodeOid(bytes: Buffer, start: number, end: number): Oid {
  if (end <= start || end - start > 640) throw new BerError('an OID of unknown length')
  let text = ''
  let number = 0
  for (let at = start; at < end; at += 1) {
    const byte = bytes[at] ?? 0
    number = number * 128 + (byte & 0x7f)
    if (number > 0xffff_ffff + 80) throw new BerError('a number above 32 bits in an OID')
    if (byte >= 0x80) continue
    if (text === '') text = number < 80 ? `${Math.floor(number / 40)}.${number % 40}` : `2.${number - 80}`
    else text += `.${number}`
    number = 0
  }
  if ((bytes[end - 1] ?? 0) >= 0x80) throw new BerError('an OID ends inside a number')
  return text
}

const MOST_ENCODED = 20_000
const encoded = new Map<Oid, Buffer>()

/** They live long: in Node's own pool each of them would keep alive 64 KiB of others that are long gone. */
let shelf = Buffer.alloc(0)
const SHELF_BYTES = 16_384
function keep(bytes: readonly number[]): Buffer {
  if (shelf.length < bytes.length) shelf = Buffer.allocUnsafeSlow(Math.max(SHELF_BYTES, bytes.length))
  const place = shelf.subarray(0, bytes.length)
  shelf = shelf.subarray(bytes.length)
  place.set(bytes)
  return place
}

/** Content bytes of an OID. A poller asks the same ones for ever, so they are kept. */
export function encodeOid(oid: Oid): Buffer {
  const known = encoded.get(oid)
  if (known !== undefined) return known
  const numbers = oid.split('.').map(Number)
  const [first = 0, second = 0, ...rest] = numbers
  const bytes: number[] = []
  for (const number of [first * 40 + second, ...rest]) {
    const groups = [number % 128]
    for (let left = Math.floor(number / 128); left > 0; left = Math.floor(left / 128))
      groups.unshift((left % 128) | 0x80)
    bytes.push(...groups)
  }
  const buffer = keep(bytes)
  if (encoded.size >= MOST_ENCODED) encoded.clear()
  encoded.set(oid, buffer)
  return buffer
}

/** Writes from the end to the beginning, so that each length is known when it is written. */
export class BerWriter {
  private bytes: Buffer
  private at: number
  constructor(bytes = 2_048) {
    this.bytes = Buffer.allocUnsafe(bytes)
    this.at = bytes
  }

  get length(): number {
    return this.bytes.length - this.at
  }

  private room(bytes: number): void {
    if (this.at >= bytes) return
    const larger = Buffer.allocUnsafe(Math.max(this.bytes.length * 2, this.length + bytes))
    const start = larger.length - this.length
    this.bytes.copy(larger, start, this.at)
    this.bytes = larger
    this.at = start
  }

  raw(content: Buffer): void {
    this.room(content.length)
    this.at -= content.length
    content.copy(this.bytes, this.at)
  }

  byte(value: number): void {
    this.room(1)
    this.at -= 1
    this.bytes[this.at] = value
  }

  /** Tag and length in front of all that was written since the length was `before`. */
  close(tag: number, before: number): void {
    const length = this.length - before
    if (length < 0x80) this.byte(length)
    else {
      let count = 0
      for (let left = length; left > 0; left = Math.floor(left / 256), count += 1) this.byte(left % 256)
      this.byte(0x80 | count)
    }
    this.byte(tag)
  }

  octets(tag: number, content: Buffer): void {
    const before = this.length
    this.raw(content)
    this.close(tag, before)
  }

  /** Two's complement in as few bytes as it takes; also for what has no sign. */
  integer(tag: number, value: number | bigint): void {
    const before = this.length
    if (typeof value === 'number') this.small(value)
    else this.large(value)
    this.close(tag, before)
  }

  private small(value: number): void {
    let left = value
    let byte = 0
    do {
      byte = left & 0xff
      this.byte(byte)
      left = Math.floor(left / 256)
    } while (left !== 0 && left !== -1)
    this.sign(left === 0, byte)
  }

  private large(value: bigint): void {
    let left = value
    let byte = 0
    do {
      byte = Number(left & 0xffn)
      this.byte(byte)
      left >>= 8n
    } while (left !== 0n && left !== -1n)
    this.sign(left === 0n, byte)
  }

  /** One byte more where the highest bit would say the wrong sign. */
  private sign(isPositive: boolean, byte: number): void {
    if (isPositive && byte >= 0x80) this.byte(0)
    if (!isPositive && byte < 0x80) this.byte(0xff)
  }

  oid(oid: Oid): void {
    this.octets(TAG.oid, encodeOid(oid))
  }

  done(): Buffer {
    return this.bytes.subarray(this.at)
  }
}
