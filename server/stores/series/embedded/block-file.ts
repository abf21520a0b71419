// One period's blocks on disk: NAME.blocks with the sheets, each byte of it under a checksum, and NAME.index with a copy of
// their headers, so that opening reads little. What is in it never changes; a late flush adds sheets.

import type { DamageList } from './damage.ts'
import { type DiskFile, openDiskFile } from './disk.ts'
import { createSheetAppender } from './sheet-appender.ts'
import { HEADER_BYTES, type SheetHeader, serializeHeaders } from './sheet-format.ts'
import { loadHeaders } from './sheet-headers.ts'
import type { Sheet } from './sheet-writer.ts'

export type BlockFile = {
  path: string
  /** Of a span, oldest flush first; only of whole flushes. */
  sheets(span: number): readonly SheetHeader[]
  spans(): number[]
  /** Up to which log record the span's flushes reach; 0 where there was none. */
  cutOf(span: number): number
  sampleCount(): number
  bytes(): number
  /** Both files, up to where they are good now. */
  files(): { path: string; bytes: number }[]
  data: DiskFile
  /** Starts a flush of a span. One at a time. */
  begin(span: number, cut: number): Flush
  /** Whether a flush has begun and is neither visible nor abandoned: the file must stay. */
  isBeingWritten(): boolean
  close(): void
}

export type Flush = {
  /** Writes the sheet behind those before it; ids ascend from sheet to sheet. Throws StorageError. */
  put(sheet: Sheet): void
  /** Durable and visible when it returns. Throws StorageError. */
  finish(): void
  /** Makes it durable beside this thread, and visible at a call after that: whether it is. Throws StorageError. */
  finishBeside(): boolean
  /** Whether the disk is at work on it, so that nothing can be done but wait. */
  isSyncing(): boolean
  /** Nothing of it counts; what was written is overwritten by the next one. */
  abandon(): void
}

/** `onSynced`: a flush that was durable beside this thread can be made visible. */
export type BlockFileDeps = { damage: DamageList; onSynced: () => void }

/** Throws StorageError when the disk refuses; damage is noted, never thrown. */
export function openBlockFile(path: string, { damage, onSynced }: BlockFileDeps): BlockFile {
  const data = openDiskFile(`${path}.blocks`)
  const index = openDiskFile(`${path}.index`)
  const bySpan = new Map<number, SheetHeader[]>()
  const cuts = new Map<number, number>()
  let uncopied: SheetHeader[] = []
  let samples = 0

  function adopt(headers: readonly SheetHeader[]): void {
    for (const header of headers) {
      if (header.kind === 'whole') {
        cuts.set(header.span, Math.max(header.cut, cuts.get(header.span) ?? 0))
        continue
      }
      const known = bySpan.get(header.span)
      if (known === undefined) bySpan.set(header.span, [header])
      else known.push(header)
      samples += header.samples
    }
  }

  /** The copies need not be durable, nor there at all: what is missing is read from the sheets when the file is opened. */
  function copyHeaders(flushed: readonly SheetHeader[]): void {
    uncopied.push(...flushed)
    try {
      const copies = serializeHeaders(uncopied)
      index.write(copies, indexEnd)
      indexEnd += copies.length
      uncopied = []
    } catch {
      // The disk is full: they go with the next flush, all in their order.
    }
  }

  const loaded = loadHeaders({ data, index, damage })
  adopt(loaded.headers)
  let end = loaded.end
  let writing = 0
  let indexEnd = loaded.headers.length * HEADER_BYTES

  return {
    path,
    data,
    sheets: span => bySpan.get(span) ?? [],
    spans: () => [...new Set([...bySpan.keys(), ...cuts.keys()])],
    cutOf: span => cuts.get(span) ?? 0,
    sampleCount: () => samples,
    bytes: () => end + indexEnd,
    files: () => [
      { path: data.path, bytes: end },
      { path: index.path, bytes: indexEnd },
    ],

    isBeingWritten: () => writing > 0,

    begin(span, cut) {
      const written = createSheetAppender(data, end)
      let state: 'open' | 'syncing' | 'synced' | 'failed' | 'shown' = 'open'
      let failure: unknown = null
      let isOver = false
      writing++

      function over(): void {
        if (!isOver) writing--
        isOver = true
      }

      function seal(): void {
        if (written.headers.at(-1)?.kind !== 'whole') written.seal(span, cut)
      }

      function show(): void {
        state = 'shown'
        over()
        end = written.end()
        adopt(written.headers)
        copyHeaders(written.headers)
      }

      return {
        put: sheet => written.put(sheet, span, cut),
        abandon: over,
        finish() {
          seal()
          if (state !== 'synced') data.sync()
          show()
        },
        finishBeside() {
          if (failure !== null) throw failure
          if (state === 'synced') show()
          else if (state === 'open') {
            seal()
            state = 'syncing'
            const synced = data.syncBeside().then(
              () => {
                state = 'synced'
              },
              error => {
                failure = error
                state = 'failed'
              },
            )
            void synced.then(onSynced)
          }
          return state === 'shown'
        },
        isSyncing: () => state === 'syncing',
      }
    },

    close() {
      data.close()
      index.close()
    },
  }
}
