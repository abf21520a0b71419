// A copy of the journal that is made while batches come, are handled, and are deleted.
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { openJournalFile } from '../../../server/ingest/journal-file.ts'
import { journalBatch, journalPlace } from './support.ts'

const LIMITS = { maxEntries: 100_000, maxBytes: 1e9 }
/** So small that the segments which are being copied would be deleted meanwhile. */
const SEGMENT_BYTES = 4_096

let place: ReturnType<typeof journalPlace>
beforeEach(() => {
  place = journalPlace(path => openJournalFile(path, ['series'], LIMITS, SEGMENT_BYTES))
})
afterEach(() => place.remove())

const append = (number: number) => ({ kind: 'append' as const, batch: journalBatch(number) })

it('has every batch that was accepted before and waits, knows the numbers of the others, and can be gone on with', async () => {
  const journal = place.openAt(place.path)
  for (let number = 1; number <= 200; number++) journal.commit([append(number)])
  journal.commit([{ kind: 'advance', name: 'series', id: 120 }])

  const target = join(place.path, 'copy')
  mkdirSync(target)
  let isDone = false
  const copying = journal.backup(target).finally(() => {
    isDone = true
  })
  let number = 200
  while (!isDone) {
    number++
    journal.commit([append(number)])
    journal.commit([{ kind: 'advance', name: 'series', id: number }])
    await new Promise(resolve => setImmediate(resolve))
  }
  await copying
  expect(number).toBeGreaterThan(210)

  const copy = place.openAt(target)
  const [cursor, waiting] = [copy.cursor('series'), copy.read(copy.cursor('series'), 100_000, 1e9)]
  expect(cursor).toBeGreaterThanOrEqual(120)
  // Nothing between what was handled and what waits is missing.
  expect(waiting.map(entry => entry.id)).toEqual(waiting.map((_, index) => cursor + 1 + index))
  expect(cursor + waiting.length).toBeGreaterThanOrEqual(200)
  expect(copy.damages()).toEqual([])
  const kinds = copy.commit([append(1), append(119), append(200), append(999_999)]).map(({ kind }) => kind)
  expect(kinds).toEqual(['duplicate', 'duplicate', 'duplicate', 'accepted'])
  // The original deletes again what all have passed.
  journal.trim()
  expect(journal.depth('series')).toEqual({ entries: 0, bytes: 0 })
  expect(journal.read(0, 10, 1e9)).toEqual([])
})
