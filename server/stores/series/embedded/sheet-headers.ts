// Which sheets a file has: from the copies of their headers, and where those end or are broken, from the sheets themselves.
import { type DamageList, REPAIRED } from './damage.ts'
import type { DiskFile } from './disk.ts'
import { HEADER_BYTES, readHeader, type SheetHeader, serializeHeaders, sheetBytes } from './sheet-format.ts'

const CHUNK_BYTES = 1 << 20

/** The next header at `at` or, where none stands there, further on; null at the end. Sheets begin at multiples of eight. */
function findHeader(data: DiskFile, at: number, size: number, damage: DamageList): SheetHeader | null {
  const found = (bytes: Uint8Array, place: number, offset: number) => {
    const header = readHeader(bytes, place, () => damage.note(`${data.path} at ${offset}`, REPAIRED))
    return header?.offset === offset && offset + sheetBytes(header) <= size ? header : null
  }
  const one = new Uint8Array(HEADER_BYTES)
  if (data.read(one, at) === HEADER_BYTES) {
    const header = found(one, 0, at)
    if (header !== null) return header
  }
  for (let from = at; from + HEADER_BYTES <= size; from += CHUNK_BYTES) {
    const chunk = new Uint8Array(CHUNK_BYTES + HEADER_BYTES)
    const length = data.read(chunk, from)
    for (let place = 0; place + HEADER_BYTES <= length && place < CHUNK_BYTES; place += 8) {
      const header = found(chunk, place, from + place)
      if (header !== null) return header
    }
  }
  return null
}

function scan(data: DiskFile, from: number, damage: DamageList): SheetHeader[] {
  const size = data.size()
  const headers: SheetHeader[] = []
  let lost: number | null = null
  for (let at = from; at + HEADER_BYTES <= size; ) {
    const header = findHeader(data, at, size, damage)
    if (header === null) break
    if (header.offset > at) lost ??= at
    headers.push(header)
    at = header.offset + sheetBytes(header)
  }
  // What lies behind the last whole flush was never acknowledged as flushed: only a hole before it is a loss.
  const lastWhole = headers.findLastIndex(({ kind }) => kind === 'whole')
  if (lost !== null && lost < (headers[lastWhole]?.offset ?? 0)) {
    damage.note(`${data.path} at ${lost}`, 'the blocks of some series are unreadable')
  }
  return headers.slice(0, lastWhole + 1)
}

function readCopies(index: DiskFile): { headers: SheetHeader[]; isBroken: boolean; repaired: boolean } {
  const bytes = new Uint8Array(index.size())
  index.read(bytes, 0)
  const headers: SheetHeader[] = []
  let repaired = false
  let end = 0
  for (let at = 0; at + HEADER_BYTES <= bytes.length; at += HEADER_BYTES) {
    const header = readHeader(bytes, at, () => {
      repaired = true
    })
    if (header === null || header.offset < end) return { headers, isBroken: true, repaired }
    headers.push(header)
    end = header.offset + sheetBytes(header)
  }
  return { headers, isBroken: false, repaired }
}

/** Headers of all whole flushes in the order of the file, and where the last of them ends. Leaves both files in order. */
export function loadHeaders({ data, index, damage }: { data: DiskFile; index: DiskFile; damage: DamageList }): {
  headers: SheetHeader[]
  end: number
} {
  const copies = readCopies(index)
  if (copies.isBroken) damage.note(index.path, 'was broken and is made anew from the blocks')
  else if (copies.repaired) damage.note(index.path, REPAIRED)
  const size = data.size()
  let headers = copies.headers.slice(0, copies.headers.findLastIndex(({ kind }) => kind === 'whole') + 1)
  const last = headers.at(-1)
  let copiedEnd = last === undefined ? 0 : last.offset + sheetBytes(last)
  if (copiedEnd > size) {
    damage.note(data.path, `has ${size} bytes where ${copiedEnd} were written: blocks at its end are gone`)
    headers = headers.filter(header => header.offset + sheetBytes(header) <= size)
    copiedEnd = size
  } else if (copiedEnd < size) {
    headers.push(...scan(data, copiedEnd, damage))
    const found = headers.at(-1)
    copiedEnd = found === undefined ? 0 : found.offset + sheetBytes(found)
    if (copiedEnd < size) data.truncate(copiedEnd)
  }
  if (
    headers.length !== copies.headers.length ||
    copies.isBroken ||
    copies.repaired ||
    index.size() % HEADER_BYTES !== 0
  ) {
    index.truncate(0)
    index.write(serializeHeaders(headers), 0)
  }
  return { headers, end: copiedEnd }
}
