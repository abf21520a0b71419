// series.db keeps a second collector out of the directory, by SQLite's lock, and is where `check` tries a write. What it once
// knew, how far back things were let go, is in the ledger now.
import { renameSync, rmSync } from 'node:fs'
import { StorageError } from '../../durable/storage-error.ts'
import type { DamageList } from './damage.ts'
import { openStoreFile, type StoreFile } from './store-file.ts'

/** Throws StorageError with `in-use` when another process has it. A broken file is put aside, named, and made anew. */
export function lockStore(file: string, damage: DamageList): StoreFile {
  try {
    const store = openStoreFile(file)
    try {
      store.horizon()
      store.tryWrite()
      return store
    } catch (error) {
      if (error instanceof StorageError && error.code === 'storage-full') return store
      store.close()
      throw error
    }
  } catch (error) {
    if (!(error instanceof StorageError) || error.code === 'in-use' || error.code === 'storage-full') throw error
    if (error.code === 'storage-failed' && !/format|database|disk image/i.test(error.message)) throw error
    damage.note(file, 'was broken and is made anew; it holds no samples')
    renameSync(file, `${file}.broken`)
    for (const suffix of ['-wal', '-shm']) rmSync(file + suffix, { force: true })
    return openStoreFile(file)
  }
}
