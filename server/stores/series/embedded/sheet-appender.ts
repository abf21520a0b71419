// Writes sheets one behind the other, and behind those of a span the mark that it is whole.
import type { DiskFile } from './disk.ts'
import { type SheetHeader, serializeHeaders, sheetBytes, writeHeader } from './sheet-format.ts'
import type { Sheet } from './sheet-writer.ts'

export type SheetAppender = {
  /** Throws StorageError. */
  put(sheet: Sheet, span: number, cut: number): void
  seal(span: number, cut: number): void
  /** What was written, in its order. */
  headers: readonly SheetHeader[]
  /** Behind the last of it. */
  end(): number
}

/** From place `from` of the file on. */
export function createSheetAppender(data: DiskFile, from: number): SheetAppender {
  const headers: SheetHeader[] = []
  let position = from
  return {
    headers,
    end: () => position,
    put({ bytes, header: made }, span, cut) {
      const header = { ...made, span, cut, offset: position }
      writeHeader(bytes, 0, header)
      data.write(bytes, position)
      position += bytes.length
      headers.push(header)
    },
    seal(span, cut) {
      const whole: SheetHeader = {
        ...{ kind: 'whole', span, cut, offset: position, count: 0, firstId: 0, lastId: 0 },
        ...{ dataBytes: 0, samples: 0, indexChecksum: 0 },
      }
      data.write(serializeHeaders([whole]), position)
      position += sheetBytes(whole)
      headers.push(whole)
    },
  }
}
