// Consumers of the journal: in order, once in effect, patient with failures, quiet when there is nothing.
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type Consumer, createConsumer, retryDelayMs } from '../../../server/ingest/consume.ts'
import { createJournal, type Journal } from '../../../server/ingest/journal.ts'
import type { JournalEntry } from '../../../server/ingest/journal-entry.ts'
import { temporaryDirectory } from '../../contract/series-store/support.ts'
import { journalBatch } from './support.ts'

/** The machine may be busy with other tests. */

describe('a consumer of the journal', () => {
  let directory: ReturnType<typeof temporaryDirectory>
  let journal: Journal
  let consumers: Consumer[]
  let seen: number[]
  let failures: { attempt: number; retryInMs: number; error: unknown }[]

  beforeEach(async () => {
    directory = temporaryDirectory()
    journal = await createJournal({ directory: directory.path, consumers: ['series', 'evaluator'], groupMs: 1 })
    consumers = []
    seen = []
    failures = []
  })
  afterEach(async () => {
    for (const consumer of consumers) await consumer.stop()
    await journal.close()
    directory.remove()
  })

  const record = async (entries: readonly JournalEntry[]) => {
    seen.push(...entries.map(({ number }) => number))
  }
  function consume(more: Partial<Parameters<typeof createConsumer>[0]> = {}): Consumer {
    const consumer = createConsumer({
      journal,
      name: 'series',
      handle: record,
      onFailure: failure => failures.push(failure),
      sleep: async () => {},
      ...more,
    })
    consumers.push(consumer)
    return consumer
  }
  const append = async (...list: number[]) => {
    for (const number of list) await journal.append(journalBatch(number))
  }

  it('gets what waited and what comes, in order, each once', async () => {
    await append(1, 2, 3)
    const consumer = consume({ entriesAtOnce: 2 })
    consumer.start()
    await consumer.whenIdle()
    expect(seen).toEqual([1, 2, 3])
    await append(4, 4, 5)
    await expect.poll(() => seen).toEqual([1, 2, 3, 4, 5])
    await expect.poll(() => consumer.state()).toEqual({ state: 'idle', position: 5, attempt: 0 })
    expect(await journal.cursor('series')).toBe(5)
    expect(await journal.cursor('evaluator')).toBe(0)
  })

  it('reads nothing while nothing comes', async () => {
    let reads = 0
    const counting = {
      ...journal,
      read: (afterId: number, limit: number) => {
        reads++
        return journal.read(afterId, limit)
      },
    }
    const consumer = consume({ journal: counting })
    consumer.start()
    await consumer.whenIdle()
    await new Promise(resolve => setTimeout(resolve, 50))
    expect(reads).toBe(1)
    await append(1)
    await expect.poll(() => reads).toBe(3)
  })

  it('is not put to sleep by an append during its last look', async () => {
    let appended = false
    const racing = {
      ...journal,
      read: async (afterId: number, limit: number) => {
        const found = await journal.read(afterId, limit)
        if (!appended) {
          appended = true
          await append(1)
        }
        return found
      },
    }
    consume({ journal: racing }).start()
    await expect.poll(() => seen).toEqual([1])
  })

  it('tries the same entries again after a failure, ever more slowly, and skips none', async () => {
    await append(1, 2)
    const waits: number[] = []
    let refusals = 3
    const consumer = consume({
      entriesAtOnce: 1,
      sleep: async ms => void waits.push(ms),
      handle: async entries => {
        if (entries[0]?.number === 2 && refusals-- > 0) throw new Error('the series store is full')
        await record(entries)
      },
    })
    consumer.start()
    await consumer.whenIdle()
    expect(seen).toEqual([1, 2])
    expect(waits).toEqual([100, 200, 400])
    expect(failures.map(({ attempt }) => attempt)).toEqual([1, 2, 3])
    expect(failures[0]?.error).toMatchObject({ message: 'the series store is full' })
    expect(consumer.state().attempt).toBe(0)
  })

  it('waits half a minute at most', () => {
    expect([1, 2, 9, 10, 1000].map(retryDelayMs)).toEqual([100, 200, 25_600, 30_000, 30_000])
  })

  it('says that it fails while it does', async () => {
    await append(1)
    const consumer = consume({
      handle: () => Promise.reject(new Error('no')),
      sleep: () => new Promise(resolve => setTimeout(resolve, 5)),
    })
    consumer.start()
    await expect.poll(() => consumer.state()).toMatchObject({ state: 'failing', position: 0 })
  })

  it('when stopped lets the present work end, and another one goes on from there', async () => {
    await append(1, 2, 3)
    const reached = Promise.withResolvers<void>()
    const release = Promise.withResolvers<void>()
    const first = consume({
      entriesAtOnce: 1,
      handle: async entries => {
        reached.resolve()
        await release.promise
        await record(entries)
      },
    })
    first.start()
    await reached.promise
    const stopped = first.stop()
    release.resolve()
    await stopped
    expect(seen).toEqual([1])
    expect(first.state().state).toBe('stopped')
    const second = consume()
    second.start()
    await second.whenIdle()
    expect(seen).toEqual([1, 2, 3])
  })

  it('stops at once in the middle of a long wait', async () => {
    await append(1)
    const waits = Promise.withResolvers<void>()
    const consumer = consume({
      handle: () => Promise.reject(new Error('no')),
      // Would never end by itself.
      sleep: (_, signal) =>
        new Promise(resolve => {
          signal.addEventListener('abort', () => resolve())
          waits.resolve()
        }),
    })
    consumer.start()
    await waits.promise
    await consumer.stop()
    expect(failures).toHaveLength(1)
  })
})
