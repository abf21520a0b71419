import type { Trouble } from '../program-trouble.ts'
import type { Restic } from './restic-program.ts'

export type Snapshot = {
  id: string
  takenAt: number
  /** From restic 0.17 on it stands with the snapshot. */
  bytes: number | null
  tookMs: number | null
}

/** As restic has them: of several hosts or tags one must fit, of several paths all. */
export type Filters = { hosts: string[]; tags: string[]; paths: string[] }

/** All that fit the filters. That there is none is trouble. */
export async function listSnapshots(
  restic: Restic,
  filters: Filters,
): Promise<{ trouble: null; snapshots: Snapshot[] } | Trouble> {
  const end = await restic.run(['snapshots', '--json', '--no-lock', ...filterArguments(filters)])
  if (end.ended !== 'itself' || end.code !== 0) return restic.troubleOf(end)
  // restic leaves out what it can't read, says so beside its answer, and ends with 0.
  if (/could not load snapshot|invalid data/i.test(end.stderr)) return { ...restic.troubleOf(end), trouble: 'damaged' }
  const snapshots = parseSnapshots(end.stdout)
  if (snapshots === undefined)
    return { trouble: 'answer-unreadable', detail: 'snapshots gave something else than its list' }
  if (snapshots.length > 0) return { trouble: null, snapshots }
  const isFiltered = filterArguments(filters).length > 0
  return {
    trouble: 'nothing-there',
    detail: isFiltered ? 'no snapshot of these hosts, tags and paths' : 'the repository has no snapshot',
  }
}

export const newestFirst = (snapshots: readonly Snapshot[]): Snapshot[] =>
  [...snapshots].sort((a, b) => b.takenAt - a.takenAt)

function filterArguments({ hosts, tags, paths }: Filters): string[] {
  return [
    ...hosts.map(host => `--host=${host}`),
    ...tags.map(tag => `--tag=${tag}`),
    ...paths.map(path => `--path=${path}`),
  ]
}

/** `undefined` for anything but a list in which each has an id and a time. */
export function parseSnapshots(answer: string): Snapshot[] | undefined {
  const list = parseJson(answer)
  // An empty repository answered "null" in old versions.
  if (list === null) return []
  if (!Array.isArray(list)) return undefined
  const snapshots = list.map(snapshotOf)
  return snapshots.every(one => one !== undefined) ? snapshots : undefined
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

type Told = {
  id?: unknown
  time?: unknown
  summary?: { total_bytes_processed?: unknown; backup_start?: unknown; backup_end?: unknown }
}

function snapshotOf(value: unknown): Snapshot | undefined {
  const { id, time, summary } = (value ?? {}) as Told
  const takenAt = instantOf(time)
  if (typeof id !== 'string' || !/^[0-9a-f]{8,64}$/.test(id) || takenAt === undefined) return undefined
  const [start, end] = [instantOf(summary?.backup_start), instantOf(summary?.backup_end)]
  const bytes = summary?.total_bytes_processed
  return {
    id,
    takenAt,
    bytes: Number.isSafeInteger(bytes) && Number(bytes) >= 0 ? Number(bytes) : null,
    tookMs: start !== undefined && end !== undefined && end >= start ? end - start : null,
  }
}

function instantOf(time: unknown): number | undefined {
  const at = typeof time === 'string' ? Date.parse(time) : Number.NaN
  return at >= 0 ? at : undefined
}
