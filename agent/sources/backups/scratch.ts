// Folders in which something is restored for a while. Each says whose it is, so that what a killed test left behind is
// found and cleared away at the next occasion, its servers with it.
import { chmod, chown, mkdir, readdir, readFile, rm, stat, statfs, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { type Holder, holderOf } from './runs.ts'

const PREFIX = 'pantau-restore-'
const OWNER = 'owner.json'

export type Scratch = { folder: string; remove(): Promise<void> }

/** `within` is made when it is not there. Rejects when it can't be written. */
export async function makeScratch(
  within: string,
  id: string,
  user: { uid: number; gid: number } | undefined,
): Promise<Scratch> {
  await mkdir(within, { recursive: true, mode: 0o700 })
  // Short: the path of a server's socket below it may have 107 bytes (unix(7)).
  const outer = join(within, `${PREFIX}${id.slice(-8)}`)
  await mkdir(outer, { mode: 0o711 })
  const owner: Holder = (await holderOf(process.pid)) ?? { pid: process.pid, startedTicks: '' }
  await writeFile(join(outer, OWNER), JSON.stringify(owner))
  const folder = join(outer, 'files')
  await mkdir(folder, { mode: 0o700 })
  if (user !== undefined) {
    await chmod(outer, 0o711)
    await chown(folder, user.uid, user.gid)
  }
  return { folder, remove: () => clear(outer) }
}

/** Clears away what belongs to nobody who still lives. How many there were. */
export async function clearLeftScratch(within: string): Promise<number> {
  const names = (await readdir(within).catch(() => [])).filter(name => name.startsWith(PREFIX))
  let cleared = 0
  for (const name of names) {
    const outer = join(within, name)
    if (await isHeld(outer)) continue
    await clear(outer)
    cleared += 1
  }
  return cleared
}

async function isHeld(outer: string): Promise<boolean> {
  try {
    const { pid, startedTicks }: Holder = JSON.parse(await readFile(join(outer, OWNER), 'utf8'))
    return (await holderOf(pid))?.startedTicks === startedTicks
  } catch {
    // Killed between making the folder and saying whose it is; a fresh one may be about to say so.
    const made = await stat(outer).catch(() => undefined)
    return made !== undefined && Date.now() - made.mtimeMs < 60_000
  }
}

async function clear(outer: string): Promise<void> {
  await endServersIn(outer)
  await rm(outer, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 })
}

/** A server that was started in a folder names it among its arguments. */
async function endServersIn(outer: string): Promise<void> {
  for (const name of await readdir('/proc').catch(() => [])) {
    const pid = Number(name)
    if (!Number.isInteger(pid) || pid === process.pid) continue
    const line = await readFile(`/proc/${name}/cmdline`, 'utf8').catch(() => '')
    if (!line.includes(`${outer}/`)) continue
    try {
      process.kill(pid, 'SIGKILL')
    } catch {
      // It ended by itself, or belongs to somebody else.
    }
  }
}

/** Bytes that may still be written below a folder, or below the first above it that is there. */
export async function freeBytes(folder: string): Promise<number> {
  try {
    const { bavail, bsize } = await statfs(folder)
    return bavail * bsize
  } catch (error) {
    if (folder === dirname(folder)) throw error
    return freeBytes(dirname(folder))
  }
}
