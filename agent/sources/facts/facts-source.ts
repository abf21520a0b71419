import type { ChildProcess } from 'node:child_process'
import type { WireFact } from '../../../protocol/batch.ts'
import type { Clock } from '../../platform/clock.ts'
import { type Log, reasonOf } from '../../platform/logger.ts'
import { programPath } from '../../platform/program-path.ts'
import type { Gauge } from '../source.ts'
import { flattenFacts, type RawFacts } from './flatten-facts.ts'

export type FactsSource = {
  /** Asks the machine in the background if it is time to; returns at once. */
  tick(): void
  /** Facts that were found since the last call, and how the last asking went. */
  take(): { facts: WireFact[]; gauges: Gauge[] }
  stop(): void
}

const ANSWER_WITHIN_MS = 60_000
const RETRY_MS = 10 * 60_000
const LONGEST_OUTPUT_BYTES = 4 * 1024 * 1024
const CHILD = programPath(new URL('./facts-child.ts', import.meta.url))

/** Facts of this machine every `everyMs` (ten minutes after a failure). A failure costs the facts only. */
export function createFactsSource(deps: {
  clock: Clock
  log: Log
  everyMs: number
  childPath?: string
  answerWithinMs?: number
}): FactsSource {
  const { clock, log } = deps
  const childPath = deps.childPath ?? CHILD
  const answerWithinMs = deps.answerWithinMs ?? ANSWER_WITHIN_MS
  let dueMs = Number.NEGATIVE_INFINITY
  let child: ChildProcess | undefined
  let found: WireFact[] = []
  let last: { ok: boolean; durationS: number } | undefined
  let stopped = false

  const ask = async (): Promise<void> => {
    const startedMs = clock.monotonicMs()
    dueMs = Number.POSITIVE_INFINITY
    try {
      const output = await runChild(childPath, answerWithinMs, started => {
        child = started
      })
      const raw: RawFacts = JSON.parse(output)
      const facts = flattenFacts(raw)
      if (facts.length === 0) throw new Error('the machine said nothing about itself')
      const at = clock.nowMs()
      found = facts.map(fact => ({ at, ...fact }))
      last = { ok: true, durationS: Math.round(clock.monotonicMs() - startedMs) / 1_000 }
      dueMs = startedMs + deps.everyMs
    } catch (error) {
      if (stopped) return
      if (last?.ok !== false) log.warn({ source: 'facts', reason: reasonOf(error) }, 'source failed')
      last = { ok: false, durationS: Math.round(clock.monotonicMs() - startedMs) / 1_000 }
      dueMs = clock.monotonicMs() + Math.min(RETRY_MS, deps.everyMs)
    } finally {
      child = undefined
    }
  }

  return {
    tick() {
      if (!stopped && clock.monotonicMs() >= dueMs) void ask()
    },
    take() {
      const facts = found
      found = []
      const labels = { source: 'facts' }
      const gauges: Gauge[] =
        last === undefined
          ? []
          : [
              { metric: 'source_ok', labels, value: last.ok ? 1 : 0 },
              { metric: 'source_duration_seconds', labels, value: last.durationS },
            ]
      return { facts, gauges }
    },
    stop() {
      stopped = true
      if (child !== undefined) killGroup(child)
    },
  }
}

/** The child leads a process group of its own, so that what it started ends with it. */
function killGroup(child: ChildProcess): void {
  if (child.pid === undefined) return
  try {
    process.kill(-child.pid, 'SIGKILL')
  } catch {
    // It ended by itself just now.
  }
}

async function runChild(path: string, withinMs: number, onStart: (child: ChildProcess) => void): Promise<string> {
  const { spawn } = await import('node:child_process')
  const { PATH = '/usr/sbin:/usr/bin:/sbin:/bin' } = process.env
  return new Promise((resolve, reject) => {
    // Of our environment only the search path: neither token nor key is anyone's business down there.
    const child = spawn(process.execPath, [path], {
      detached: true,
      stdio: ['ignore', 'pipe', 'ignore'],
      env: { PATH, LC_ALL: 'C', NODE_NO_WARNINGS: '1' },
    })
    onStart(child)
    const parts: Buffer[] = []
    let bytes = 0
    const fail = (reason: string): void => {
      killGroup(child)
      reject(new Error(reason))
    }
    const timer = setTimeout(() => fail(`no answer within ${withinMs} ms`), withinMs)
    child.stdout.on('data', (part: Buffer) => {
      bytes += part.length
      if (bytes > LONGEST_OUTPUT_BYTES) fail('the answer is too long')
      else parts.push(part)
    })
    child.on('error', error => {
      clearTimeout(timer)
      reject(error)
    })
    child.on('close', (code, signal) => {
      clearTimeout(timer)
      if (code === 0) resolve(Buffer.concat(parts).toString('utf8'))
      else reject(new Error(`the facts process ended with ${signal ?? code}`))
    })
  })
}
