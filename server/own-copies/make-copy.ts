// A copy of the whole collector while it works. The order is what makes it fit together. The journal first: what its
// consumers are past is in records and series by then, and what they are not past they handle again, as after a crash. The
// records are pinned at the same moment, so that this is a matter of milliseconds. Files that records name come after them.
import { cpSync, existsSync, mkdirSync, readdirSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { Worker } from 'node:worker_threads'
import { copyFileWhole } from '../stores/durable/copy-file.ts'
import { openWorkerLink, type WorkerLink } from '../stores/durable/worker-link.ts'
import type { SeriesStore } from '../stores/series/series-store.ts'
import { keyFingerprint, type Vault } from '../stores/vault.ts'
import type { CopyCalls } from './copy-worker.ts'
import {
  BLOBS,
  CONFIGURATION,
  copyName,
  JOURNAL,
  JOURNAL_SEGMENTS,
  MANIFEST,
  PLAIN_FILES,
  RECORDS,
  SERIES,
  unfinishedPrefix,
  VAULT_KEY,
} from './layout.ts'
import { manifestText } from './manifest.ts'
import { OwnCopyError, writingProblem } from './own-copy-error.ts'
import { sealKeys } from './sealed-keys.ts'
import { syncFolder } from './sums.ts'
import { keepNewest, prepareTarget, removeUnfinished, requireSpace } from './target.ts'

export type CopySources = {
  /** The data directory; its lock must be held. */
  directory: string
  /** Null where samples are kept elsewhere, in a store with a backup of its own. */
  series: Pick<SeriesStore, 'backup' | 'size'> | null
  /** Of the ingest journal, into this folder. */
  backupJournal: (folder: string) => Promise<void>
  vault: Vault
  /** Files and folders of the configuration that lie elsewhere, and what they are called in the copy. */
  configuration: readonly { name: string; path: string }[]
  version: string
  place: string
}

export type CopyRequest = {
  /** An absolute path. The copy becomes a folder in it. */
  to: string
  /** So many stay, this one included. */
  keep: number
}

export type CopyStep = 'journal' | 'records' | 'series' | 'files' | 'verify' | 'sums'
/** `folder` grows to about `expectedBytes`. */
export type CopyProgress = { step: CopyStep; folder: string; expectedBytes: number }

export type CopyMade = {
  path: string
  begunAt: number
  endedAt: number
  bytes: number
  files: number
  /** Names of older copies that had to go. */
  removed: string[]
  /** A sentence for each thing that did not hold in the collector, and so does not in the copy. */
  flaws: string[]
  series: 'embedded' | 'elsewhere'
}

export type CopyWatch = { now: () => number; signal: AbortSignal; onProgress: (progress: CopyProgress) => void }

/** Nothing of a copy that failed stays. Errors: OwnCopyError. */
export async function makeCopy(sources: CopySources, request: CopyRequest, watch: CopyWatch): Promise<CopyMade> {
  const { directory, version, place } = sources
  const { to, keep } = request
  const { now, signal, onProgress } = watch
  prepareTarget(to, directory)
  const fingerprint = keyFingerprint(join(directory, VAULT_KEY))
  removeUnfinished(to, fingerprint)
  const expectedBytes = await expectedOf(sources)
  requireSpace(to, expectedBytes)
  const begunAt = now()
  const folder = join(to, `${unfinishedPrefix(fingerprint)}${copyName(begunAt)}`)
  const begin = (step: CopyStep) => {
    signal.throwIfAborted()
    onProgress({ step, folder, expectedBytes })
  }
  const worker = await openWorkerLink<CopyCalls>(() => new Worker(new URL('./copy-worker.ts', import.meta.url)))
  try {
    mkdirSync(folder, { mode: 0o700 })
    await copyStores(sources, { folder, worker, begin })
    begin('verify')
    const { faults, flaws, audit } = await worker.call('verify', { copy: folder, collector: directory })
    if (faults.length > 0) throw damaged(faults)
    const series = sources.series === null ? 'elsewhere' : 'embedded'
    const manifest = manifestText({ version, place, begunAt, keyFingerprint: fingerprint, series, audit, flaws })
    writeFileSync(join(folder, MANIFEST), manifest, { mode: 0o600, flag: 'wx' })
    begin('sums')
    const sums = await worker.call('sums', folder)
    signal.throwIfAborted()
    const path = freeName(to, begunAt)
    renameSync(folder, path)
    await syncFolder(to)
    const removed = await keepNewest(to, keep, fingerprint)
    return { ...{ path, begunAt, endedAt: now() }, ...sums, removed, flaws, series }
  } catch (error) {
    rmSync(folder, { recursive: true, force: true })
    if (signal.aborted) throw new OwnCopyError({ en: 'broken off', id: 'dihentikan' })
    throw writingProblem(error, to)
  } finally {
    await worker.close()
  }
}

async function copyStores(
  { directory, series, backupJournal, vault, configuration }: CopySources,
  { folder, worker, begin }: { folder: string; worker: WorkerLink<CopyCalls>; begin: (step: CopyStep) => void },
): Promise<void> {
  // Heads before the records that they count; files after the records that name them.
  for (const path of PLAIN_FILES) {
    if (existsSync(join(directory, path))) await copyFileWhole(join(directory, path), join(folder, path))
  }
  begin('journal')
  await backupJournal(folder)
  await worker.call('pin', directory)
  begin('records')
  await worker.call('records', join(folder, RECORDS))
  begin('series')
  await series?.backup(join(folder, SERIES))
  begin('files')
  await worker.call('blobs', { from: join(directory, BLOBS), to: join(folder, BLOBS) })
  await sealKeys({ vault, directory, copy: folder })
  for (const { name, path } of configuration) {
    cpSync(path, join(folder, CONFIGURATION, name), { recursive: true, dereference: true })
  }
}

async function expectedOf({ directory, series }: CopySources): Promise<number> {
  // What SQLite has not copied from its log into the file yet counts as well.
  const databases = [RECORDS, JOURNAL].flatMap(name => [name, `${name}-wal`])
  const segments = readdirSync(join(directory, JOURNAL_SEGMENTS)).map(name => join(JOURNAL_SEGMENTS, name))
  const files = [...databases, ...segments].map(
    name => statSync(join(directory, name), { throwIfNoEntry: false })?.size ?? 0,
  )
  return files.reduce((sum, bytes) => sum + bytes, (await series?.size())?.bytes ?? 0)
}

/** Two within a second are told apart by a number. */
function freeName(to: string, at: number): string {
  const path = join(to, copyName(at))
  let free = path
  for (let number = 2; existsSync(free); number += 1) free = `${path}-${number}`
  return free
}

function damaged(faults: readonly string[]): OwnCopyError {
  const list = faults.slice(0, 20).join('\n  ')
  return new OwnCopyError({
    en: `what was copied does not hold, so it is not kept:\n  ${list}`,
    id: `isi salinan tidak utuh, maka tidak disimpan:\n  ${list}`,
  })
}
