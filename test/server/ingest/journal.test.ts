// The journal on real files: what it acknowledges is kept, counted once, and handed on in order.
import { existsSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Worker } from 'node:worker_threads'
import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createJournal, type Journal, type JournalDeps, startJournalWorker } from '../../../server/ingest/journal.ts'
import { openJournalFile } from '../../../server/ingest/journal-file.ts'
import { smallDisk, temporaryDirectory } from '../../contract/series-store/support.ts'
import { AGENT, journalBatch, SPOOL } from './support.ts'

describe('the ingest journal', () => {
  let directory: ReturnType<typeof temporaryDirectory>
  let opened: Journal[]

  beforeEach(() => {
    directory = temporaryDirectory()
    opened = []
  })
  afterEach(async () => {
    for (const journal of opened) await journal.close()
    directory.remove()
  })

  async function open(more: Partial<JournalDeps> = {}): Promise<Journal> {
    const journal = await createJournal({ directory: directory.path, consumers: ['series'], groupMs: 1, ...more })
    opened.push(journal)
    return journal
  }
  const numbers = async (journal: Journal, afterId = 0) =>
    (await journal.read(afterId, 1000)).map(({ number }) => number)

  it('gives back each batch byte for byte, in the order of acknowledgement', async () => {
    const journal = await open()
    const body = Buffer.from('{ "text": "ü\\u0000" }\n')
    expect(await journal.append(journalBatch(7, { body, lane: 'catchup' }))).toEqual({ duplicate: false })
    await journal.append(journalBatch(3))
    const [first, second] = await journal.read(0, 10)
    expect(first).toEqual({ ...journalBatch(7, { lane: 'catchup' }), id: 1, body })
    expect(Buffer.isBuffer(first?.body)).toBe(true)
    expect(second).toMatchObject({ id: 2, number: 3 })
    expect(await numbers(journal, 1)).toEqual([3])
    expect(await journal.read(0, 1)).toHaveLength(1)
  })

  it('leaves the buffer of a delivery as it was', async () => {
    const journal = await open()
    const batch = journalBatch(1)
    const text = batch.body.toString()
    await journal.append(batch)
    expect(batch.body.toString()).toBe(text)
  })

  it('knows a number again: at once, in the same transaction, after a restart and after it was trimmed', async () => {
    const journal = await open()
    const together = await Promise.all([1, 2, 1, 3, 2].map(number => journal.append(journalBatch(number))))
    expect(together.map(({ duplicate }) => duplicate)).toEqual([false, false, true, false, true])
    await journal.advance('series', 3)
    await journal.trim()
    expect(await numbers(journal)).toEqual([])
    await journal.close()

    const again = await open()
    expect(await again.append(journalBatch(2))).toEqual({ duplicate: true })
    expect(await again.append(journalBatch(4))).toEqual({ duplicate: false })
    expect((await again.read(0, 10)).map(({ id, number }) => [id, number])).toEqual([[4, 4]])
  })

  it('tells agents and spools apart', async () => {
    const journal = await open()
    await journal.append(journalBatch(1))
    const otherSpool = journalBatch(1, { spool: '01938f6e-0000-4000-8000-0000000000bb' })
    expect(await journal.append(otherSpool)).toEqual({ duplicate: false })
    expect(await journal.append(journalBatch(1, { agentId: 'another-agent' }))).toEqual({ duplicate: false })
    expect(await journal.append(otherSpool)).toEqual({ duplicate: true })
  })

  it('counts every number once, whatever comes in which order, over restarts', () => {
    const deliveries = fc.array(
      fc.oneof(
        {
          weight: 10,
          arbitrary: fc.array(fc.tuple(fc.constantFrom('a', 'b'), fc.integer({ min: 1, max: 12 })), { maxLength: 6 }),
        },
        { weight: 1, arbitrary: fc.constant('restart' as const) },
        { weight: 2, arbitrary: fc.constant('advance' as const) },
      ),
      { maxLength: 20 },
    )
    fc.assert(
      fc.property(deliveries, steps => {
        const place = temporaryDirectory()
        const openFile = () => openJournalFile(place.path, ['one', 'two'], { maxEntries: 1000, maxBytes: 1e9 }, 1000)
        let file = openFile()
        try {
          const accepted = new Set<string>()
          const read = { one: [] as string[], two: [] as string[] }
          const consume = (name: 'one' | 'two', limit: number) => {
            const entries = file.read(file.cursor(name), limit, 1e9)
            read[name].push(...entries.map(({ spool, number }) => `${spool}${number}`))
            const last = entries.at(-1)
            if (last !== undefined) file.commit([{ kind: 'advance', name, id: last.id }])
          }
          for (const step of steps) {
            if (step === 'restart') {
              file.close()
              file = openFile()
            } else if (step === 'advance') {
              consume('one', 3)
              consume('two', 1)
              file.trim()
            } else {
              const outcomes = file.commit(
                step.map(([spool, number]) => ({ kind: 'append', batch: journalBatch(number, { spool }) })),
              )
              for (const [index, [spool, number]] of step.entries()) {
                expect(outcomes[index]?.kind).toBe(accepted.has(`${spool}${number}`) ? 'duplicate' : 'accepted')
                accepted.add(`${spool}${number}`)
              }
              const waiting = accepted.size - read.two.length
              expect(file.depth('two').entries).toBe(waiting)
            }
          }
          consume('one', 1000)
          consume('two', 1000)
          expect(read.one).toEqual([...accepted])
          expect(read.two).toEqual([...accepted])
          expect(file.depth('one')).toEqual({ entries: 0, bytes: 0 })
        } finally {
          file.close()
          place.remove()
        }
      }),
      { numRuns: 60 },
    )
  })

  it('keeps an entry until every consumer has passed it', async () => {
    const journal = await open({ consumers: ['series', 'evaluator'] })
    for (const number of [1, 2, 3]) await journal.append(journalBatch(number))
    await journal.advance('series', 3)
    await journal.advance('evaluator', 1)
    await journal.trim()
    expect(await numbers(journal)).toEqual([2, 3])
    const size = journalBatch(1).body.byteLength
    expect(await journal.depth('series')).toEqual({ entries: 0, bytes: 0 })
    expect(await journal.depth('evaluator')).toEqual({ entries: 2, bytes: 2 * size })
  })

  it('deletes by itself what all have passed', async () => {
    const journal = await open()
    await Promise.all(Array.from({ length: 500 }, (_, index) => journal.append(journalBatch(index + 1))))
    await journal.advance('series', 450)
    expect((await numbers(journal)).length).toBe(50)
  })

  it('keeps cursors over a restart, and they never go back', async () => {
    const journal = await open()
    for (const number of [1, 2, 3]) await journal.append(journalBatch(number))
    await journal.advance('series', 2)
    await journal.advance('series', 1)
    expect(await journal.cursor('series')).toBe(2)
    await journal.close()
    const again = await open({ consumers: ['series', 'new'] })
    expect(await again.cursor('series')).toBe(2)
    // A new consumer gets all that is still there.
    expect((await again.read(await again.cursor('new'), 10)).length).toBe(3)
  })

  it('lets a consumer that is no more hold nothing back', async () => {
    const journal = await open({ consumers: ['series', 'old'] })
    for (const number of [1, 2]) await journal.append(journalBatch(number))
    await journal.advance('series', 2)
    await journal.close()
    const again = await open({ consumers: ['series'] })
    await again.trim()
    expect(await numbers(again)).toEqual([])
    await expect(again.cursor('old')).rejects.toMatchObject({ code: 'bad-input' })
    await again.append(journalBatch(3))
    expect((await again.read(await again.cursor('series'), 10)).map(({ number }) => number)).toEqual([3])
  })

  it('refuses to advance to an entry that it never had', async () => {
    const journal = await open()
    await journal.append(journalBatch(1))
    const [appended, advanced] = await Promise.allSettled([
      journal.append(journalBatch(2)),
      journal.advance('series', 99),
    ])
    expect(advanced).toMatchObject({ status: 'rejected', reason: { code: 'bad-input' } })
    expect(appended.status).toBe('fulfilled')
    expect(await journal.cursor('series')).toBe(0)
  })

  it('is full when the slowest consumer is too far behind; duplicates are still acknowledged; then it goes on', async () => {
    const journal = await open({ consumers: ['series', 'evaluator'], maxEntries: 3 })
    for (const number of [1, 2, 3]) await journal.append(journalBatch(number))
    await journal.advance('series', 3)
    await expect(journal.append(journalBatch(4))).rejects.toMatchObject({ code: 'journal-full' })
    expect(await journal.append(journalBatch(3))).toEqual({ duplicate: true })
    await journal.advance('evaluator', 1)
    expect(await journal.append(journalBatch(4))).toEqual({ duplicate: false })
    await expect(journal.append(journalBatch(5))).rejects.toMatchObject({ code: 'journal-full' })
    expect(await numbers(journal)).toEqual([1, 2, 3, 4])
  })

  it('is full by bytes too, and after a restart as well', async () => {
    const journal = await open({ maxBytes: 2500 })
    const body = () => Buffer.alloc(1000, 'x')
    for (const number of [1, 2, 3]) await journal.append(journalBatch(number, { body: body() }))
    await expect(journal.append(journalBatch(4, { body: body() }))).rejects.toMatchObject({ code: 'journal-full' })
    await journal.advance('series', 1)
    await journal.trim()
    await journal.close()
    const again = await open({ maxBytes: 2500 })
    expect(await again.depth('series')).toEqual({ entries: 2, bytes: 2000 })
    await again.append(journalBatch(4, { body: body() }))
    await expect(again.append(journalBatch(5, { body: body() }))).rejects.toMatchObject({ code: 'journal-full' })
  })

  it('calls its listeners after new entries, not after duplicates', async () => {
    const journal = await open()
    let calls = 0
    const leave = journal.onAppend(() => {
      calls++
    })
    await journal.append(journalBatch(1))
    await journal.append(journalBatch(1))
    expect(calls).toBe(1)
    leave()
    await journal.append(journalBatch(2))
    expect(calls).toBe(1)
  })

  it('does not hand over more bytes at a time than is good, but always one entry', async () => {
    const file = openJournalFile(directory.path, ['series'], { maxEntries: 1000, maxBytes: 1e9 })
    const append = (number: number) =>
      ({ kind: 'append', batch: journalBatch(number, { body: Buffer.alloc(1000) }) }) as const
    file.commit([1, 2, 3].map(append))
    expect(file.read(0, 10, 2500)).toHaveLength(2)
    expect(file.read(0, 10, 10)).toHaveLength(1)
    file.close()
  })

  it('outlives its worker thread: what was not acknowledged is refused and may come again', async () => {
    const workers: Worker[] = []
    const journal = await open({
      groupMs: 20,
      startWorker: data => {
        const worker = startJournalWorker(data)
        workers.push(worker)
        return worker
      },
    })
    await journal.append(journalBatch(1))
    const cutOff = journal.append(journalBatch(2))
    const refused = expect(cutOff).rejects.toMatchObject({ code: 'worker-stopped' })
    await workers[0]?.terminate()
    await refused
    await journal.append(journalBatch(2))
    expect(await numbers(journal)).toEqual([1, 2])
    expect(await journal.check()).toEqual({ ok: true, problems: [] })
  })

  it('belongs to one process part at a time, and refuses after closing', async () => {
    const journal = await open()
    await expect(open()).rejects.toMatchObject({ code: 'in-use' })
    await journal.close()
    await expect(journal.append(journalBatch(1))).rejects.toMatchObject({ code: 'closed' })
    expect(await journal.check()).toMatchObject({ ok: false, problems: [{ code: 'closed' }] })
  })

  it('without a consumer does not open', async () => {
    await expect(open({ consumers: [] })).rejects.toMatchObject({ code: 'bad-input' })
    expect(existsSync(join(directory.path, 'journal.db'))).toBe(false)
  })
})

it('on a full disk the journal acknowledges nothing, and goes on when there is space', async () => {
  const disk = smallDisk(2048)
  try {
    const filler = join(disk.path, 'filler')
    writeFileSync(filler, Buffer.alloc(500_000))
    const journal = await createJournal({ directory: disk.path, consumers: ['series'] })
    const acknowledged: number[] = []
    const body = () => Buffer.alloc(20_000, 'x')
    let refusal: unknown
    for (let number = 1; number < 500 && refusal === undefined; number++) {
      try {
        await journal.append(journalBatch(number, { body: body() }))
        acknowledged.push(number)
      } catch (error) {
        refusal = error
      }
    }
    expect(refusal).toMatchObject({ code: 'storage-full' })
    expect(acknowledged.length).toBeGreaterThan(5)
    const next = acknowledged.length + 1
    await expect(journal.append(journalBatch(next, { body: body() }))).rejects.toMatchObject({ code: 'storage-full' })
    expect(statSync(join(disk.path, 'journal.db')).size).toBeGreaterThan(0)
    rmSync(filler)
    expect(await journal.append(journalBatch(next, { body: body() }))).toEqual({ duplicate: false })
    await journal.close()

    const again = await createJournal({ directory: disk.path, consumers: ['series'] })
    expect((await again.read(0, 1000)).map(({ number }) => number)).toEqual([...acknowledged, next])
    expect(await again.append({ ...journalBatch(1, { body: body() }), agentId: AGENT, spool: SPOOL })).toEqual({
      duplicate: true,
    })
    await again.close()
  } finally {
    disk.remove()
  }
})
