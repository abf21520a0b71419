// What the agent itself must know of the job file: when to look at what. Made by the process of one look, as JSON.
import { readFile } from 'node:fs/promises'
import type { BackupToolName } from '../../../protocol/backup-words.ts'
import { type CheckPlan, type Job, type JobFile, type JobProblem, parseJobFile } from './job-file.ts'
import { readChecked, scratchFolder } from './place.ts'
import { clearLeftScratch } from './scratch.ts'

export type PlannedJob = {
  dataset: string
  name: string
  tool: BackupToolName
  everyMs: number
  withinMs: number
  /** Plain words with the line, for a job that can't be done. */
  problem: string | null
  checks: PlannedCheck[]
}

export type PlannedCheck = {
  purpose: 'verify' | 'restore-test'
  withinMs: number
  /** UTC ms from which it is due; 0 for one that was never made. */
  dueAt: number
  between: [number, number] | null
}

/** `problems` are all that is wrong, also where nobody can say of which job. */
export type Plan = { jobs: PlannedJob[]; problems: string[] }

const DAY_MS = 86_400_000
const HURT_EVERY_MS = 15 * 60_000

/** What can't be read at all is a problem of the whole file. Undefined: there is no such file. */
export async function readJobFile(path: string): Promise<JobFile | undefined> {
  try {
    return await parseJobFile(await readFile(path, 'utf8'))
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined
    if (code === 'ENOENT') return undefined
    if (code === undefined) throw error
    const words =
      code === 'EACCES'
        ? "may not be read by the agent's user (give it to that user's group)"
        : `can't be read: ${code}`
    return { jobs: [], problems: [{ line: 0, words, dataset: undefined, name: undefined, tool: undefined }] }
  }
}

export function shownProblem(path: string, { line, words }: JobProblem): string {
  return line === 0 ? `${path} ${words}` : `${path}, line ${line}: ${words}`
}

export async function makePlan(path: string, data: string): Promise<Plan> {
  const { jobs, problems } = (await readJobFile(path)) ?? { jobs: [], problems: [] }
  const chosen = jobs.flatMap(({ restoreTest }) => (restoreTest?.scratch === undefined ? [] : [restoreTest.scratch]))
  for (const scratch of new Set([scratchFolder(data), ...chosen])) await clearLeftScratch(scratch)
  return {
    jobs: [
      ...(await Promise.all(jobs.map(job => planned(job, data)))),
      ...problems.flatMap(problem => hurt(path, problem)),
    ],
    problems: problems.map(problem => shownProblem(path, problem)),
  }
}

async function planned(job: Job, data: string): Promise<PlannedJob> {
  const { dataset, name, tool, everyMs, withinMs, restoreTest, verify } = job
  const checks = [
    ...(verify === undefined ? [] : [await plannedCheck(job, 'verify', verify, data)]),
    ...(restoreTest === undefined ? [] : [await plannedCheck(job, 'restore-test', restoreTest, data)]),
  ]
  return { dataset, name, tool, everyMs, withinMs, problem: null, checks }
}

async function plannedCheck(
  job: Job,
  purpose: PlannedCheck['purpose'],
  { everyMs, withinMs, between }: CheckPlan,
  data: string,
): Promise<PlannedCheck> {
  const checked = await readChecked(data, job, purpose)
  // One that failed is made again soon: it may have been the place and not the copy.
  const againMs = checked?.wasGood === false ? Math.min(DAY_MS, everyMs) : everyMs
  return { purpose, withinMs, dueAt: checked === undefined ? 0 : checked.at + againMs, between: between ?? null }
}

/** A job that can't be done is told of as one, where it can be read which it is. */
function hurt(path: string, problem: JobProblem): PlannedJob[] {
  const { dataset, name, tool } = problem
  if (dataset === undefined || name === undefined) return []
  const common = { dataset, name, tool: tool ?? 'command', everyMs: HURT_EVERY_MS, withinMs: HURT_EVERY_MS }
  return [{ ...common, problem: shownProblem(path, problem), checks: [] }]
}
