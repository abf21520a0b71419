// `pantau backup`: for who keeps the copies of a machine. Short-lived, and the agent need not run meanwhile.
import { reasonOf } from '../platform/logger.ts'
import type { Environment } from '../uplink/proxy.ts'
import { askCheck, askLook, askPlan, chosenJobs } from './ask.ts'
import { type Options, parseOptions, required, UsageError } from './options.ts'
import { recordBegin, recordEnd, recordedRun } from './record-run.ts'
import { runCommand } from './run-command.ts'
import { shownCheck, shownJob, shownSighting } from './words.ts'

const HELP = `Usage: pantau backup COMMAND [options]

  run --dataset ID [--job NAME] [--size-of PATH] -- CMD...
      runs a backup job of yours and tells the collector when it began and how it ended. Its input, output, signals
      and exit code are its own; it runs even when nothing can be recorded. --size-of: what it made, measured when it
      ended. Without --job its name is "command".
  list
      the jobs of the file, and what is wrong with it
  look [--dataset ID] [--job NAME]
      looks at the copies now and says what the agent would see
  restore-test --dataset ID [--job NAME] [--all] [--scratch DIR]
      brings the newest copy back into a scratch folder, looks at it, and clears it away
  verify --dataset ID [--job NAME]
      has the tool check its own repository

  --backups FILE  the jobs (default /etc/pantau/backups.yaml)                        PANTAU_BACKUPS
  --data DIR      data directory of the agent (default ./data/agent)                 PANTAU_AGENT_DATA

Ends with 0 when all is well, 1 when a copy can't be counted on, 2 for a wrong option; "run" ends as its command does.
`

const EXIT = { well: 0, ill: 1, usage: 2 } as const

/** Gives the exit code. */
export async function runBackup(argv: readonly string[], env: Environment): Promise<number> {
  const [command, ...rest] = argv
  try {
    const options = parseOptions(rest, env)
    if (command === undefined || command === '--help' || command === '-h' || options.wantsHelp) {
      process.stdout.write(HELP)
      return command === undefined ? EXIT.usage : EXIT.well
    }
    const obey = COMMANDS[command]
    if (obey === undefined) throw new UsageError(`there is no command "${command}" (see --help)`)
    return await obey(options)
  } catch (error) {
    process.stderr.write(`pantau backup: ${reasonOf(error)}\n`)
    return error instanceof UsageError ? EXIT.usage : EXIT.ill
  }
}

const DEFAULT_JOB = 'command'

const COMMANDS: Readonly<Record<string, (options: Options) => Promise<number>>> = {
  async run(options) {
    const { data, job = DEFAULT_JOB, sizeOf, command } = options
    const dataset = required(options.dataset, '--dataset')
    if (command.length === 0) throw new UsageError('the command is missing: it stands behind "--"')
    return runCommand({ data, dataset, job, sizeOf, command })
  },
  async list(options) {
    const { jobs, problems } = await askPlan(options)
    for (const job of jobs) process.stdout.write(shownJob(job))
    const unnamed = problems.filter(problem => !jobs.some(job => job.problem === problem))
    for (const problem of unnamed) process.stdout.write(`PROBLEM: ${problem}\n`)
    if (jobs.length === 0 && problems.length === 0) process.stdout.write(`${options.file} has no jobs\n`)
    return problems.length === 0 ? EXIT.well : EXIT.ill
  },
  async look(options) {
    let isWell = true
    for (const job of await chosenJobs(options)) {
      if (job.problem !== null) {
        process.stdout.write(shownJob(job))
        isWell = false
        continue
      }
      const sighting = await askLook(options, job)
      process.stdout.write(shownSighting(sighting))
      isWell &&= sighting.trouble === null && sighting.copies[0]?.trouble === null
    }
    return isWell ? EXIT.well : EXIT.ill
  },
  'restore-test': options => check(options, 'restore-test'),
  verify: options => check(options, 'verify'),
  // Two halves of "run", for the launcher of an installed agent: there the command runs as who called it and this program
  // as the agent's user.
  async began(options) {
    const { data, job = DEFAULT_JOB, pid = process.ppid } = options
    const run = await recordBegin(data, { dataset: required(options.dataset, '--dataset'), job, pid })
    process.stdout.write(`${run.id}\n`)
    return EXIT.well
  },
  async ended({ data, id, exit, bytes }) {
    const run = await recordedRun(data, required(id, '--id'))
    if (run === undefined) throw new Error('that run is not known')
    let words = ''
    for await (const part of process.stdin) words = `${words}${part}`.slice(-8_192)
    await recordEnd(data, run, { exitCode: exit ?? 0, words, bytes: bytes ?? null, files: null })
    return EXIT.well
  },
}

async function check(options: Options, purpose: 'verify' | 'restore-test'): Promise<number> {
  required(options.dataset, '--dataset')
  let isWell = true
  for (const job of await chosenJobs(options)) {
    process.stderr.write(`${purpose} of ${job.name} (${job.tool})\n`)
    const run = await askCheck(options, purpose, job)
    process.stdout.write(shownCheck(run))
    isWell &&= run.outcome === 'good'
  }
  return isWell ? EXIT.well : EXIT.ill
}

if (import.meta.main) process.exitCode = await runBackup(process.argv.slice(2), process.env)
