import { readFile, readlink, rename, rm, symlink, unlink } from 'node:fs/promises'
import { join } from 'node:path'
import { orReadOnly } from './atomic-file.ts'

/** Another live agent works in this data directory. */
export class DataDirectoryInUse extends Error {
  readonly pid: number
  constructor(directory: string, pid: number) {
    super(`the data directory ${directory} is in use by the agent with process id ${pid}`)
    this.name = 'DataDirectoryInUse'
    this.pid = pid
  }
}

/** `held` is false on a disk that is read-only: there nobody can hold it, and nobody can write. */
export type DataLock = { held: boolean; release(): Promise<void> }

type Holder = { pid: number; startTicks: string; bootId: string }

/** Start time of a process in clock ticks since boot: field 22 of proc_pid_stat(5), counted after the ")" of its name. */
export function parseStartTicks(stat: string): string | undefined {
  return stat
    .slice(stat.lastIndexOf(')') + 2)
    .split(' ')
    .at(19)
}

async function describeProcess(procRoot: string, pid: number): Promise<Holder | undefined> {
  try {
    const [stat, bootId] = await Promise.all([
      readFile(join(procRoot, String(pid), 'stat'), 'utf8'),
      readFile(join(procRoot, 'sys/kernel/random/boot_id'), 'utf8').catch(() => ''),
    ])
    const startTicks = parseStartTicks(stat)
    return startTicks === undefined ? undefined : { pid, startTicks, bootId: bootId.trim() }
  } catch {
    return undefined
  }
}

// The lock is a symbolic link that points nowhere and whose target says who holds it: it appears with its content or not
// at all, is refused when there is one, and needs no room on a full disk.
const encodeHolder = ({ pid, startTicks, bootId }: Holder): string => `${pid}:${startTicks}:${bootId}`

function parseHolder(text: string): Holder | undefined {
  const [, pid, startTicks, bootId] = /^(\d{1,10}):(\d+):(.*)$/.exec(text) ?? []
  return startTicks === undefined || bootId === undefined ? undefined : { pid: Number(pid), startTicks, bootId }
}

async function isAlive(procRoot: string, holder: Holder): Promise<boolean> {
  const now = await describeProcess(procRoot, holder.pid)
  return now !== undefined && now.startTicks === holder.startTicks && now.bootId === holder.bootId
}

/**
 * Takes the data directory for this process. A lock left behind by a process that no longer lives (also when its id was
 * given to another one) is taken over. Throws DataDirectoryInUse while the holder lives.
 */
export async function lockDataDirectory(directory: string, procRoot = '/proc'): Promise<DataLock> {
  const path = join(directory, 'lock')
  const me = await describeProcess(procRoot, process.pid)
  if (me === undefined) throw new Error(`cannot read ${procRoot}/${process.pid}/stat, which the lock needs`)
  const mine = encodeHolder(me)
  for (let attempt = 0; attempt < 5; attempt += 1) {
    try {
      await symlink(mine, path)
      return { held: true, release: () => release(path, mine) }
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) orReadOnly(error)
    }
    const text = await readTarget(path)
    const holder = text === undefined ? undefined : parseHolder(text)
    if (holder !== undefined && (await isAlive(procRoot, holder))) throw new DataDirectoryInUse(directory, holder.pid)
    if ((await removeStale(path, text)) === 'read-only') return { held: false, release: async () => {} }
  }
  throw new Error(`cannot take the lock ${path}: others keep taking it`)
}

/** Target of the lock; undefined when it is gone, or a file that no agent made. */
function readTarget(path: string): Promise<string | undefined> {
  return readlink(path).catch(() => undefined)
}

/** Moves the stale lock away; when someone else was faster and it is their fresh lock that moved, gives it back. */
async function removeStale(path: string, staleTarget: string | undefined): Promise<'done' | 'read-only'> {
  const aside = `${path}.stale.${process.pid}`
  try {
    await rename(path, aside)
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EROFS') return 'read-only'
  }
  const moved = await readTarget(aside)
  if (moved !== undefined && moved !== staleTarget) await symlink(moved, path).catch(() => {})
  await rm(aside, { force: true })
  return 'done'
}

async function release(path: string, mine: string): Promise<void> {
  if ((await readTarget(path)) === mine) await unlink(path).catch(() => {})
}
