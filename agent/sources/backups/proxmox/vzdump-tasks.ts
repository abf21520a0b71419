// Runs of vzdump that did not bring what they should have: shown beside the copies, for they say why there is none.
import type { BackupTrouble } from '../../../../protocol/backup-words.ts'
import type { SeenCopy } from '../../../../protocol/backups.ts'
import { wordsTrouble } from '../program-trouble.ts'
import type { GuestCopy } from './guest-copies.ts'
import { numberOf, type ProxmoxApi, type Row } from './proxmox-api.ts'

const LOOKED_BACK_MS = 31 * 86_400_000
const LONGEST_RUN_MS = 86_400_000

/** A token that may see no tasks shows none: copies are judged without them. */
export async function failedRuns(
  api: ProxmoxApi,
  nodes: readonly string[],
  copies: ReadonlyMap<string, readonly GuestCopy[]>,
  now: number,
): Promise<SeenCopy[]> {
  const since = String(Math.floor((now - LOOKED_BACK_MS) / 1_000))
  const query = { typefilter: 'vzdump', source: 'all', limit: '200', since }
  const runs: SeenCopy[] = []
  for (const node of nodes) {
    const answer = await api.list(`/nodes/${node}/tasks`, query)
    if (answer.trouble === null) runs.push(...answer.list.flatMap(task => runOf(task, copies, now) ?? []))
  }
  return runs
}

function runOf(task: Row, guests: ReadonlyMap<string, readonly GuestCopy[]>, now: number): SeenCopy | undefined {
  const { upid, id, status, starttime, endtime } = task
  const [startedAt, endedAt] = [numberOf(starttime) * 1_000, numberOf(endtime) * 1_000]
  const isOfOne = typeof id === 'string' && id !== ''
  if (typeof upid !== 'string' || Number.isNaN(startedAt) || (isOfOne && !guests.has(id))) return undefined
  const trouble = troubleOfRun(status, startedAt, endedAt, now)
  if (trouble === null) return undefined
  // A run over many guests may have failed for others.
  const until = Number.isNaN(endedAt) ? now : endedAt
  const broughtAll = [...guests.values()].every(copies =>
    copies.some(copy => copy.trouble === null && copy.takenAt >= startedAt && copy.takenAt <= until),
  )
  if (!isOfOne && broughtAll) return undefined
  return {
    id: upid,
    takenAt: startedAt,
    bytes: null,
    tookMs: endedAt >= startedAt ? endedAt - startedAt : null,
    trouble,
  }
}

/** "OK", "WARNINGS: 2", or what went wrong; a run that goes on has no end. */
function troubleOfRun(status: unknown, startedAt: number, endedAt: number, now: number): BackupTrouble | null {
  if (Number.isNaN(endedAt)) return now - startedAt > LONGEST_RUN_MS ? 'never-ended' : null
  if (status === 'OK') return null
  const words = typeof status === 'string' ? status : ''
  if (/^WARNINGS: \d+$/.test(words)) return 'incomplete'
  if (words === '' || words === 'unexpected status') return 'never-ended'
  return wordsTrouble(words, [], 'command-failed').trouble
}
