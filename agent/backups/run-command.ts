import { type ChildProcess, spawn } from 'node:child_process'
import { constants } from 'node:os'
import { reasonOf } from '../platform/logger.ts'
import { recordBegin, recordEnd, sizeOf } from './record-run.ts'
import type { Speech } from './words.ts'

const KEPT_WORDS = 8 * 1024
const PASSED_ON = ['SIGTERM', 'SIGHUP', 'SIGINT', 'SIGQUIT', 'SIGUSR1', 'SIGUSR2'] as const

/**
 * Runs a backup job as if nobody looked: its input, output, signals and exit code are its own. That it can't be recorded never
 * keeps it from running. Standard output is not even seen: what a dump writes there is the data itself.
 */
export async function runCommand(options: {
  data: string
  dataset: string
  job: string
  sizeOf: string | undefined
  command: readonly string[]
  speech: Pick<Speech, 'notRecorded' | 'endNotRecorded'>
}): Promise<number> {
  const { data, dataset, job, command, speech } = options
  const complain = (what: string) => (error: unknown) =>
    void process.stderr.write(`pantau backup: ${what}: ${reasonOf(error)}\n`)
  const signals = listenForSignals()
  const run = await recordBegin(data, { dataset, job, pid: process.pid }).catch(complain(speech.notRecorded(data)))
  const { exitCode, words } = await passThrough(command, signals)
  signals.stop()
  if (run === undefined) return exitCode
  const size =
    options.sizeOf === undefined
      ? undefined
      : await sizeOf(options.sizeOf).catch(complain(`--size-of ${options.sizeOf}`))
  const { bytes, files } = size ?? { bytes: null, files: null }
  await recordEnd(data, run, { exitCode, words, bytes, files }).catch(complain(speech.endNotRecorded))
  return exitCode
}

type Signals = { passTo(child: ChildProcess): void; stop(): void }

/** From the first moment: one that comes before the job runs must not leave it without an end. */
function listenForSignals(): Signals {
  const early: NodeJS.Signals[] = []
  let child: ChildProcess | undefined
  const hear = (signal: NodeJS.Signals): void => {
    if (child === undefined) early.push(signal)
    // What was typed at a terminal went to the child too.
    else if (signal !== 'SIGINT' || !process.stdin.isTTY) child.kill(signal)
  }
  for (const signal of PASSED_ON) process.on(signal, hear)
  return {
    passTo(started) {
      child = started
      for (const signal of early.splice(0)) started.kill(signal)
    },
    stop() {
      for (const signal of PASSED_ON) process.off(signal, hear)
    },
  }
}

function passThrough(
  [program = '', ...args]: readonly string[],
  signals: Signals,
): Promise<{ exitCode: number; words: string }> {
  return new Promise(resolve => {
    let words = ''
    const child = spawn(program, args, { stdio: ['inherit', 'inherit', 'pipe'] })
    signals.passTo(child)
    child.stderr.on('data', (part: Buffer) => {
      process.stderr.write(part)
      words = `${words}${part.toString('utf8')}`.slice(-KEPT_WORDS)
    })
    const settle = (exitCode: number): void => {
      child.stderr.destroy()
      resolve({ exitCode, words })
    }
    child.on('error', (error: NodeJS.ErrnoException) => {
      words = error.message
      process.stderr.write(`pantau backup: ${error.message}\n`)
      settle(error.code === 'EACCES' ? 126 : 127)
    })
    child.on('exit', (code, signal) => {
      const exitCode = code ?? 128 + (signal === null ? 0 : constants.signals[signal])
      // A job may leave a process behind that holds the pipe for ever; its last words are there by then.
      const timer = setTimeout(() => settle(exitCode), 1_000)
      child.on('close', () => {
        clearTimeout(timer)
        settle(exitCode)
      })
    })
  })
}
