// A batch on its way through the journal, as those see it who put it in and who handle it.
import type { PackedBatch } from './decode-batch.ts'
import type { JournalBatch } from './journal-record.ts'

/** What it says, as long as that is in memory; else the JSON text of a batch that the strict parser took. Nobody may change it. */
export type JournalEntry = Omit<JournalBatch, 'body'> & { id: number } & (
    | { packed: PackedBatch; body?: undefined }
    | { packed?: undefined; body: Buffer }
  )

/** Nobody may look at the body afterwards, or change what it says: the consumers get that as it is. */
export type Delivered = JournalBatch & { packed?: PackedBatch }
