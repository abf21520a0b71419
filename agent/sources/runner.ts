import type { Clock } from '../platform/clock.ts'
import { type Log, reasonOf } from '../platform/logger.ts'
import { type CounterMemory, type Delta, growthSince } from './counter-growth.ts'
import type { Gauge, Reading, Source } from './source.ts'

/** All that one tick measured; `atMs` is the instant of every sample in it. */
export type TickReading = { atMs: number; gauges: Gauge[]; deltas: Delta[] }

export type Runner = {
  tick(): Promise<TickReading>
  /** Reads only the sources in which a state has changed since; undefined when there is none. */
  tickChanged(): Promise<TickReading> | undefined
  /** Sources, or parts of them, whose reading has not returned yet. */
  pending(): string[]
}

type Slot = {
  source: Source
  memory: CounterMemory
  pendingSinceMs: number | undefined
  failing: boolean
}

type Outcome = { ok: true; reading: Reading } | { ok: false; reason: string }

/**
 * Reads all sources at once and holds each to the deadline. One that hangs is left alone until it returns (what it then
 * says is too old and is thrown away); one that throws loses this tick's figures; the others notice nothing.
 */
export function createRunner(deps: { sources: Source[]; clock: Clock; log: Log; deadlineMs: number }): Runner {
  const { clock, log, deadlineMs } = deps
  const slots: Slot[] = deps.sources.map(source => ({
    source,
    memory: new Map(),
    pendingSinceMs: undefined,
    failing: false,
  }))

  const readInTime = async (slot: Slot): Promise<Outcome> => {
    if (slot.pendingSinceMs !== undefined) return { ok: false, reason: 'still hanging' }
    slot.pendingSinceMs = clock.monotonicMs()
    let timer: NodeJS.Timeout | undefined
    const late = new Promise<Outcome>(resolve => {
      timer = setTimeout(() => resolve({ ok: false, reason: `no answer within ${deadlineMs} ms` }), deadlineMs)
    })
    const reading = (async (): Promise<Outcome> => {
      try {
        return { ok: true, reading: await slot.source.read() }
      } catch (error) {
        return { ok: false, reason: reasonOf(error) }
      } finally {
        slot.pendingSinceMs = undefined
      }
    })()
    try {
      return await Promise.race([reading, late])
    } finally {
      clearTimeout(timer)
    }
  }

  const runOne = async (slot: Slot): Promise<{ gauges: Gauge[]; deltas: Delta[] }> => {
    const startedMs = slot.pendingSinceMs ?? clock.monotonicMs()
    const outcome = await readInTime(slot)
    const labels = { source: slot.source.name }
    const gauges: Gauge[] = [
      { metric: 'source_ok', labels, value: outcome.ok ? 1 : 0 },
      { metric: 'source_duration_seconds', labels, value: Math.round(clock.monotonicMs() - startedMs) / 1_000 },
    ]
    if (outcome.ok === slot.failing) {
      slot.failing = !outcome.ok
      if (outcome.ok) log.info({ source: slot.source.name }, 'source works again')
      else log.warn({ source: slot.source.name, reason: outcome.reason }, 'source failed')
    }
    if (!outcome.ok) return { gauges, deltas: [] }
    gauges.push(...outcome.reading.gauges)
    const { counters } = outcome.reading
    if (counters === undefined) return { gauges, deltas: [] }
    const { deltas, memory } = growthSince(slot.memory, counters.items, counters.readAtMs)
    slot.memory = memory
    return { gauges, deltas }
  }

  const tickOf = async (chosen: Slot[]): Promise<TickReading> => {
    const atMs = clock.nowMs()
    const parts = await Promise.all(chosen.map(runOne))
    return { atMs, gauges: parts.flatMap(part => part.gauges), deltas: parts.flatMap(part => part.deltas) }
  }

  return {
    tick: () => tickOf(slots),
    tickChanged() {
      const changed = slots.filter(
        ({ source, pendingSinceMs }) => pendingSinceMs === undefined && source.hasChanged?.(),
      )
      return changed.length === 0 ? undefined : tickOf(changed)
    },
    pending: () =>
      slots.flatMap(({ source, pendingSinceMs }) => [
        ...(pendingSinceMs === undefined ? [] : [source.name]),
        ...(source.hanging?.() ?? []).map(part => `${source.name} ${part}`),
      ]),
  }
}
