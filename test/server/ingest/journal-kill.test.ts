// Journal, consumer and series store in a real process that is killed without warning, again and again.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'
import { createConsumer } from '../../../server/ingest/consume.ts'
import { createJournal } from '../../../server/ingest/journal.ts'
import { createStoreSamples } from '../../../server/ingest/store-samples.ts'
import { createEmbeddedSeriesStore } from '../../../server/stores/series/embedded/embedded-series-store.ts'
import { DAY_MS, temporaryDirectory, WEDNESDAY } from '../../contract/series-store/support.ts'
import { numberedBatch } from './numbered-batch.ts'
import { SUBJECT } from './support.ts'

const CHILD = fileURLToPath(new URL('./journalling-child.ts', import.meta.url))
const KILLS = 4

async function journalUntilKilled(directory: string, first: number): Promise<number[]> {
  const child = spawn(process.execPath, [CHILD, directory, String(first), String(WEDNESDAY)])
  let printed = ''
  let complaint = ''
  child.stdout.on('data', data => {
    printed += data
  })
  child.stderr.on('data', data => {
    complaint += data
  })
  const exited = once(child, 'exit')
  while (!printed.includes('\n') && child.exitCode === null) await sleep(2)
  await sleep(Math.random() * 200)
  child.kill('SIGKILL')
  await exited
  if (child.exitCode !== null) throw new Error(`the child ended by itself: ${complaint}`)
  return printed
    .slice(0, printed.lastIndexOf('\n') + 1)
    .trim()
    .split('\n')
    .map(Number)
}

it(`every acknowledged batch is read exactly once in effect through ${KILLS} kill -9`, {
  timeout: 180_000,
}, async () => {
  const directory = temporaryDirectory()
  try {
    const acknowledged: number[] = []
    for (let kill = 0; kill < KILLS; kill++) {
      acknowledged.push(...(await journalUntilKilled(directory.path, Math.max(0, ...acknowledged) + 1)))
    }
    expect(acknowledged.length).toBeGreaterThanOrEqual(KILLS)

    const journal = await createJournal({ directory: directory.path, consumers: ['series'] })
    for (const number of acknowledged.slice(-20)) {
      expect(await journal.append(numberedBatch(number, WEDNESDAY))).toEqual({ duplicate: true })
    }
    const series = await createEmbeddedSeriesStore({ directory: join(directory.path, 'series'), now: () => WEDNESDAY })
    const handle = createStoreSamples({ series, subjectOf: async () => SUBJECT, onUnknownAgent: () => {} })
    const consumer = createConsumer({ journal, name: 'series', handle, onFailure: () => {} })
    consumer.start()
    await consumer.whenIdle()
    await consumer.stop()

    const found = await series.raw({ subjectId: SUBJECT, metric: 'numbered', from: 0, to: WEDNESDAY })
    expect(found).toHaveLength(2)
    for (const { samples } of found) {
      const numbers = samples.map(([, value]) => value)
      const kept = new Set(numbers)
      expect(kept.size).toBe(numbers.length)
      expect(acknowledged.filter(number => !kept.has(number))).toEqual([])
      for (const [at, value] of samples) expect(at).toBe(WEDNESDAY - DAY_MS + value)
    }
    await series.close()
    await journal.close()
  } finally {
    directory.remove()
  }
})
