import { type FSWatcher, watch } from 'node:fs'
import { stat } from 'node:fs/promises'
import type { BackupReport, BackupRun, BackupSighting } from '../../../protocol/backups.ts'
import type { Clock } from '../../platform/clock.ts'
import { type Log, reasonOf } from '../../platform/logger.ts'
import type { Source } from '../source.ts'
import { askChild } from './ask-child.ts'
import { createJobBook, type DueWork } from './job-book.ts'
import { unseen } from './look-once.ts'
import { runsFolder } from './place.ts'
import type { PlannedCheck, PlannedJob } from './plan.ts'
import { forgetRun, makeRunsFolder, readRuns } from './runs.ts'

export type BackupSource = Source & {
  /** These are kept by the agent and need not be told again. */
  settle(reports: readonly BackupReport[]): Promise<void>
  stop(): void
}

const LOOK_AROUND_EVERY_MS = 10_000
const PLAN_WITHIN_MS = 60_000
/** A look that is late says so itself; this long it is heard. */
const GRACE_MS = 5_000
const AT_ONCE = 3
const MOST_WAITING = 2_000
const MOST_REPORTS_A_READ = 200

/**
 * Looks after the copies that the job file names, each look in a process of its own, and takes along what wrapped commands
 * left in the folder of runs. Without a job file and runs it costs two questions to the disk each ten seconds.
 */
export function createBackupSource(deps: {
  /** The job file; undefined where there shall be none. */
  file: string | undefined
  dataDirectory: string
  clock: Clock
  log: Log
  /** Leaves the first moments to the first samples. */
  firstAfterMs: number
}): BackupSource {
  const { file, dataDirectory: data, clock, log } = deps
  const ending = new AbortController()
  const book = createJobBook({ firstAfterMs: deps.firstAfterMs })
  /** Sightings that nobody keeps yet, by id. The newest of a job says it all, so there are never many. */
  const sightings = new Map<string, BackupSighting>()
  let runs: BackupRun[] = []
  /** Ids that were told as running, or that were handed out since the last look around. */
  const toldRunning = new Set<string>()
  const handedOut = new Set<string>()
  let known: string | undefined
  let isPlanning = false
  let replanAtMs = Number.POSITIVE_INFINITY
  let looking = 0
  let isChecking = false
  let watcher: FSWatcher | undefined
  let saidProblem = ''

  const waiting = (): BackupReport[] => [
    ...sightings.values(),
    ...runs.filter(run => run.outcome !== 'running' || !toldRunning.has(run.id)),
  ]
  const nameOf = (report: BackupReport): string =>
    report.report === 'run' ? `${report.id} ${report.outcome}` : report.id

  const say = (problem: string, words: string): void => {
    if (problem !== saidProblem && problem !== '') log.warn({ reason: problem }, words)
    saidProblem = problem
  }

  const lookAtRuns = async (): Promise<void> => {
    const found = await readRuns(data, clock.nowMs())
    runs = found.runs
    for (const id of toldRunning) if (!runs.some(run => run.id === id)) toldRunning.delete(id)
    for (const name of found.unreadable) {
      log.warn({ name }, 'a kept backup run can not be read, it is lost')
      await forgetRun(data, name.replace(/\.json$/, ''))
    }
    watchRuns()
  }
  const watchRuns = (): void => {
    if (watcher !== undefined || ending.signal.aborted) return
    try {
      watcher = watch(runsFolder(data), { persistent: false }, () => void lookAtRuns().catch(() => {}))
      watcher.on('error', () => {
        watcher?.close()
        watcher = undefined
      })
    } catch {
      // Not there, or out of watches: it is looked at each ten seconds anyway.
    }
  }

  const plan = async (): Promise<void> => {
    if (file === undefined || isPlanning) return
    isPlanning = true
    replanAtMs = Number.POSITIVE_INFINITY
    try {
      const answer = await askChild({ do: 'plan', file, data }, { withinMs: PLAN_WITHIN_MS, signal: ending.signal })
      if (!('plan' in answer)) throw new Error('problem' in answer ? answer.problem : 'no plan')
      book.take(answer.plan.jobs, clock.monotonicMs())
      say(answer.plan.problems.join('; '), 'the job file of backups has problems, "agent doctor" shows them')
    } catch (error) {
      if (!ending.signal.aborted) say(reasonOf(error), 'the job file of backups can not be read')
      replanAtMs = clock.monotonicMs() + PLAN_WITHIN_MS
    } finally {
      isPlanning = false
    }
  }

  const noteFile = async (): Promise<void> => {
    if (file === undefined) return
    const now = await stat(file).then(
      ({ mtimeMs, size, ino }) => `${mtimeMs} ${size} ${ino}`,
      () => undefined,
    )
    if (now === known && clock.monotonicMs() < replanAtMs) return
    known = now
    if (now === undefined) book.take([], clock.monotonicMs())
    else await plan()
  }

  const look = async (job: PlannedJob): Promise<void> => {
    const { dataset, name, problem } = job
    const at = clock.nowMs()
    const startedMs = clock.monotonicMs()
    const lost = (trouble: 'configuration-wrong' | 'timeout' | 'answer-unreadable', words: string): BackupSighting =>
      unseen(job, { at, tookMs: Math.max(0, Math.round(clock.monotonicMs() - startedMs)) }, trouble, words)
    if (problem !== null) return keep(lost('configuration-wrong', problem))
    try {
      const order = { do: 'look' as const, file: file ?? '', data, dataset, name }
      const answer = await askChild(order, { withinMs: job.withinMs + GRACE_MS, signal: ending.signal })
      if ('sighting' in answer) keep(answer.sighting)
      else if ('problem' in answer) keep(lost('configuration-wrong', answer.problem))
    } catch (error) {
      if (ending.signal.aborted) return
      const isLate = clock.monotonicMs() - startedMs >= job.withinMs
      keep(lost(isLate ? 'timeout' : 'answer-unreadable', reasonOf(error)))
    }
  }
  const keep = (sighting: BackupSighting): void => {
    for (const [id, { dataset, job }] of sightings)
      if (dataset === sighting.dataset && job === sighting.job && sightings.size >= MOST_WAITING) sightings.delete(id)
    sightings.set(sighting.id, sighting)
  }

  const check = async ({ dataset, name }: PlannedJob, { purpose, withinMs }: PlannedCheck): Promise<void> => {
    const order = { do: purpose, file: file ?? '', data, dataset, name }
    try {
      const answer = await askChild(order, { withinMs: withinMs + 12 * GRACE_MS, signal: ending.signal })
      if ('problem' in answer)
        log.warn({ reason: answer.problem, dataset, job: name }, 'a check of backups was not made')
    } catch (error) {
      // Its beginning is kept, and that it never ended is told.
      if (!ending.signal.aborted)
        log.warn({ reason: reasonOf(error), dataset, job: name }, 'a check of backups broke off')
    }
    await plan()
  }

  const begin = (work: DueWork, doIt: () => Promise<void>): void => {
    book.begin(work)
    void doIt()
      .catch(error => log.error({ reason: reasonOf(error) }, 'a look at backups failed'))
      .finally(() => book.done(work, clock.monotonicMs()))
  }
  const startDue = (): void => {
    for (const work of book.due(clock.monotonicMs(), new Date(clock.nowMs()))) {
      if (ending.signal.aborted) return
      const { job, check: due } = work
      if (due === undefined && looking < AT_ONCE) {
        looking += 1
        begin(work, () => look(job).finally(() => (looking -= 1)))
      } else if (due !== undefined && !isChecking) {
        isChecking = true
        begin(work, () => check(job, due).finally(() => (isChecking = false)))
      }
    }
  }

  const lookAround = async (): Promise<void> => {
    await noteFile()
    startDue()
    await lookAtRuns()
  }
  const pulse = setInterval(() => {
    void lookAround().catch(error => say(reasonOf(error), 'backups can not be looked at'))
  }, LOOK_AROUND_EVERY_MS).unref()
  const quick = setInterval(startDue, 1_000).unref()
  void makeRunsFolder(data)
    .catch(() => {})
    .then(lookAround)
    .catch(error => say(reasonOf(error), 'backups can not be looked at'))

  return {
    name: 'backups',
    isIdle: () => book.size() === 0 && waiting().length === 0,
    hasChanged: () => waiting().some(report => !handedOut.has(nameOf(report))),
    async read() {
      const backups = waiting().slice(0, MOST_REPORTS_A_READ)
      handedOut.clear()
      for (const report of backups) handedOut.add(nameOf(report))
      return { gauges: [], backups }
    },
    async settle(reports) {
      for (const report of reports) {
        if (report.report === 'sighting') sightings.delete(report.id)
        else if (report.outcome === 'running') toldRunning.add(report.id)
        else {
          runs = runs.filter(run => run.id !== report.id)
          await forgetRun(data, report.id)
        }
      }
    },
    stop() {
      ending.abort()
      clearInterval(pulse)
      clearInterval(quick)
      watcher?.close()
    },
  }
}
