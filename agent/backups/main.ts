// `pantau backup`: for who keeps the copies of a machine. Short-lived, and the agent need not run meanwhile.
import { spokenLanguage } from '../../protocol/spoken-language.ts'
import { reasonOf } from '../platform/logger.ts'
import type { Environment } from '../uplink/proxy.ts'
import { askCheck, askLook, askPlan, chosenJobs } from './ask.ts'
import { HELP } from './help.ts'
import { type Options, parseOptions, required, UsageError } from './options.ts'
import { recordBegin, recordEnd, recordedRun } from './record-run.ts'
import { runCommand } from './run-command.ts'
import { type Speech, speechIn } from './words.ts'

const EXIT = { well: 0, ill: 1, usage: 2 } as const

/** Gives the exit code. */
export async function runBackup(argv: readonly string[], env: Environment): Promise<number> {
  const { language, rest: said } = spokenLanguage(argv, env)
  const [command, ...rest] = said
  try {
    if (language === null) throw new UsageError('--lang: must be id or en')
    const options = parseOptions(rest, env)
    const speech = speechIn(language)
    if (command === undefined || command === '--help' || command === '-h' || options.wantsHelp) {
      process.stdout.write(HELP[language])
      return command === undefined ? EXIT.usage : EXIT.well
    }
    const obey = COMMANDS[command]
    if (obey === undefined) throw new UsageError(speech.noCommand(command))
    return await obey(options, speech)
  } catch (error) {
    process.stderr.write(`pantau backup: ${reasonOf(error)}\n`)
    return error instanceof UsageError ? EXIT.usage : EXIT.ill
  }
}

const DEFAULT_JOB = 'command'

const COMMANDS: Readonly<Record<string, (options: Options, speech: Speech) => Promise<number>>> = {
  async run(options, speech) {
    const { data, job = DEFAULT_JOB, sizeOf, command } = options
    const dataset = required(options.dataset, '--dataset')
    if (command.length === 0) throw new UsageError(speech.commandMissing)
    return runCommand({ data, dataset, job, sizeOf, command, speech })
  },
  async list(options, speech) {
    const { jobs, problems } = await askPlan(options)
    for (const job of jobs) process.stdout.write(speech.shownJob(job))
    const unnamed = problems.filter(problem => !jobs.some(job => job.problem === problem))
    for (const problem of unnamed) process.stdout.write(`${speech.problem}: ${problem}\n`)
    if (jobs.length === 0 && problems.length === 0) process.stdout.write(`${speech.noJobs(options.file)}\n`)
    return problems.length === 0 ? EXIT.well : EXIT.ill
  },
  async look(options, speech) {
    let isWell = true
    for (const job of await chosenJobs(options)) {
      if (job.problem !== null) {
        process.stdout.write(speech.shownJob(job))
        isWell = false
        continue
      }
      const sighting = await askLook(options, job)
      process.stdout.write(speech.shownSighting(sighting))
      isWell &&= sighting.trouble === null && sighting.copies[0]?.trouble === null
    }
    return isWell ? EXIT.well : EXIT.ill
  },
  'restore-test': (options, speech) => check(options, 'restore-test', speech),
  verify: (options, speech) => check(options, 'verify', speech),
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

async function check(options: Options, purpose: 'verify' | 'restore-test', speech: Speech): Promise<number> {
  required(options.dataset, '--dataset')
  let isWell = true
  for (const job of await chosenJobs(options)) {
    process.stderr.write(`${speech.checking(purpose, job.name)} (${job.tool})\n`)
    const run = await askCheck(options, purpose, job)
    process.stdout.write(speech.shownCheck(run))
    isWell &&= run.outcome === 'good'
  }
  return isWell ? EXIT.well : EXIT.ill
}

if (import.meta.main) process.exitCode = await runBackup(process.argv.slice(2), process.env)
