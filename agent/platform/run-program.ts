import type { ChildProcess } from 'node:child_process'
import { setPriority } from 'node:os'

export type ProgramEnd = { code: number | null; signal: NodeJS.Signals | null; output: string }

export type ProgramLimits = { withinMs: number; longestOutputBytes: number; signal?: AbortSignal }

/**
 * Runs a program with these arguments, never through a shell, and gives what it wrote to standard output. It gets of our
 * environment only the search path: neither token nor key is anyone's business down there. It leads a process group
 * that ends with it. Rejects when it cannot be started, says too much or takes too long.
 */
export async function runProgram(
  program: string,
  args: readonly string[],
  { withinMs, longestOutputBytes, signal }: ProgramLimits,
): Promise<ProgramEnd> {
  const { spawn } = await import('node:child_process')
  const { PATH = '/usr/sbin:/usr/bin:/sbin:/bin' } = process.env
  return new Promise((resolve, reject) => {
    if (signal?.aborted) {
      reject(new Error('not started, the agent stops'))
      return
    }
    const child = spawn(program, args, {
      detached: true,
      stdio: ['ignore', 'pipe', 'ignore'],
      env: { PATH, LC_ALL: 'C', NODE_NO_WARNINGS: '1' },
    })
    giveWay(child)
    const parts: Buffer[] = []
    let bytes = 0
    const fail = (reason: string): void => {
      killGroup(child)
      reject(new Error(reason))
    }
    const onAbort = (): void => fail('the agent stops')
    const timer = setTimeout(() => fail(`no answer within ${withinMs} ms`), withinMs)
    const settle = (): void => {
      clearTimeout(timer)
      signal?.removeEventListener('abort', onAbort)
    }
    signal?.addEventListener('abort', onAbort, { once: true })
    child.stdout.on('data', (part: Buffer) => {
      bytes += part.length
      if (bytes > longestOutputBytes) fail('the answer is too long')
      else parts.push(part)
    })
    child.on('error', error => {
      settle()
      reject(error)
    })
    child.on('close', (code, endSignal) => {
      settle()
      resolve({ code, signal: endSignal, output: Buffer.concat(parts).toString('utf8') })
    })
  })
}

/** What an agent starts must not take the machine's time from what the machine is for. */
function giveWay(child: ChildProcess): void {
  try {
    if (child.pid !== undefined) setPriority(child.pid, 10)
  } catch {
    // It ended by itself already.
  }
}

function killGroup(child: ChildProcess): void {
  if (child.pid === undefined) return
  try {
    process.kill(-child.pid, 'SIGKILL')
  } catch {
    // It ended by itself just now.
  }
}
