// The table of newest samples on disk, written whole beside its name and then put in place: so that a start reads no blocks.
import { existsSync, readFileSync, renameSync } from 'node:fs'
import { dirname } from 'node:path'
import { checksum, repairBit } from './codec/checksum.ts'
import { type DamageList, REPAIRED } from './damage.ts'
import { openDiskFile, syncDirectory } from './disk.ts'
import type { LastTable } from './last-table.ts'

const ROWS_A_PAGE = 1024
const PAGE_HEADER_BYTES = 8
const PAGE_BYTES = PAGE_HEADER_BYTES + ROWS_A_PAGE * 16

/** Throws StorageError. Durable when it returns. */
export function writeLastFile(path: string, table: LastTable): void {
  const pages = Math.ceil(table.length() / ROWS_A_PAGE)
  const bytes = new Uint8Array(pages * PAGE_BYTES)
  const view = new DataView(bytes.buffer)
  for (let page = 0; page < pages; page++) {
    const start = page * PAGE_BYTES
    for (let row = 0; row < ROWS_A_PAGE; row++) {
      const id = page * ROWS_A_PAGE + row
      view.setFloat64(start + PAGE_HEADER_BYTES + row * 16, table.at(id), true)
      view.setFloat64(start + PAGE_HEADER_BYTES + row * 16 + 8, table.value(id), true)
    }
    view.setUint32(start + 4, pages, true)
    view.setUint32(start, checksum(bytes.subarray(start + 4, start + PAGE_BYTES), page), true)
  }
  const file = openDiskFile(`${path}.new`)
  try {
    file.truncate(0)
    file.write(bytes, 0)
    file.sync()
  } finally {
    file.close()
  }
  renameSync(`${path}.new`, path)
  syncDirectory(dirname(path))
}

export type LastFileContent = {
  /** Ids as [from, to) whose page is broken or gone: their newest samples must be looked for. */
  lost: [number, number][]
}

/** Fills the table. Series that came after the file was written are in the log and not its matter. */
export function readLastFile(path: string, table: LastTable, damage: DamageList): LastFileContent | null {
  if (!existsSync(path)) return null
  const bytes = new Uint8Array(readFileSync(path))
  const view = new DataView(bytes.buffer)
  const lost: [number, number][] = []
  let pages = Math.floor(bytes.length / PAGE_BYTES)
  for (let page = 0; page < pages; page++) {
    const start = page * PAGE_BYTES
    const first = page * ROWS_A_PAGE
    const expected = start + PAGE_BYTES <= bytes.length ? view.getUint32(start, true) : null
    const content = bytes.subarray(start + 4, start + PAGE_BYTES)
    if (expected === null || checksum(content, page) !== expected) {
      const isRepaired = expected !== null && repairBit(content, expected, page) !== null
      damage.note(`${path} at ${start}`, isRepaired ? REPAIRED : 'was broken and is made anew from the blocks')
      if (!isRepaired) {
        lost.push([first, first + ROWS_A_PAGE])
        continue
      }
    }
    pages = Math.max(pages, view.getUint32(start + 4, true))
    for (let row = 0; row < ROWS_A_PAGE; row++) {
      const at = view.getFloat64(start + PAGE_HEADER_BYTES + row * 16, true)
      if (at >= 0) table.note(first + row, at, view.getFloat64(start + PAGE_HEADER_BYTES + row * 16 + 8, true))
    }
  }
  return { lost }
}
