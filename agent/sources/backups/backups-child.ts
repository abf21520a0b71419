// One look, one restore test or one reading of the job file, in a process of its own that leads a group: whoever waits for
// it ends all of it at its deadline, so a repository that hangs costs nothing else, and what a tool needs of memory is
// gone with it. Says its answer as one line of JSON, and what it does meanwhile on standard error.
import type { BackupRun, BackupSighting } from '../../../protocol/backups.ts'
import { checkOnce } from './check-once.ts'
import { lookOnce, unseen } from './look-once.ts'
import { openNotes, scratchFolder } from './place.ts'
import { makePlan, type Plan, readJobFile, shownProblem } from './plan.ts'

/** `scope` and `scratch` go before what the file says. */
export type ChildOrder = { file: string; data: string } & (
  | { do: 'plan' }
  | { do: 'look'; dataset: string; name: string }
  | {
      do: 'verify' | 'restore-test'
      dataset: string
      name: string
      scope?: 'sample' | 'all'
      scratch?: string
    }
)

export type ChildAnswer = { plan: Plan } | { sighting: BackupSighting } | { run: BackupRun } | { problem: string }

/** So much of the time that it was given is left for its own words and for clearing away. */
const LEFT_MS = 1_000

async function obey(order: ChildOrder): Promise<ChildAnswer> {
  const { file, data } = order
  if (order.do === 'plan') return { plan: await makePlan(file, data) }
  const jobs = await readJobFile(file)
  const { dataset, name } = order
  const job = jobs?.jobs.find(job => job.dataset === dataset && job.name === name)
  if (job === undefined) {
    const problem = jobs?.problems.find(problem => problem.dataset === dataset && problem.name === name)
    return { problem: problem ? shownProblem(file, problem) : `${file} has no job ${name} for the data set ${dataset}` }
  }
  const now = Date.now
  const notes = await openNotes(data, job)
  if (order.do === 'look') {
    const signal = AbortSignal.timeout(Math.max(job.withinMs - LEFT_MS, job.withinMs / 2))
    const hung = new Promise<BackupSighting>(resolve => {
      // Also where a call into the system never returns and hears no signal.
      const at = now()
      signal.addEventListener('abort', () => {
        const late = () => resolve(unseen(job, { at, tookMs: now() - at }, 'timeout', 'the look took too long'))
        setTimeout(late, LEFT_MS / 4)
      })
    })
    const sighting = await Promise.race([lookOnce(job, { now, signal, notes }), hung])
    await notes.keep()
    return { sighting }
  }
  const plan = job.restoreTest
  const { withinMs = 6 * 3_600_000 } = (order.do === 'verify' ? job.verify : plan) ?? {}
  const run = await checkOnce(job, order.do, {
    ...{ data, now, notes },
    scratch: order.scratch ?? plan?.scratch ?? scratchFolder(data),
    scope: order.scope ?? plan?.scope ?? 'sample',
    signal: AbortSignal.timeout(withinMs),
    progress: words => void process.stderr.write(`${words}\n`),
  })
  return { run }
}

/** Everything that was started ends with this process: it leads their group. */
function endGroup(): void {
  try {
    process.kill(-process.pid, 'SIGKILL')
  } catch {
    process.exit(1)
  }
}

// Whoever waited is gone, however it went.
process.stdin.on('end', endGroup).on('error', endGroup).resume()
process.stderr.on('error', () => {})

try {
  const answer = await obey(JSON.parse(process.argv[2] ?? ''))
  process.stdout.write(`${JSON.stringify(answer)}\n`, endGroup)
} catch (error) {
  const problem = error instanceof Error ? error.message : String(error)
  process.stdout.write(`${JSON.stringify({ problem })}\n`, endGroup)
}
