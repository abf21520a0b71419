import {
  closeSync,
  existsSync,
  mkdtempSync,
  openSync,
  readFileSync,
  readSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { integrityFaults, pinDatabase } from '../../../server/stores/durable/sqlite-copy.ts'
import type { StorageError } from '../../../server/stores/durable/storage-error.ts'
import { type KeptRecords, openKeptRecords } from '../../../server/stores/records/kept-records.ts'
import { createLogKeeper } from '../../../server/stores/records/log-keeper.ts'
import { mountSmallDisk, type SmallDisk } from '../../support/small-disk.ts'

const PATIENCE = { timeout: 30_000, interval: 5 }
/** Copied as soon as there is anything, and again at once. */
const EAGER = { pages: 20, everyMs: 0 }

let directory = ''
let disk: SmallDisk | null = null
const opened: KeptRecords[] = []
const troubles: (StorageError | null)[] = []
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'pantau-kept-'))
  troubles.length = 0
})
afterEach(async () => {
  for (const kept of opened.splice(0)) await kept.close()
  rmSync(directory, { recursive: true })
  disk?.remove()
  disk = null
})

async function open(more: Partial<Parameters<typeof openKeptRecords>[0]> = {}): Promise<KeptRecords> {
  const kept = await openKeptRecords({
    ...{ directory, logLimits: EAGER, onTrouble: error => void troubles.push(error) },
    ...more,
  })
  opened.push(kept)
  return kept
}

async function close(): Promise<void> {
  await opened.pop()?.close()
}

const file = () => join(directory, 'records.db')

/** Grows by one each time when the log begins anew. */
function timesBegun(): number {
  const log = openSync(`${file()}-wal`, 'r')
  try {
    const head = Buffer.alloc(32)
    readSync(log, head, 0, head.length, 0)
    return head.readUInt32BE(12)
  } finally {
    closeSync(log)
  }
}

/** Writes one setting after another until told to stop; `written` counts those that were acknowledged. */
function keepWriting({ records }: KeptRecords, name: string) {
  let isOn = true
  const writing = { written: 0, stop: () => {}, ended: Promise.resolve() }
  async function write(): Promise<void> {
    while (isOn) {
      await records
        .insertInto('setting')
        .values({ name: `${name}-${writing.written}`, value: 'x'.repeat(2_000) })
        .execute()
      writing.written += 1
    }
  }
  writing.stop = () => {
    isOn = false
  }
  writing.ended = write()
  return writing
}

/** As somebody who has only the file. */
function settingsInFileAlone(): number {
  expect(existsSync(`${file()}-wal`)).toBe(false)
  expect(integrityFaults(file())).toEqual([])
  const database = new Database(file(), { readonly: true })
  try {
    return Number(database.prepare('select count(*) from setting').pluck().get())
  } finally {
    database.close()
  }
}

describe('the log of the records', () => {
  it('begins anew again and again while changes never stop, and a closed file is whole without it', async () => {
    const kept = await open()
    const writers = ['a', 'b', 'c'].map(name => keepWriting(kept, name))
    await vi.waitFor(() => expect(timesBegun()).toBeGreaterThan(5), PATIENCE)
    for (const { stop } of writers) stop()
    await Promise.all(writers.map(({ ended }) => ended))
    await close()
    expect(settingsInFileAlone()).toBe(writers.reduce((sum, { written }) => sum + written, 0))
    expect(troubles).toEqual([])
  })

  it('stays for somebody who copies the records as they were, and begins anew when that has ended', async () => {
    const kept = await open()
    const writer = keepWriting(kept, 'a')
    await vi.waitFor(() => expect(timesBegun()).toBeGreaterThan(1), PATIENCE)
    const pinned = pinDatabase(file())
    // Changes wait while it begins anew: two of them later, what had begun before the copy is done.
    const { written } = writer
    await vi.waitFor(() => expect(writer.written).toBeGreaterThan(written + 1), PATIENCE)
    const begun = timesBegun()
    await vi.waitFor(() => expect(writer.written).toBeGreaterThan(written + 100), PATIENCE)
    expect(timesBegun()).toBe(begun)
    await pinned.copyTo(join(directory, 'copy.db'))
    pinned.close()
    expect(integrityFaults(join(directory, 'copy.db'))).toEqual([])
    await vi.waitFor(() => expect(timesBegun()).toBeGreaterThan(begun), PATIENCE)
    writer.stop()
    await writer.ended
  })

  it('that can not be copied because the disk is full says so, and goes on when there is room', async () => {
    disk = mountSmallDisk(8)
    const data = disk.directory
    rmSync(directory, { recursive: true })
    directory = join(data, 'data')
    const kept = await open()
    const ballast = join(data, 'ballast')
    writeFileSync(ballast, Buffer.alloc(4 * 1024 * 1024))
    const writer = keepWriting(kept, 'a')
    await expect(writer.ended).rejects.toThrow(/full/)
    const { written } = writer
    await vi.waitFor(() => expect(troubles.at(-1)).toMatchObject({ code: 'storage-full' }), PATIENCE)
    rmSync(ballast)
    const again = keepWriting(kept, 'b')
    await vi.waitFor(() => expect(troubles.at(-1)).toBeNull(), PATIENCE)
    again.stop()
    await again.ended
    await close()
    expect(settingsInFileAlone()).toBe(written + again.written)
  })
})

it('a copy is broken off before the log that waits for it has filled the disk', async () => {
  disk = mountSmallDisk(12)
  rmSync(directory, { recursive: true })
  directory = join(disk.directory, 'data')
  const kept = await open()
  const pinned = pinDatabase(file())
  const writer = keepWriting(kept, 'a')
  await vi.waitFor(() => expect(statSync(`${file()}-wal`).size).toBeGreaterThan(6 * 1024 * 1024), PATIENCE)
  await expect(pinned.copyTo(join(directory, 'copy.db'))).rejects.toThrow(/log of records\.db grew to .* broken off/)
  pinned.close()
  writer.stop()
  await writer.ended
})

describe('a failed sync', () => {
  const failingLog = (state: { fails: boolean }) => async () => ({
    async datasync() {
      if (state.fails) throw new Error('EIO: i/o error, fdatasync')
    },
    async close() {},
  })

  it('of the log is told once; closing copies nothing of that log; a new start has all that was acknowledged', async () => {
    const state = { fails: false }
    const kept = await open({ openLog: failingLog(state), logLimits: { pages: 1_000, everyMs: 0 } })
    const setting = (name: string) => kept.records.insertInto('setting').values({ name, value: 'x' }).execute()
    await setting('acknowledged')
    const before = readFileSync(file())
    state.fails = true
    await expect(setting('lost')).rejects.toMatchObject({ code: 'storage-failed' })
    expect(await kept.lost).toMatchObject({ message: expect.stringContaining('EIO') })
    state.fails = false
    await expect(setting('later')).rejects.toMatchObject({ code: 'storage-failed' })
    await close()
    expect(existsSync(`${file()}-wal`)).toBe(true)
    expect(readFileSync(file()).equals(before)).toBe(true)
    const again = await open()
    expect((await again.records.selectFrom('setting').select('name').execute()).map(({ name }) => name)).toContain(
      'acknowledged',
    )
    await close()
    expect(settingsInFileAlone()).toBeGreaterThan(0)
  })

  it('of the file, in the thread that copies, is one as well', async () => {
    const kept = await open()
    const lost = Promise.withResolvers<string>()
    const noSuchFile = 1_000_000
    const keeper = await createLogKeeper({
      ...{ path: file(), file: noSuchFile, limits: { pages: 0, everyMs: 0 } },
      pause: work => kept.records.connection().execute(work),
      ...{ onTrouble: () => {}, onLost: lost.resolve, isLost: () => false },
    })
    keeper.look()
    expect(await lost.promise).toMatch(/EBADF/)
    await keeper.close()
  })
})
