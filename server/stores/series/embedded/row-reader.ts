// Rows of a tier out of the sheets of one span. A series that was rolled up again has several blocks: the newest counts.
import type { BlockReader, SheetData } from './block-reader.ts'
import { createTierRows, readTierRows, type TierRows } from './codec/tier-block.ts'
import type { SheetHeader } from './sheet-format.ts'
import { type Level, TIERS } from './windows.ts'

/** `rows` are good until the call returns. */
export type VisitRows = (id: number, rows: TierRows) => void

export type RowSheets = { file: SheetData; sheets: readonly SheetHeader[]; level: Level; span: number }

export function createRowReader(reader: BlockReader) {
  const scratch = createTierRows()

  /** Visits those of `ids` (ascending) that the span has. */
  return function readRows({ file, sheets, level, span }: RowSheets, ids: ArrayLike<number>, visit: VisitRows): void {
    const base = span / TIERS[level].slotMs
    let left: ArrayLike<number> = ids
    for (let number = sheets.length - 1; number >= 0 && left.length > 0; number--) {
      const sheet = sheets[number]
      if (sheet === undefined) continue
      const done = new Set<number>()
      reader.blocks(file, sheet, left, (id, source) => {
        scratch.length = 0
        readTierRows(source, base, scratch)
        done.add(id)
        visit(id, scratch)
      })
      if (done.size > 0 && number > 0) left = Array.from(left).filter(id => !done.has(id))
    }
  }
}
