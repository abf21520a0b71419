// Finds the newest samples of series in the blocks, where the table of them was lost: newest windows first.
import type { BlockFiles } from './block-files.ts'
import type { BlockReader } from './block-reader.ts'
import { createSampleColumns, readSamples } from './codec/sample-block.ts'
import type { LastTable } from './last-table.ts'

export function recoverLast(
  ids: Uint32Array,
  { files, reader, last }: { files: BlockFiles; reader: BlockReader; last: LastTable },
): void {
  const columns = createSampleColumns()
  let missing = ids
  for (const period of files.periods().reverse()) {
    const file = files.at(period.from)
    if (file === null) continue
    for (const window of file.spans().sort((a, b) => b - a)) {
      if (missing.length === 0) return
      const found = new Set<number>()
      for (const sheet of file.sheets(window)) {
        reader.blocks(file, sheet, missing, (id, source) => {
          columns.length = 0
          readSamples(source, window, columns)
          const newest = columns.length - 1
          last.note(id, columns.times[newest] ?? 0, columns.values[newest] ?? 0)
          found.add(id)
        })
      }
      if (found.size > 0) missing = missing.filter(id => !found.has(id))
    }
  }
}
