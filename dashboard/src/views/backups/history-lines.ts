// Sizes of copies over time, a line a job. Pure.
import type { BackupCopyView, BackupJobView, BackupRunView } from '../../../../protocol/backup-views.ts'
import type { Point } from '../../charts/series.ts'
import type { GraphLine } from '../../charts/server-graphs.ts'

const TONES = [1, 4, 2, 6, 3, 5] as const

/** Bytes by the time that a copy was taken; of a job without copies, of its good runs. A bad copy is no size. */
export function sizeLines(
  jobs: readonly Pick<BackupJobView, 'id' | 'name' | 'title'>[],
  copies: readonly BackupCopyView[],
  runs: readonly BackupRunView[],
): GraphLine[] {
  return jobs.flatMap(({ id, name, title }): GraphLine[] => {
    const own = copies.flatMap(({ jobId, takenAt, bytes, trouble }): Point[] =>
      jobId === id && bytes !== null && trouble === null ? [[takenAt, bytes]] : [],
    )
    const ran = runs.flatMap(({ jobId, purpose, outcome, endedAt, bytes }): Point[] =>
      jobId === id && purpose === 'backup' && outcome === 'good' && endedAt !== null && bytes !== null
        ? [[endedAt, bytes]]
        : [],
    )
    const points = (own.length > 0 ? own : ran).sort(([left], [right]) => left - right)
    return points.length === 0 ? [] : [{ name: title || name, points, tone: toneOf(jobs, id), fill: 'none' }]
  })
}

function toneOf(jobs: readonly { id: string }[], id: string): GraphLine['tone'] {
  return TONES[jobs.findIndex(job => job.id === id) % TONES.length] ?? 1
}

/** What happened one after the other: runs that an agent or a ping told, newest first. */
export function runsNewestFirst(runs: readonly BackupRunView[]): BackupRunView[] {
  return runs.toSorted((left, right) => right.startedAt - left.startedAt)
}
