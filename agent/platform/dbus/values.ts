// Reads values of D-Bus by their signature (D-Bus Specification 0.43, "Marshaling"), little-endian: what a 64-bit Linux
// machine that we run on says about itself.

/** x and t are bigint; arrays, structs and dictionary entries are arrays; a variant is its value. */
export type DBusValue = string | number | bigint | boolean | DBusValue[]

const ALIGNMENTS = {
  ...{ y: 1, b: 4, n: 2, q: 2, i: 4, u: 4, x: 8, t: 8, d: 8 },
  ...{ s: 4, o: 4, g: 1, v: 1, a: 4, '(': 8, '{': 8, h: 4 },
} as const
type Letter = keyof typeof ALIGNMENTS
/** The specification allows 32 of each kind. */
const DEEPEST = 64

/** Where the single complete type that begins at `at` ends. Throws when none does. */
export function endOfType(signature: string, at: number, depth = 0): number {
  const letter = signature[at]
  if (depth > DEEPEST || letter === undefined) throw new Error('a signature is not whole')
  if (letter === 'a') return endOfType(signature, at + 1, depth + 1)
  if (letter !== '(' && letter !== '{') return at + 1
  const close = letter === '(' ? ')' : '}'
  let next = at + 1
  // Of nothing there would be endlessly many in an array.
  if (signature[next] === close) throw new Error('a signature has an empty struct')
  while (signature[next] !== close) next = endOfType(signature, next, depth + 1)
  return next + 1
}

export function alignedTo(offset: number, alignment: number): number {
  return Math.ceil(offset / alignment) * alignment
}

/** All values of `signature` in `bytes`, which begin at an offset that is a multiple of eight. Throws on anything odd. */
export function readValues(signature: string, bytes: Buffer): DBusValue[] {
  let offset = 0

  const take = (length: number): number => {
    const from = offset
    offset += length
    if (offset > bytes.length) throw new Error('a message of D-Bus is too short')
    return from
  }
  const text = (length: number): string => {
    const from = take(length + 1)
    return bytes.toString('utf8', from, from + length)
  }

  const readArray = (type: string, depth: number): DBusValue[] => {
    const length = bytes.readUInt32LE(take(4))
    offset = alignedTo(offset, alignmentOf(type, 0))
    const end = offset + length
    if (end > bytes.length) throw new Error('a message of D-Bus is too short')
    const items: DBusValue[] = []
    while (offset < end) items.push(readOne(type, 0, depth))
    if (offset !== end) throw new Error('an array of D-Bus does not end where it says')
    return items
  }

  const readMany = (types: string, depth: number): DBusValue[] => {
    const values: DBusValue[] = []
    for (let at = 0; at < types.length; at = endOfType(types, at)) values.push(readOne(types, at, depth))
    return values
  }

  const readOne = (types: string, at: number, depth: number): DBusValue => {
    if (depth > DEEPEST) throw new Error('a message of D-Bus is too deep')
    offset = alignedTo(offset, alignmentOf(types, at))
    switch (types[at]) {
      case 'y':
        return bytes.readUInt8(take(1))
      case 'b':
        return bytes.readUInt32LE(take(4)) !== 0
      case 'n':
        return bytes.readInt16LE(take(2))
      case 'q':
        return bytes.readUInt16LE(take(2))
      case 'i':
        return bytes.readInt32LE(take(4))
      case 'u':
      case 'h':
        return bytes.readUInt32LE(take(4))
      case 'x':
        return bytes.readBigInt64LE(take(8))
      case 't':
        return bytes.readBigUInt64LE(take(8))
      case 'd':
        return bytes.readDoubleLE(take(8))
      case 's':
      case 'o':
        return text(bytes.readUInt32LE(take(4)))
      case 'g':
        return text(bytes.readUInt8(take(1)))
      case 'v': {
        const inner = text(bytes.readUInt8(take(1)))
        if (endOfType(inner, 0) !== inner.length) throw new Error('a variant of D-Bus holds more than one value')
        return readOne(inner, 0, depth + 1)
      }
      case 'a':
        return readArray(types.slice(at + 1, endOfType(types, at)), depth + 1)
      default:
        return readMany(types.slice(at + 1, endOfType(types, at) - 1), depth + 1)
    }
  }

  return readMany(signature, 0)
}

/** Pairs, such as an a{sv}, by their first. */
export function entriesOf(value: DBusValue | undefined): Map<DBusValue | undefined, DBusValue | undefined> {
  const pairs = Array.isArray(value) ? value : []
  return new Map(pairs.map(pair => (Array.isArray(pair) ? [pair[0], pair[1]] : [undefined, undefined])))
}

function alignmentOf(types: string, at: number): number {
  const letter = types[at]
  if (letter === undefined || !isLetter(letter)) throw new Error(`D-Bus has no type "${letter ?? ''}"`)
  return ALIGNMENTS[letter]
}

const isLetter = (letter: string): letter is Letter => Object.hasOwn(ALIGNMENTS, letter)
