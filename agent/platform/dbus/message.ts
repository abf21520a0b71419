// Messages of D-Bus: calls whose arguments are strings, and whatever comes back.
import { alignedTo, type DBusValue, entriesOf, readValues } from './values.ts'

export type Call = {
  destination: string
  path: string
  interface: string
  member: string
  args: readonly string[]
}

export type Message = {
  kind: 'call' | 'answer' | 'error' | 'signal' | 'unknown'
  /** Serial of the call that it answers. */
  answers: number | undefined
  errorName: string | undefined
  body: DBusValue[]
}

const KINDS = ['unknown', 'call', 'answer', 'error', 'signal'] as const
const FIELD = { path: 1, interface: 2, member: 3, errorName: 4, answers: 5, destination: 6, signature: 8 } as const
const LITTLE_ENDIAN = 0x6c
const METHOD_CALL = 1
/** Asking must not start a service. */
const NO_AUTO_START = 2
const VERSION = 1
const FIXED_BYTES = 16
/** The specification allows 128 MiB; who says so much to us is not systemd. */
const LONGEST_BYTES = 8 * 1024 * 1024

export function encodeCall(serial: number, call: Call): Buffer {
  const body = concat(call.args.map(text => ({ alignment: 4, bytes: string(text) })))
  const field = (code: number, type: string, value: Buffer) => ({
    alignment: 8,
    bytes: Buffer.concat([Buffer.from([code]), signature(type), value]),
  })
  // Code, and a signature of one letter: four bytes, so the string behind it lies right.
  const fields = concat([
    field(FIELD.path, 'o', string(call.path)),
    field(FIELD.interface, 's', string(call.interface)),
    field(FIELD.member, 's', string(call.member)),
    field(FIELD.destination, 's', string(call.destination)),
    ...(call.args.length === 0 ? [] : [field(FIELD.signature, 'g', signature('s'.repeat(call.args.length)))]),
  ])
  const head = Buffer.alloc(alignedTo(FIXED_BYTES + fields.length, 8))
  head.set([LITTLE_ENDIAN, METHOD_CALL, NO_AUTO_START, VERSION])
  head.writeUInt32LE(body.length, 4)
  head.writeUInt32LE(serial, 8)
  head.writeUInt32LE(fields.length, 12)
  fields.copy(head, FIXED_BYTES)
  return Buffer.concat([head, body])
}

function string(text: string): Buffer {
  const bytes = Buffer.from(`${text}\0`)
  const length = Buffer.alloc(4)
  length.writeUInt32LE(bytes.length - 1)
  return Buffer.concat([length, bytes])
}

function signature(text: string): Buffer {
  return Buffer.from(`${String.fromCharCode(text.length)}${text}\0`, 'latin1')
}

function concat(parts: { alignment: number; bytes: Buffer }[]): Buffer {
  const padded: Buffer[] = []
  let length = 0
  for (const { alignment, bytes } of parts) {
    const from = alignedTo(length, alignment)
    padded.push(Buffer.alloc(from - length), bytes)
    length = from + bytes.length
  }
  return Buffer.concat(padded)
}

/** Length of the message that begins here; undefined while too little of it came. Throws when it is none of ours. */
export function lengthOfMessage(bytes: Buffer): number | undefined {
  if (bytes.length < FIXED_BYTES) return undefined
  if (bytes.readUInt8(0) !== LITTLE_ENDIAN || bytes.readUInt8(3) !== VERSION) throw new Error('this is not D-Bus')
  const length = alignedTo(FIXED_BYTES + bytes.readUInt32LE(12), 8) + bytes.readUInt32LE(4)
  if (length > LONGEST_BYTES) throw new Error('a message of D-Bus is too long')
  return length
}

/** `bytes` is one whole message. */
export function decodeMessage(bytes: Buffer): Message {
  const fieldsEnd = FIXED_BYTES + bytes.readUInt32LE(12)
  // Its length stands right before the array; put apart, so that both lie as if the array began a message.
  const array = Buffer.concat([
    bytes.subarray(12, FIXED_BYTES),
    Buffer.alloc(4),
    bytes.subarray(FIXED_BYTES, fieldsEnd),
  ])
  const [fields] = readValues('a(yv)', array)
  const found = entriesOf(fields)
  const textOf = (code: number): string | undefined => {
    const value = found.get(code)
    return typeof value === 'string' ? value : undefined
  }
  const answers = found.get(FIELD.answers)
  return {
    kind: KINDS[bytes.readUInt8(1)] ?? 'unknown',
    answers: typeof answers === 'number' ? answers : undefined,
    errorName: textOf(FIELD.errorName),
    body: readValues(textOf(FIELD.signature) ?? '', bytes.subarray(alignedTo(fieldsEnd, 8))),
  }
}
