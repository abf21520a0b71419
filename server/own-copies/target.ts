// The folder that copies go into: checked before anything is written.
import { existsSync, mkdirSync, readdirSync, realpathSync, rmSync, statfsSync, statSync } from 'node:fs'
import { rename, rm } from 'node:fs/promises'
import { dirname, isAbsolute, join, sep } from 'node:path'
import { isCopyName, unfinishedPrefix } from './layout.ts'
import { readManifest } from './manifest.ts'
import { OwnCopyError, writingProblem } from './own-copy-error.ts'

/** Makes the folder where it is not there. Errors: OwnCopyError. */
export function prepareTarget(to: string, data: string): void {
  if (!isAbsolute(to)) throw new OwnCopyError({ en: `${to} is not an absolute path`, id: `${to} bukan jalur absolut` })
  const inside = join(existingPart(to), sep)
  if (inside.startsWith(join(realpathSync(data), sep))) {
    throw new OwnCopyError({
      en: `${to} lies in the data directory ${data}: a copy there is lost together with it`,
      id: `${to} berada di dalam direktori data ${data}: salinan di sana ikut hilang bersamanya`,
    })
  }
  // Not its parents, too: they would belong to a disk that is not mounted, and Node never ends making folders in /proc.
  try {
    if (!existsSync(to)) mkdirSync(to, { mode: 0o700 })
    if (!statSync(to).isDirectory()) throw new OwnCopyError({ en: `${to} is not a folder`, id: `${to} bukan folder` })
  } catch (error) {
    throw isGone(error) && !existsSync(dirname(to)) ? noParent(to) : writingProblem(error, to)
  }
}

const isGone = (error: unknown): boolean => error instanceof Error && 'code' in error && error.code === 'ENOENT'

function noParent(to: string): OwnCopyError {
  return new OwnCopyError({
    en: `${to} can't be made: the folder in which it should lie is not there (is its disk mounted?)`,
    id: `${to} tidak dapat dibuat: folder induknya tidak ada (apakah disknya sudah terpasang?)`,
  })
}

/** The real path, with what is not there yet behind it. */
function existingPart(path: string): string {
  try {
    return realpathSync(path)
  } catch {
    const parent = dirname(path)
    return parent === path ? path : join(existingPart(parent), path.slice(parent.length))
  }
}

/** Said before hours of copying, not after. Errors: OwnCopyError. */
export function requireSpace(to: string, neededBytes: number): void {
  const { bavail, bsize } = statfsSync(to)
  const free = bavail * bsize
  if (free >= neededBytes) return
  throw new OwnCopyError({
    en: `${to} has ${mib(free)} MiB free and about ${mib(neededBytes)} MiB are needed`,
    id: `${to} punya ${mib(free)} MiB kosong, padahal perlu sekitar ${mib(neededBytes)} MiB`,
  })
}

const mib = (bytes: number): string => (bytes / 1024 / 1024).toFixed(1)

/** What killed runs of this collector left; nothing else has this name, and only one run goes on at a time. */
export function removeUnfinished(to: string, fingerprint: string): void {
  try {
    for (const name of readdirSync(to)) {
      if (name.startsWith(unfinishedPrefix(fingerprint))) rmSync(join(to, name), { recursive: true, force: true })
    }
  } catch (error) {
    throw writingProblem(error, to)
  }
}

/**
 * Removes the oldest copies of this collector beyond the newest `keep`; answers their names. Others' are not touched. Those
 * in which something does not hold are counted by themselves: they must not drive out the last ones in which all does.
 */
export async function keepNewest(to: string, keep: number, fingerprint: string): Promise<string[]> {
  const sound: string[] = []
  const flawed: string[] = []
  for (const name of readdirSync(to).filter(isCopyName).sort()) {
    const manifest = await readManifest(join(to, name)).catch(() => null)
    if (manifest?.keyFingerprint !== fingerprint) continue
    if (manifest.flaws.length === 0) sound.push(name)
    else flawed.push(name)
  }
  const old = [sound, flawed].flatMap(names => names.slice(0, Math.max(0, names.length - keep)))
  for (const name of old) {
    // Under another name first: half a copy must not look like one.
    const going = join(to, `${unfinishedPrefix(fingerprint)}${name}`)
    await rename(join(to, name), going)
    await rm(going, { recursive: true, force: true })
  }
  return old
}
