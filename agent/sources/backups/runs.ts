// Runs reach the agent as files in a folder of its data directory, one a run, each written whole or not at all: a job
// that ends while the agent or the collector is away is told later, and one that was killed has left its beginning.
import { chown, mkdir, readdir, readFile, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import type { BackupRun } from '../../../protocol/backups.ts'
import { writeFileAtomically } from '../../platform/atomic-file.ts'
import { runsFolder } from './place.ts'
import { readRun } from './read-run.ts'

/** A process by its number and the moment it began, so that a number used again is not taken for it. */
export type Holder = { pid: number; startedTicks: string }

type Kept = { run: BackupRun; holder: Holder | null }

const LONGEST_BYTES = 128 * 1024

/** Rejects where the folder can't be written. As root it gives the file to whom the folder belongs: the agent reads it. */
export async function keepRun(data: string, run: BackupRun, holder: Holder | null): Promise<void> {
  const folder = runsFolder(data)
  await makeRunsFolder(data)
  const path = join(folder, `${run.id}.json`)
  await writeFileAtomically(path, JSON.stringify({ run, holder } satisfies Kept))
  if (process.getuid?.() !== 0) return
  const { uid, gid } = await stat(folder)
  if (uid !== 0) await chown(path, uid, gid)
}

/** With the owner of the data directory, whoever makes it. */
export async function makeRunsFolder(data: string): Promise<void> {
  const folder = runsFolder(data)
  const made = await mkdir(folder, { recursive: true, mode: 0o700 })
  if (made === undefined || process.getuid?.() !== 0) return
  const { uid, gid } = await stat(data)
  if (uid === 0) return
  await chown(join(folder, '..'), uid, gid)
  await chown(folder, uid, gid)
}

export async function readKeptRun(data: string, id: string): Promise<Kept | undefined> {
  return readKept(join(runsFolder(data), `${id}.json`))
}

async function readKept(path: string): Promise<Kept | undefined> {
  try {
    if ((await stat(path)).size > LONGEST_BYTES) return undefined
    const value: unknown = JSON.parse(await readFile(path, 'utf8'))
    if (typeof value !== 'object' || value === null) return undefined
    const run = 'run' in value ? readRun(value.run) : undefined
    return run && { run, holder: 'holder' in value ? readHolder(value.holder) : null }
  } catch {
    return undefined
  }
}

function readHolder(value: unknown): Holder | null {
  if (typeof value !== 'object' || value === null || !('pid' in value) || !('startedTicks' in value)) return null
  const { pid, startedTicks } = value
  return typeof pid === 'number' && typeof startedTicks === 'string' ? { pid, startedTicks } : null
}

/** All runs that are kept. One whose process is gone without a word has ended, and nobody knows how. */
export async function readRuns(data: string, now: number): Promise<{ runs: BackupRun[]; unreadable: string[] }> {
  const folder = runsFolder(data)
  const names = await readdir(folder).catch(() => [])
  const runs: BackupRun[] = []
  const unreadable: string[] = []
  for (const name of names.filter(name => name.endsWith('.json')).sort()) {
    const kept = await readKept(join(folder, name))
    if (kept === undefined) unreadable.push(name)
    else runs.push(await asItStands(kept, now))
  }
  return { runs, unreadable }
}

async function asItStands({ run, holder }: Kept, now: number): Promise<BackupRun> {
  if (run.outcome !== 'running' || (holder !== null && (await isAlive(holder)))) return run
  return {
    ...run,
    ...{ endedAt: Math.max(now, run.startedAt), outcome: 'failed', trouble: 'never-ended' },
    detail: 'its process was gone without having said how it ended',
  }
}

export async function forgetRun(data: string, id: string): Promise<void> {
  await rm(join(runsFolder(data), `${id}.json`), { force: true })
}

async function isAlive({ pid, startedTicks }: Holder): Promise<boolean> {
  return (await holderOf(pid))?.startedTicks === startedTicks
}

/** Undefined when there is no such process. Source: proc(5), field 22 of stat. */
export async function holderOf(pid: number): Promise<Holder | undefined> {
  try {
    const text = await readFile(`/proc/${pid}/stat`, 'utf8')
    const [state, ...rest] = text.slice(text.lastIndexOf(')') + 2).split(' ')
    return state === 'Z' ? undefined : { pid, startedTicks: rest[18] ?? '' }
  } catch {
    return undefined
  }
}
