// Appends numbered samples to the embedded store until it is killed, and prints each number once it was acknowledged.
// Arguments: directory, first number, the store's idea of now, memory limit in bytes (a small one makes it flush all the time).
import { writeSync } from 'node:fs'
import { createEmbeddedSeriesStore } from '../../../server/stores/series/embedded/embedded-series-store.ts'
import { numberedEntries } from './numbered.ts'

const [directory = '', first = '1', now = '0', memory = '0'] = process.argv.slice(2)
const memoryLimitBytes = Number(memory)
const store = await createEmbeddedSeriesStore({ directory, now: () => Number(now), memoryLimitBytes, groupMs: 1 })
let next = Number(first)

async function appendForever(): Promise<never> {
  for (;;) {
    const number = next++
    await store.append(numberedEntries(number, Number(now)))
    // Written at once, so that no acknowledgement waits in a buffer when the kill comes.
    writeSync(1, `${number}\n`)
  }
}

await Promise.all(Array.from({ length: 8 }, appendForever))
