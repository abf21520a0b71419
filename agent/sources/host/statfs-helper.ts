import type { ChildProcess } from 'node:child_process'
import { programPath } from '../../platform/program-path.ts'
import type { FilesystemStatus } from './filesystem.ts'

export type StatfsHelper = {
  /** Rejects when the filesystem gives an error, does not answer in time, or did not lately. */
  ask(path: string): Promise<FilesystemStatus>
  stop(): void
}

type Waiting = { sinceMs: number; settle: (status: FilesystemStatus | undefined) => void }

const CHILD = new URL('./statfs-child.ts', import.meta.url)
/** A dead server is asked again this rarely: each time it costs the helper process. */
const LEFT_ALONE_MS = 5 * 60_000

/**
 * Asks through a process of its own, which is started with the first question and killed when one hangs. The kernel lets
 * a process that waits for NFS be killed; where it does not, that process stays behind and nothing else does.
 */
export function createStatfsHelper(deps: { answerWithinMs: number; now: () => number }): StatfsHelper {
  let child: ChildProcess | undefined
  const waiting = new Map<string, Waiting>()
  const leftAloneUntilMs = new Map<string, number>()

  const start = async (): Promise<ChildProcess> => {
    const { spawn } = await import('node:child_process')
    if (child !== undefined) return child
    // The flags that keep the agent small keep this one small, too.
    const started = spawn(process.execPath, [...process.execArgv, programPath(CHILD)], {
      stdio: ['pipe', 'pipe', 'ignore'],
      env: { PATH: process.env.PATH ?? '', UV_THREADPOOL_SIZE: '16' },
    })
    child = started
    let text = ''
    started.stdout.on('data', (part: Buffer) => {
      const lines = `${text}${part}`.split('\n')
      text = lines.pop() ?? ''
      for (const line of lines) take(line)
    })
    started.stdin.on('error', () => {})
    started.on('error', () => end(started))
    started.on('exit', () => end(started))
    started.unref()
    return started
  }

  const take = (line: string): void => {
    const answer: { path: string; status?: Record<keyof FilesystemStatus, string> } = JSON.parse(line)
    const { status } = answer
    const big = (name: keyof FilesystemStatus): bigint => BigInt(status?.[name] ?? 0)
    waiting.get(answer.path)?.settle(
      status && {
        ...{ bsize: big('bsize'), blocks: big('blocks'), bfree: big('bfree') },
        ...{ bavail: big('bavail'), files: big('files'), ffree: big('ffree') },
      },
    )
  }

  /** Who else waited for that process is asked again with the next tick. */
  const end = (ended: ChildProcess): void => {
    if (child !== ended) return
    child = undefined
    ended.kill('SIGKILL')
    for (const { settle } of [...waiting.values()]) settle(undefined)
  }

  return {
    async ask(path) {
      if ((leftAloneUntilMs.get(path) ?? 0) > deps.now()) throw new Error('did not answer lately')
      const helper = await start()
      const status = await new Promise<FilesystemStatus | undefined>(resolve => {
        const timer = setTimeout(() => {
          for (const [other, { sinceMs }] of waiting) {
            // Asked in the same breath, and as silent.
            if (deps.now() - sinceMs >= deps.answerWithinMs / 2) leftAloneUntilMs.set(other, deps.now() + LEFT_ALONE_MS)
          }
          leftAloneUntilMs.set(path, deps.now() + LEFT_ALONE_MS)
          end(helper)
        }, deps.answerWithinMs)
        waiting.set(path, {
          sinceMs: deps.now(),
          settle(found) {
            clearTimeout(timer)
            waiting.delete(path)
            resolve(found)
          },
        })
        helper.stdin?.write(`${JSON.stringify(path)}\n`)
      })
      if (status === undefined) throw new Error('no answer')
      leftAloneUntilMs.delete(path)
      return status
    },
    stop() {
      if (child !== undefined) end(child)
    },
  }
}
