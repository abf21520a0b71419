// Brings a copy back into an empty data directory. Until all of it is there and holds, a note in the directory keeps a
// collector from starting on half of it.
import { existsSync, mkdirSync, readdirSync, realpathSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { chown, readdir } from 'node:fs/promises'
import { basename, join, sep } from 'node:path'
import { COLLECTOR } from '../access/actor.ts'
import { appendAudit } from '../access/audit.ts'
import { newId } from '../platform/ids.ts'
import { lockDirectory } from '../stores/directory-lock.ts'
import { copyFileWhole } from '../stores/durable/copy-file.ts'
import { openRecords } from '../stores/records/records.ts'
import { createEmbeddedSeriesStore } from '../stores/series/embedded/embedded-series-store.ts'
import { keyFingerprint, openVault } from '../stores/vault.ts'
import { verifyCopy } from './copy-steps.ts'
import { CONFIGURATION, KEYS, MANIFEST, SERIES, UNFINISHED_RESTORE, VAULT_KEY } from './layout.ts'
import { type Manifest, readManifest } from './manifest.ts'
import { OwnCopyError, writingProblem } from './own-copy-error.ts'
import { unsealKeys } from './sealed-keys.ts'
import { checkSums, type SummedFile, syncFolder } from './sums.ts'
import { requireSpace } from './target.ts'

export type RestoreRequest = {
  /** The folder of one copy. */
  from: string
  /** The data directory: empty, not there yet, or left by a restore that was broken off. */
  to: string
  /** The vault's key; null where it stands in `to` already. */
  key: string | null
}
export type RestoreStep = 'sums' | 'files' | 'verify' | 'series'
export type Restored = {
  manifest: Manifest
  files: number
  bytes: number
  /** What of the samples is damaged, and was when they were copied. */
  damage: string[]
  /** The folder in the copy with the configuration of that time, which nobody puts into place but a person. */
  configuration: string | null
}

/** Errors: OwnCopyError. What is broken off begins anew with the next call. */
export async function restoreCopy(
  { from, to, key }: RestoreRequest,
  watch: { now: () => number; onStep: (step: RestoreStep) => void },
): Promise<Restored> {
  const manifest = await readManifest(from)
  requireEmpty(to, from)
  const keyFile = requireKeys(to, key, manifest)
  watch.onStep('sums')
  const files = await requireSums(from)
  const bytes = files.reduce((sum, file) => sum + file.bytes, 0)
  try {
    await begin(to, keyFile)
    requireSpace(to, bytes)
    watch.onStep('files')
    await bringBack(files, from, to)
    watch.onStep('verify')
    const { faults, flaws } = await verifyCopy(to)
    const strange = [...faults, ...flaws.filter(flaw => !manifest.flaws.includes(flaw))]
    if (strange.length > 0) throw doesNotHold(strange)
    watch.onStep('series')
    const damage = manifest.series === 'embedded' ? await seriesDamage(to, watch.now) : []
    await noteRestore(to, { from, manifest, bytes, files: files.length, at: watch.now() })
    await giveToOwner(to)
    await syncFolder(to)
    rmSync(join(to, UNFINISHED_RESTORE))
    await syncFolder(to)
    const configuration = join(from, CONFIGURATION)
    const kept = existsSync(configuration) ? configuration : null
    return { manifest, files: files.length, bytes, damage, configuration: kept }
  } catch (error) {
    throw writingProblem(error, to)
  }
}

/** Throws where a restore was broken off in this data directory. */
export function refuseHalfRestored(directory: string): void {
  if (!existsSync(join(directory, UNFINISHED_RESTORE))) return
  throw new Error(`${directory} was not restored to the end: run "pantau restore-self" again`)
}

function requireEmpty(to: string, from: string): void {
  if (!existsSync(to)) return
  const names = readdirSync(to)
  if (join(realpathSync(from), sep).startsWith(join(realpathSync(to), sep))) {
    throw new OwnCopyError({ en: `${from} lies in ${to} itself`, id: `${from} berada di dalam ${to}` })
  }
  if (names.includes('collector.lock')) {
    try {
      lockDirectory(to)()
    } catch {
      throw new OwnCopyError({
        en: `a collector is running on ${to}: stop it first`,
        id: `kolektor sedang berjalan pada ${to}: hentikan dahulu`,
      })
    }
  }
  if (names.includes(UNFINISHED_RESTORE) || names.every(name => name === VAULT_KEY)) return
  throw new OwnCopyError({
    en: `${to} is not empty: nothing is overwritten, so move away what is there or name another directory`,
    id: `${to} tidak kosong: tidak ada yang ditimpa, jadi pindahkan isinya atau sebut direktori lain`,
  })
}

/** Also of a key that stands in the directory already, since that is the one which will be used. */
function requireKeys(to: string, key: string | null, manifest: Manifest): string {
  const there = join(to, VAULT_KEY)
  for (const file of key === null || existsSync(there) ? [there] : []) requireKey(file, manifest)
  if (key !== null) requireKey(key, manifest)
  return key ?? there
}

function requireKey(keyFile: string, { keyFingerprint: wanted }: Manifest): void {
  let found: string
  try {
    found = keyFingerprint(keyFile)
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    throw new OwnCopyError({
      en: `the vault's key (fingerprint ${wanted}) is needed: --key FILE, or put it at ${keyFile} (${reason})`,
      id: `kunci brankas (sidik jari ${wanted}) diperlukan: --key BERKAS, atau letakkan di ${keyFile} (${reason})`,
    })
  }
  if (found === wanted) return
  throw new OwnCopyError({
    en: `${keyFile} is another key (fingerprint ${found}); this copy needs the one with ${wanted}`,
    id: `${keyFile} adalah kunci lain (sidik jari ${found}); salinan ini perlu kunci ${wanted}`,
  })
}

async function requireSums(from: string): Promise<SummedFile[]> {
  const checked = await checkSums(from)
  if (checked !== null && checked.faults.length === 0) return checked.files
  const faults =
    checked === null ? ['SHA256SUMS: missing'] : checked.faults.map(({ path, fault }) => `${path}: ${fault}`)
  throw doesNotHold(faults)
}

function doesNotHold(faults: readonly string[]): OwnCopyError {
  const list = faults.slice(0, 20).join('\n  ')
  return new OwnCopyError({
    en: `the copy is not as it was made:\n  ${list}`,
    id: `salinan tidak seperti saat dibuat:\n  ${list}`,
  })
}

/** The note first, then what a broken restore left goes. A key that stands there stays. */
async function begin(to: string, keyFile: string): Promise<void> {
  mkdirSync(to, { recursive: true, mode: 0o700 })
  writeFileSync(join(to, UNFINISHED_RESTORE), 'a restore began here and did not end\n', { mode: 0o600, flush: true })
  for (const name of readdirSync(to)) {
    if (name !== UNFINISHED_RESTORE && name !== VAULT_KEY) rmSync(join(to, name), { recursive: true, force: true })
  }
  const place = join(to, VAULT_KEY)
  if (!existsSync(place)) await copyFileWhole(keyFile, place)
}

async function bringBack(files: readonly SummedFile[], from: string, to: string): Promise<void> {
  for (const { path } of files) {
    if (path === MANIFEST || path === KEYS || path.startsWith(`${CONFIGURATION}/`)) continue
    await copyFileWhole(join(from, path), join(to, path))
  }
  await unsealKeys({ vault: openVault({ directory: to }), copy: from, directory: to })
}

/** What is damaged costs only itself, and the store goes on naming it: no reason to do without the rest. */
async function seriesDamage(to: string, now: () => number): Promise<string[]> {
  const series = await createEmbeddedSeriesStore({ directory: join(to, SERIES), now })
  try {
    return (await series.verify()).problems.map(({ message }) => message)
  } finally {
    await series.close()
  }
}

/** Who was signed in then may have been signed out since. The copy itself is the newest that the collector knows now. */
async function noteRestore(
  to: string,
  { from, manifest, at, bytes, files }: { from: string; manifest: Manifest; at: number; bytes: number; files: number },
): Promise<void> {
  const records = await openRecords({ directory: to })
  try {
    await records.transaction().execute(async tx => {
      await tx.deleteFrom('session').execute()
      const { begunAt, version } = manifest
      await tx
        .insertInto('own_copy')
        .values({ id: newId(at), begun_at: begunAt, ended_at: at, path: from, bytes, files, reason: null })
        .execute()
      await appendAudit(tx, {
        ...{ at, actor: COLLECTOR, action: 'own-copy.restore', subject: null },
        detail: { copy: basename(from), begunAt, version },
      })
    })
  } finally {
    await records.destroy()
  }
}

/** Restored by root for a collector that is not: what was made here goes to whoever has the directory. */
async function giveToOwner(to: string): Promise<void> {
  const { uid, gid } = statSync(to)
  if (process.getuid?.() !== 0 || uid === 0) return
  for (const entry of await readdir(to, { recursive: true, withFileTypes: true })) {
    await chown(join(entry.parentPath, entry.name), uid, gid)
  }
}
