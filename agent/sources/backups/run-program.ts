// Starts the programs that look after copies. Only in the process of one look, whose group is killed as a whole when its
// time is over: what a program started in turn ends with it.
import { spawn } from 'node:child_process'
import type { Readable } from 'node:stream'

/** `code` is 128 and the number of the signal for one that was killed by others, as a shell has it. */
export type ProgramEnd =
  | { ended: 'itself'; code: number; stdout: string; stderr: string }
  /** There is no such program, or it may not be run. */
  | { ended: 'missing'; stderr: string }
  /** The caller's signal came first. */
  | { ended: 'aborted'; stdout: string; stderr: string }
  /** It said more than anyone wants to keep. */
  | { ended: 'too-long'; stderr: string }

export type ProgramOptions = {
  signal: AbortSignal
  /** Beside PATH, HOME and LC_ALL=C, which it always gets. Here go passwords, never among the arguments. */
  env?: Readonly<Record<string, string>>
  cwd?: string
  /** As another user, where we are root. */
  user?: { uid: number; gid: number }
  /** What it reads; nothing when left out. */
  input?: string | Readable
  /** 16 MiB when left out. */
  longestOutputBytes?: number
  /** Gets standard output as it comes, instead of it being kept. */
  onOutput?: (part: Buffer) => void
}

const LONGEST_OUTPUT_BYTES = 16 * 1024 * 1024
const KEPT_ERROR_BYTES = 16 * 1024

/** Runs a program, never through a shell. Never rejects. Of standard error the last 16 KiB are kept. */
export function runProgram(program: string, args: readonly string[], options: ProgramOptions): Promise<ProgramEnd> {
  const { signal, input, onOutput, longestOutputBytes = LONGEST_OUTPUT_BYTES } = options
  return new Promise(resolve => {
    if (signal.aborted) {
      resolve({ ended: 'aborted', stdout: '', stderr: '' })
      return
    }
    const child = spawn(program, args, {
      stdio: ['pipe', 'pipe', 'pipe'],
      env: programEnvironment(options.env),
      ...(options.cwd === undefined ? {} : { cwd: options.cwd }),
      ...options.user,
    })
    const parts: Buffer[] = []
    let bytes = 0
    let errors = Buffer.alloc(0)
    const stdout = (): string => Buffer.concat(parts).toString('utf8')
    const stderr = (): string => errors.toString('utf8')
    const settle = (end: ProgramEnd): void => {
      signal.removeEventListener('abort', onAbort)
      // What it left behind may hold the pipes open; nobody waits for that.
      child.stdout.destroy()
      child.stderr.destroy()
      child.stdin.destroy()
      resolve(end)
    }
    const giveUp = (end: ProgramEnd): void => {
      child.kill('SIGKILL')
      settle(end)
    }
    const onAbort = (): void => giveUp({ ended: 'aborted', stdout: stdout(), stderr: stderr() })
    signal.addEventListener('abort', onAbort, { once: true })
    child.stdout.on('data', (part: Buffer) => {
      if (onOutput !== undefined) return onOutput(part)
      bytes += part.length
      parts.push(part)
      if (bytes > longestOutputBytes) giveUp({ ended: 'too-long', stderr: stderr() })
    })
    child.stderr.on('data', (part: Buffer) => {
      errors = Buffer.concat([errors, part]).subarray(-KEPT_ERROR_BYTES)
    })
    child.on('error', error => settle({ ended: 'missing', stderr: error.message }))
    child.on('close', (code, killedBy) =>
      settle({ ended: 'itself', code: code ?? exitCodeOf(killedBy), stdout: stdout(), stderr: stderr() }),
    )
    // It may end before it read everything; why stands in its own words.
    child.stdin.on('error', () => {})
    if (input === undefined || typeof input === 'string') child.stdin.end(input)
    else {
      input.on('error', () => child.stdin.destroy())
      input.pipe(child.stdin)
    }
  })
}

export function programEnvironment(more: Readonly<Record<string, string>> = {}): Record<string, string> {
  const { PATH = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin', HOME } = process.env
  return { PATH, LC_ALL: 'C', ...(HOME === undefined ? {} : { HOME }), ...more }
}

const SIGNAL_NUMBERS: Readonly<Record<string, number>> = { SIGHUP: 1, SIGINT: 2, SIGQUIT: 3, SIGABRT: 6, SIGTERM: 15 }

/** As a shell gives it; 137 (SIGKILL) for what no shell user sends. */
export function exitCodeOf(signal: NodeJS.Signals | null): number {
  return 128 + (SIGNAL_NUMBERS[signal ?? ''] ?? 9)
}
