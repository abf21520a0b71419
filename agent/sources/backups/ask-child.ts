import type { ChildProcess } from 'node:child_process'
import { setPriority } from 'node:os'
import { flagsForChild } from '../../platform/own-flags.ts'
import { programPath } from '../../platform/program-path.ts'
import type { ChildAnswer, ChildOrder } from './backups-child.ts'

const CHILD = new URL('./backups-child.ts', import.meta.url)
const LONGEST_ANSWER_BYTES = 4 * 1024 * 1024
const CHILD_HEAP_MB = 192

/**
 * Gives an order to a process of its own and ends it, with all that it started, when it has answered, when `withinMs` are
 * over or when `signal` ends. Rejects when there is no answer.
 */
export async function askChild(
  order: ChildOrder,
  { withinMs, signal, onWords }: { withinMs: number; signal: AbortSignal; onWords?: (text: string) => void },
): Promise<ChildAnswer> {
  const { spawn } = await import('node:child_process')
  return new Promise((resolve, reject) => {
    if (signal.aborted) return reject(new Error('not started, the agent stops'))
    const args = [...flagsForChild(CHILD_HEAP_MB), programPath(CHILD), JSON.stringify(order)]
    const child = spawn(process.execPath, args, {
      detached: true,
      stdio: ['pipe', 'pipe', onWords === undefined ? 'ignore' : 'pipe'],
      env: environment(),
    })
    giveWay(child)
    const parts: Buffer[] = []
    let bytes = 0
    let isSettled = false
    const settle = (finish: () => void): void => {
      // The number of the group may be another's by now.
      if (isSettled) return
      isSettled = true
      clearTimeout(timer)
      signal.removeEventListener('abort', onAbort)
      endGroup(child)
      child.stdout?.destroy()
      child.stderr?.destroy()
      child.stdin?.destroy()
      child.unref()
      finish()
    }
    const fail = (reason: string): void => settle(() => reject(new Error(reason)))
    const onAbort = (): void => fail('the agent stops')
    const timer = setTimeout(() => fail(`no answer within ${withinMs} ms`), withinMs)
    signal.addEventListener('abort', onAbort, { once: true })
    child.stdin?.on('error', () => {})
    child.stderr?.on('data', (part: Buffer) => onWords?.(part.toString('utf8')))
    child.stdout?.on('data', (part: Buffer) => {
      bytes += part.length
      parts.push(part)
      if (bytes > LONGEST_ANSWER_BYTES) return fail('the answer is too long')
      if (part.at(-1) !== 10) return
      try {
        const answer: ChildAnswer = JSON.parse(Buffer.concat(parts).toString('utf8'))
        settle(() => resolve(answer))
      } catch {
        fail('the answer is not readable')
      }
    })
    child.on('error', error => fail(error.message))
    child.on('exit', (code, killedBy) => {
      // What it said may still be on its way.
      setTimeout(() => fail(`ended with ${killedBy ?? code} and without an answer`), 1_000).unref()
    })
  })
}

function environment(): Record<string, string> {
  const { PATH = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin', HOME, TZ } = process.env
  return { PATH, NODE_NO_WARNINGS: '1', ...(HOME === undefined ? {} : { HOME }), ...(TZ === undefined ? {} : { TZ }) }
}

/** What a machine is for goes before looking at its copies. */
function giveWay(child: ChildProcess): void {
  try {
    if (child.pid !== undefined) setPriority(child.pid, 10)
  } catch {
    // It ended by itself already.
  }
}

function endGroup(child: ChildProcess): void {
  if (child.pid === undefined) return
  try {
    process.kill(-child.pid, 'SIGKILL')
  } catch {
    // It ended by itself, with all of its own.
  }
}
