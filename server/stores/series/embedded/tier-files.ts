// The tiers of a directory and what can be asked of them: rows of series in a span, and whether they still tell the truth.
import { type BlockFiles, type BlockFilesDeps, openBlockFiles } from './block-files.ts'
import type { BlockReader } from './block-reader.ts'
import type { Head } from './head.ts'
import { createRowReader, type VisitRows } from './row-reader.ts'
import { LEVELS, type Level, TIERS, WINDOW_MS } from './windows.ts'

export type TierFiles = {
  files(level: Level): BlockFiles
  /** Up to which log record the span was rolled up; 0: never. */
  cutOf(level: Level, span: number): number
  /** Up to which log record samples were flushed in [from, to). */
  rawCut(from: number, to: number): number
  /** Series whose samples in [from, to) were flushed after record `cut`, or are in the head. Ascending. */
  changedSince(cut: number, from: number, to: number): Uint32Array
  /** Those of `ids` of which the span's rows say all there is. */
  current(level: Level, span: number, ids: Uint32Array): Uint32Array
  /** Visits the rows of the span's series among `ids` (ascending); good until the call returns. */
  rows(level: Level, span: number, ids: ArrayLike<number>, visit: VisitRows): void
  bytes(): number
  close(): void
}

export function openTierFiles(
  deps: BlockFilesDeps,
  { raw, head, reader }: { raw: BlockFiles; head: Head; reader: BlockReader },
): TierFiles {
  const byLevel = new Map<Level, BlockFiles>(
    LEVELS.map(level => [level, openBlockFiles(deps, { kind: level, each: TIERS[level].file })]),
  )
  const filesOf = (level: Level) => byLevel.get(level) as BlockFiles
  const readRows = createRowReader(reader)

  function* windows(from: number, to: number): Generator<number> {
    for (let window = from; window < to; window += WINDOW_MS) yield window
  }

  /** Sheets of samples that came after a record, with their file. */
  function* sheetsSince(cut: number, from: number, to: number) {
    for (const window of windows(from, to)) {
      const file = raw.at(window)
      if (file === null || file.cutOf(window) <= cut) continue
      for (const sheet of file.sheets(window)) if (sheet.cut > cut) yield { file, sheet }
    }
  }

  return {
    files: filesOf,
    cutOf: (level, span) => filesOf(level).at(span)?.cutOf(span) ?? 0,
    rawCut: (from, to) => {
      let cut = 0
      for (const window of windows(from, to)) cut = Math.max(cut, raw.at(window)?.cutOf(window) ?? 0)
      return cut
    },
    changedSince(cut, from, to) {
      const ids = new Set<number>()
      for (const { file, sheet } of sheetsSince(cut, from, to)) {
        for (const id of reader.index(file, sheet)?.ids ?? []) ids.add(id)
      }
      return Uint32Array.from(ids).sort()
    },
    current(level, span, ids) {
      const end = span + TIERS[level].spanMs
      const cut = filesOf(level).at(span)?.cutOf(span) ?? 0
      const heads = [...windows(span, end)].flatMap(window => head.at(window))
      const newer = [...sheetsSince(cut, span, end)]
      if (heads.length === 0 && newer.length === 0) return ids
      return ids.filter(
        id => !heads.some(part => part.hasSeries(id)) && !newer.some(({ file, sheet }) => reader.has(file, sheet, id)),
      )
    },
    rows(level, span, ids, visit) {
      const file = filesOf(level).at(span)
      if (file !== null) readRows({ file, sheets: file.sheets(span), level, span }, ids, visit)
    },
    bytes: () => LEVELS.reduce((total, level) => total + filesOf(level).bytes(), 0),
    close() {
      for (const files of byLevel.values()) files.close()
    },
  }
}
