import type { Trouble } from '../program-trouble.ts'
import type { Borg } from './borg-program.ts'

export type Archive = {
  id: string
  name: string
  /** When its reading of the files began: nothing later is inside. */
  takenAt: number
  tookMs: number | null
  /** Kept by Borg of a run that was interrupted: not whole. */
  isCheckpoint: boolean
}

/** All that fit the pattern, checkpoints too, newest first. That there is none is trouble. */
export async function listArchives(
  borg: Borg,
  pattern: string | undefined,
): Promise<{ trouble: null; archives: Archive[] } | Trouble> {
  const matching = pattern === undefined ? [] : [`--glob-archives=${pattern}`]
  const end = await borg.run(['list', '--json', '--consider-checkpoints', '--format={end}', ...matching])
  if (end.ended !== 'itself' || end.code !== 0) return borg.troubleOf(end)
  const archives = parseArchives(end.stdout)
  if (archives === undefined) return { trouble: 'answer-unreadable', detail: 'list gave something else than its list' }
  if (archives.length > 0) return { trouble: null, archives: archives.sort((a, b) => b.takenAt - a.takenAt) }
  return {
    trouble: 'nothing-there',
    detail: pattern === undefined ? 'the repository has no archive' : 'no archive has such a name',
  }
}

/** `undefined` for anything but a list in which each has an id, a name and a time. */
export function parseArchives(answer: string): Archive[] | undefined {
  const list = archivesIn(answer)
  if (!Array.isArray(list)) return undefined
  const archives = list.map(archiveOf)
  return archives.every(one => one !== undefined) ? archives : undefined
}

function archivesIn(text: string): unknown {
  try {
    return JSON.parse(text)?.archives
  } catch {
    return undefined
  }
}

function archiveOf(value: unknown): Archive | undefined {
  const { id, name, start, time, end } = (value ?? {}) as Record<string, unknown>
  const takenAt = instantOf(start ?? time)
  if (typeof id !== 'string' || !/^[0-9a-f]{64}$/.test(id) || typeof name !== 'string' || takenAt === undefined)
    return undefined
  const endedAt = instantOf(end)
  return {
    ...{ id, name, takenAt },
    tookMs: endedAt !== undefined && endedAt >= takenAt ? endedAt - takenAt : null,
    isCheckpoint: /\.checkpoint(\.\d+)?$/.test(name),
  }
}

/** "2026-11-22T09:21:43.000000" in UTC, as we asked for; later versions write the zone behind it. */
function instantOf(time: unknown): number | undefined {
  if (typeof time !== 'string') return undefined
  const at = Date.parse(/(Z|[+-]\d\d:?\d\d)$/.test(time) ? time : `${time}Z`)
  return at >= 0 ? at : undefined
}
