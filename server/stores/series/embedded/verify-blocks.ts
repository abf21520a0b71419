// Reads every block against its checksum, some at a time. What is broken is named, a flipped bit put right.
import { setImmediate as turn } from 'node:timers/promises'
import type { BlockFile } from './block-file.ts'
import type { BlockReader } from './block-reader.ts'
import { type DamageList, REPAIRED } from './damage.ts'
import { HEADER_BYTES, readHeader, serializeHeaders } from './sheet-format.ts'

export async function verifyBlocks(
  files: readonly BlockFile[],
  reader: BlockReader,
  damage: DamageList,
): Promise<void> {
  const bytes = new Uint8Array(HEADER_BYTES)
  for (const file of files) {
    for (const span of file.spans()) {
      for (const sheet of file.sheets(span)) {
        // The copy of the header was read at the start; here the one beside the blocks is looked at.
        file.data.read(bytes, sheet.offset)
        let isWrong = false
        const header = readHeader(bytes, 0, () => {
          isWrong = true
        })
        if (isWrong || header === null) {
          damage.note(
            `${file.data.path} at ${sheet.offset}`,
            header === null ? 'was broken and is put right' : REPAIRED,
          )
          file.data.write(serializeHeaders([sheet]), sheet.offset)
        }
        const index = reader.index(file, sheet)
        if (index !== null) reader.blocks(file, sheet, index.ids, () => {})
        await turn()
      }
    }
  }
}
