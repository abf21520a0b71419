// What a person asks to be done now, with the same process that the agent asks.
import type { BackupRun, BackupSighting } from '../../protocol/backups.ts'
import { askChild } from '../sources/backups/ask-child.ts'
import type { ChildAnswer, ChildOrder } from '../sources/backups/backups-child.ts'
import type { Plan, PlannedJob } from '../sources/backups/plan.ts'
import { clearLeftScratch } from '../sources/backups/scratch.ts'
import { type Options, UsageError } from './options.ts'

const DAY_MS = 86_400_000

/** The order is broken off, with all that was started, when somebody presses Ctrl-C. */
async function ask(order: ChildOrder, onWords: (text: string) => void): Promise<ChildAnswer> {
  const ending = new AbortController()
  const end = (): void => ending.abort()
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const
  for (const signal of signals) process.on(signal, end)
  try {
    return await askChild(order, { withinMs: 7 * DAY_MS, signal: ending.signal, onWords })
  } finally {
    for (const signal of signals) process.off(signal, end)
  }
}

export async function askPlan({ file, data }: Options): Promise<Plan> {
  const answer = await ask({ do: 'plan', file, data }, say)
  if ('plan' in answer) return answer.plan
  throw new Error('problem' in answer ? answer.problem : `${file} could not be read`)
}

/** The jobs that the options name. Throws UsageError when there is none. */
export async function chosenJobs(options: Options): Promise<PlannedJob[]> {
  const { dataset, job, file } = options
  const plan = await askPlan(options)
  const chosen = plan.jobs.filter(
    planned => (dataset === undefined || planned.dataset === dataset) && (job === undefined || planned.name === job),
  )
  if (chosen.length === 0) throw new UsageError([`${file} has no such job`, ...plan.problems].join('\n'))
  return chosen
}

export async function askLook(options: Options, { dataset, name }: PlannedJob): Promise<BackupSighting> {
  const { file, data } = options
  const answer = await ask({ do: 'look', file, data, dataset, name }, say)
  if ('sighting' in answer) return answer.sighting
  throw new Error('problem' in answer ? answer.problem : 'no answer')
}

export async function askCheck(
  options: Options,
  purpose: 'verify' | 'restore-test',
  { dataset, name }: PlannedJob,
): Promise<BackupRun> {
  const { file, data, scratch, isAll } = options
  const more = { ...(isAll && { scope: 'all' as const }), ...(scratch !== undefined && { scratch }) }
  try {
    const answer = await ask({ do: purpose, file, data, dataset, name, ...more }, say)
    if ('run' in answer) return answer.run
    throw new Error('problem' in answer ? answer.problem : 'no answer')
  } finally {
    // Also where it was broken off.
    if (scratch !== undefined) await clearLeftScratch(scratch)
    else await askPlan(options).catch(() => {})
  }
}

function say(text: string): void {
  process.stderr.write(text.replace(/^(?=.)/gm, '  ... '))
}
