// Files that a job reads sheets from: opened for it alone, so that nobody else's closing or deleting touches it.
import { createBlockReader, type SheetData } from './block-reader.ts'
import type { DamageList } from './damage.ts'
import { openDiskFile } from './disk.ts'
import { createRawReader, type RawReader, type ReadHead } from './raw-reader.ts'
import { createRowReader } from './row-reader.ts'
import type { SpanSheets } from './sheet-jobs.ts'

export type SheetSources = {
  /** Of samples. */
  raw: RawReader
  readRows: ReturnType<typeof createRowReader>
  file(path: string): SheetData
  /** All series of a span, ascending. */
  idsOf(span: SpanSheets): Uint32Array
  close(): void
}

/** Of indexes: a job goes through its series in their order, so it needs those of a few sheets of each span only. */
const CACHED_BYTES = 2 * 1024 * 1024

const NO_HEAD: ReadHead = { at: () => [], live: () => [], frozen: () => null }

/** Throws StorageError where a file is gone. */
export function openSheetSources(spans: readonly SpanSheets[], damage: Pick<DamageList, 'note'>): SheetSources {
  const opened = new Map<string, SheetData>()
  const bySpan = new Map(spans.map(one => [one.span, one]))
  const reader = createBlockReader({ damage, mostCachedBytes: CACHED_BYTES })

  function file(path: string): SheetData {
    const known = opened.get(path)
    if (known !== undefined) return known
    const made = { data: openDiskFile(`${path}.blocks`, 'exist') }
    opened.set(path, made)
    return made
  }

  function close(): void {
    for (const { data } of opened.values()) data.close()
  }

  try {
    for (const { path } of spans) file(path)
  } catch (error) {
    close()
    throw error
  }
  const files = {
    at(window: number) {
      const found = bySpan.get(window)
      return found === undefined ? null : { ...file(found.path), sheets: () => found.sheets }
    },
    spansBetween: (from: number, to: number) => [...bySpan.keys()].filter(span => span >= from && span < to),
  }
  return {
    raw: createRawReader({ head: NO_HEAD, files, reader }),
    readRows: createRowReader(reader),
    file,
    idsOf({ path, sheets }) {
      const ids = new Set<number>()
      for (const sheet of sheets) for (const id of reader.index(file(path), sheet)?.ids ?? []) ids.add(id)
      return Uint32Array.from(ids).sort()
    },
    close,
  }
}
