// Journals numbered batches while a consumer moves them into the embedded series store, until it is killed. Prints each
// number once it was acknowledged. Arguments: directory, first number, the idea of now.
import { writeSync } from 'node:fs'
import { join } from 'node:path'
import { createConsumer } from '../../../server/ingest/consume.ts'
import { createJournal } from '../../../server/ingest/journal.ts'
import { createStoreSamples } from '../../../server/ingest/store-samples.ts'
import { createEmbeddedSeriesStore } from '../../../server/stores/series/embedded/embedded-series-store.ts'
import { numberedBatch } from './numbered-batch.ts'
import { SUBJECT } from './support.ts'

const [directory = '', first = '1', now = '0'] = process.argv.slice(2)
const journal = await createJournal({ directory, consumers: ['series'], groupMs: 1 })
const series = await createEmbeddedSeriesStore({
  directory: join(directory, 'series'),
  now: () => Number(now),
  groupMs: 1,
})
const handle = createStoreSamples({ series, subjectOf: async () => SUBJECT, onUnknownAgent: () => {} })
createConsumer({ journal, name: 'series', handle, onFailure: () => {}, entriesAtOnce: 5 }).start()

let next = Number(first)
async function appendForever(): Promise<never> {
  for (;;) {
    const number = next++
    await journal.append(numberedBatch(number, Number(now)))
    writeSync(1, `${number}\n`)
  }
}

await Promise.all(Array.from({ length: 6 }, appendForever))
