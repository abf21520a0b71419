// Week files of the first format, a row a sample: read once, when a directory that has some is opened, and then deleted.
import { readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { storageError } from '../../durable/sqlite.ts'
import type { DamageList } from './damage.ts'
import type { PackedAppend } from './engine-calls.ts'
import type { Ledger, SeriesName } from './ledger.ts'
import { periodOfFileName } from './period.ts'

const SAMPLES_AT_ONCE = 20_000

export type RowSample = { key: string; at: number; value: number }

/**
 * Hands over all samples of all such files, some thousands at a time; `take` returns when they are durable. A file that cannot
 * be read stays where it is and is named.
 */
export function readRowFiles(directory: string, damage: DamageList, take: (samples: RowSample[]) => void): void {
  for (const name of readdirSync(directory).sort()) {
    if (periodOfFileName(name) === null) continue
    const path = join(directory, name)
    try {
      const database = new Database(path, { timeout: 1_000 })
      try {
        const rows = database
          .prepare('SELECT key, at, value FROM sample JOIN series ON series.id = sample.series_id')
          .iterate() as IterableIterator<RowSample>
        let waiting: RowSample[] = []
        for (const row of rows) {
          waiting.push(row)
          if (waiting.length < SAMPLES_AT_ONCE) continue
          take(waiting)
          waiting = []
        }
        take(waiting)
      } finally {
        database.close()
      }
    } catch (error) {
      const failure = storageError(error, path)
      if (failure.code === 'storage-full') throw failure
      damage.note(path, `the samples of this week could not be taken over: ${failure.message}`)
      continue
    }
    for (const suffix of ['-wal', '-shm', '']) rmSync(path + suffix, { force: true })
  }
}

/** Into this store, under new ids; `append` returns when the samples are durable. */
export function takeOverRowFiles(deps: {
  directory: string
  damage: DamageList
  ledger: Ledger
  append: (packed: PackedAppend) => void
}): void {
  const { directory, damage, ledger, append } = deps
  let ids: Map<string, number> | null = null
  let nextId = ledger.nextId()
  readRowFiles(directory, damage, samples => {
    const names: SeriesName[] = []
    const packed = {
      now: 0,
      names,
      ids: new Uint32Array(samples.length),
      ats: Float64Array.from(samples, ({ at }) => at),
      values: Float64Array.from(samples, ({ value }) => value),
    }
    ids ??= new Map([...ledger.names()].map(([id, text]) => [text, id]))
    for (const [place, { key }] of samples.entries()) {
      let id = ids.get(key)
      if (id === undefined) {
        id = nextId++
        ids.set(key, id)
        names.push([id, key])
      }
      packed.ids[place] = id
    }
    append(packed)
  })
}
