// A batch on its way through the journal, as those see it who put it in and who handle it.

import type { PackedBatch } from './decode-batch.ts'
import type { JournalBatch } from './journal-record.ts'

/** `body` is the JSON text of a batch that the strict parser took; `packed` what it says, as long as it is in memory. */
export type JournalEntry = Omit<JournalBatch, 'body'> & { id: number; body: Buffer; packed?: PackedBatch }

/** Nobody may change body or batch afterwards: the consumers get them as they are. */
export type Delivered = JournalBatch & { packed?: PackedBatch }
