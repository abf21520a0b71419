import type { WireFact } from '../../../protocol/batch.ts'
import type { Clock } from '../../platform/clock.ts'
import { type Log, reasonOf } from '../../platform/logger.ts'
import { programPath } from '../../platform/program-path.ts'
import { runProgram } from '../../platform/run-program.ts'
import type { Gauge } from '../source.ts'
import { flattenFacts, type RawFacts } from './flatten-facts.ts'

export type FactsSource = {
  /** Asks the machine in the background if it is time to; returns at once. */
  tick(): void
  /** Facts that were found since the last call, and how the last asking went. */
  take(): { facts: WireFact[]; gauges: Gauge[] }
  /** Asks with the next tick, whenever it was asked before; while an answer is awaited, that is the one. */
  refresh(): void
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
  /** Leaves the first moments to the first sample. */
  firstAfterMs?: number
  childPath?: string
  answerWithinMs?: number
}): FactsSource {
  const { clock, log } = deps
  const childPath = deps.childPath ?? CHILD
  const answerWithinMs = deps.answerWithinMs ?? ANSWER_WITHIN_MS
  let dueMs = deps.firstAfterMs === undefined ? Number.NEGATIVE_INFINITY : clock.monotonicMs() + deps.firstAfterMs
  const ending = new AbortController()
  let found: WireFact[] = []
  let last: { ok: boolean; durationS: number } | undefined

  const ask = async (): Promise<void> => {
    const startedMs = clock.monotonicMs()
    dueMs = Number.POSITIVE_INFINITY
    try {
      const limits = { withinMs: answerWithinMs, longestOutputBytes: LONGEST_OUTPUT_BYTES, signal: ending.signal }
      const { code, signal, output } = await runProgram(process.execPath, [childPath], limits)
      if (code !== 0) throw new Error(`the facts process ended with ${signal ?? code}`)
      const raw: RawFacts = JSON.parse(output)
      const facts = flattenFacts(raw)
      if (facts.length === 0) throw new Error('the machine said nothing about itself')
      const at = clock.nowMs()
      found = facts.map(fact => ({ at, ...fact }))
      last = { ok: true, durationS: Math.round(clock.monotonicMs() - startedMs) / 1_000 }
      dueMs = startedMs + deps.everyMs
    } catch (error) {
      if (ending.signal.aborted) return
      if (last?.ok !== false) log.warn({ source: 'facts', reason: reasonOf(error) }, 'source failed')
      last = { ok: false, durationS: Math.round(clock.monotonicMs() - startedMs) / 1_000 }
      dueMs = clock.monotonicMs() + Math.min(RETRY_MS, deps.everyMs)
    }
  }

  return {
    tick() {
      if (!ending.signal.aborted && clock.monotonicMs() >= dueMs) void ask()
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
    refresh() {
      if (dueMs !== Number.POSITIVE_INFINITY) dueMs = Number.NEGATIVE_INFINITY
    },
    stop() {
      ending.abort()
    },
  }
}
