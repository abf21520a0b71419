// What pings make of runs, as healthchecks.io reads them: `start` begins one, everything else ends it. Pure but for the ids
// that it is handed.
import { BACKUP_LIMITS, type BackupTrouble } from '../../protocol/backup-words.ts'

export type PingStep = 'success' | 'start' | 'fail' | number

export type Ping = { jobId: string; at: number; step: PingStep; detail: string }

export type PingedRun = {
  jobId: string
  id: string
  startedAt: number
  endedAt: number | null
  outcome: 'running' | 'good' | 'failed'
  trouble: BackupTrouble | null
  exitCode: number | null
  detail: string
  toldAt: number
  endToldAt: number | null
}

/** A step of an address: null for what is none. */
export function stepOf(text: string): PingStep | null {
  if (text === 'start' || text === 'fail') return text
  return /^(0|[1-9]\d{0,2})$/.test(text) && Number(text) <= 255 ? Number(text) : null
}

/** The last lines of what came as a body: what went wrong stands at the end. */
export function detailOf(body: string): string {
  // A control character has no business in a table or a notice.
  const plain = body.replace(/[\p{Cc}\u2028\u2029\ufffd]+/gu, ' ').trim()
  return plain.slice(-BACKUP_LIMITS.detail)
}

/** `running`: the run of each job that has begun and not ended. Answers the runs as they are now. */
export function foldPings(
  running: ReadonlyMap<string, PingedRun>,
  pings: readonly Ping[],
  newRunId: () => string,
): PingedRun[] {
  const open = new Map(running)
  const changed = new Map<string, PingedRun>()
  const keep = (run: PingedRun) => changed.set(`${run.jobId} ${run.id}`, run)
  for (const { jobId, at, step, detail } of pings) {
    const begun = open.get(jobId)
    if (step === 'start') {
      // Whoever begins again has not ended what was begun before.
      if (begun !== undefined) keep({ ...begun, ...ENDED_UNHEARD, endedAt: at, endToldAt: at })
      const run = { ...newRun(jobId, newRunId(), at), detail }
      open.set(jobId, run)
      keep(run)
      continue
    }
    const run = begun ?? newRun(jobId, newRunId(), at)
    open.delete(jobId)
    keep({ ...run, ...endOf(step), detail, endedAt: Math.max(at, run.startedAt), endToldAt: at })
  }
  return [...changed.values()]
}

const ENDED_UNHEARD = { outcome: 'failed', trouble: 'never-ended' } as const

function newRun(jobId: string, id: string, at: number): PingedRun {
  return {
    ...{ jobId, id, startedAt: at, endedAt: null, outcome: 'running', trouble: null, exitCode: null },
    ...{ detail: '', toldAt: at, endToldAt: null },
  }
}

function endOf(step: 'success' | 'fail' | number): Pick<PingedRun, 'outcome' | 'trouble' | 'exitCode'> {
  const exitCode = typeof step === 'number' ? step : null
  const isGood = step === 'success' || step === 0
  return { outcome: isGood ? 'good' : 'failed', trouble: isGood ? null : 'command-failed', exitCode }
}
