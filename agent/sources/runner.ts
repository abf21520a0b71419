import type { BackupReport } from '../../protocol/backups.ts'
import type { Discovery, WireEvent } from '../../protocol/snmp.ts'
import type { Clock } from '../platform/clock.ts'
import { type Log, reasonOf } from '../platform/logger.ts'
import { type CounterMemory, growthSince } from './counter-growth.ts'
import type { Fact } from './facts/flatten-facts.ts'
import type { About, Delta, Gauge, PackedPart, Reading, Source } from './source.ts'

/** All that one tick measured; `atMs` is the instant of every sample in it that says no other. */
export type TickReading = {
  atMs: number
  gauges: Gauge[]
  deltas: Delta[]
  facts: (Fact & About)[]
  discoveries?: Discovery[]
  events?: WireEvent[]
  backups?: BackupReport[]
  packed?: PackedPart[]
}

export type Runner = {
  tick(): Promise<TickReading>
  /** Reads only the sources in which a state has changed since; undefined when there is none. */
  tickChanged(): Promise<TickReading> | undefined
  /** Sources, or parts of them, whose reading has not returned yet. */
  pending(): string[]
  /** Nobody waits for what is still being read. */
  stop(): void
}

type Outcome = { ok: true; reading: Reading } | { ok: false; reason: string } | { ok: 'not-offered' }
type Part = Required<Omit<TickReading, 'atMs'>>

type Slot = {
  source: Source
  memory: CounterMemory
  pendingSinceMs: number | undefined
  failing: boolean
  /** For a source with a rhythm of its own: when it is read next, and what was found since the last tick. */
  dueMs: number
  found: Part | undefined
}

const NOTHING: Part = {
  ...{ gauges: [], deltas: [], facts: [], discoveries: [], events: [] },
  ...{ backups: [], packed: [] },
}
const ASK_AGAIN_WHAT_IS_OFFERED_MS = 10 * 60_000

/**
 * Reads all sources at once and holds each to its deadline. One that hangs is left alone until it returns (what it then
 * says is too old and is thrown away); one that throws loses this tick's figures; the others notice nothing.
 */
export function createRunner(deps: { sources: Source[]; clock: Clock; log: Log; deadlineMs: number }): Runner {
  const { clock, log, deadlineMs } = deps
  const ending = new AbortController()
  const slots: Slot[] = deps.sources.map(source => ({
    source,
    memory: new Map(),
    pendingSinceMs: undefined,
    failing: false,
    dueMs:
      source.rhythm?.firstAfterMs === undefined
        ? Number.NEGATIVE_INFINITY
        : clock.monotonicMs() + source.rhythm.firstAfterMs,
    found: undefined,
  }))

  const readInTime = async (slot: Slot, withinMs: number): Promise<Outcome> => {
    if (slot.pendingSinceMs !== undefined) return { ok: false, reason: 'still hanging' }
    slot.pendingSinceMs = clock.monotonicMs()
    const given = new AbortController()
    const giveUp = (): void => given.abort()
    ending.signal.addEventListener('abort', giveUp, { once: true })
    let timer: NodeJS.Timeout | undefined
    const late = new Promise<Outcome>(resolve => {
      timer = setTimeout(() => {
        resolve({ ok: false, reason: `no answer within ${withinMs} ms` })
        giveUp()
      }, withinMs)
    })
    const reading = (async (): Promise<Outcome> => {
      try {
        const found = await slot.source.read(given.signal)
        return found === 'not-offered' ? { ok: 'not-offered' } : { ok: true, reading: found }
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
      ending.signal.removeEventListener('abort', giveUp)
    }
  }

  const runOne = async (slot: Slot, withinMs: number): Promise<Part> => {
    const startedMs = slot.pendingSinceMs ?? clock.monotonicMs()
    const outcome = await readInTime(slot, withinMs)
    if (outcome.ok === 'not-offered') {
      slot.dueMs = clock.monotonicMs() + Math.max(slot.source.rhythm?.everyMs ?? 0, ASK_AGAIN_WHAT_IS_OFFERED_MS)
      return NOTHING
    }
    const labels = { source: slot.source.name }
    const gauges: Gauge[] = [
      { metric: 'source_ok', labels, value: outcome.ok ? 1 : 0 },
      { metric: 'source_duration_seconds', labels, value: Math.round(clock.monotonicMs() - startedMs) / 1_000 },
    ]
    if (outcome.ok === slot.failing && !ending.signal.aborted) {
      slot.failing = !outcome.ok
      if (outcome.ok) log.info({ source: slot.source.name }, 'source works again')
      else log.warn({ source: slot.source.name, reason: outcome.reason }, 'source failed')
    }
    if (!outcome.ok) return { ...NOTHING, gauges }
    gauges.push(...outcome.reading.gauges)
    const { counters, ...rest } = outcome.reading
    const part = { ...NOTHING, ...rest, gauges }
    if (counters === undefined) return part
    const { deltas, memory } = growthSince(slot.memory, counters.items, counters.readAtMs)
    slot.memory = memory
    return { ...part, deltas: [...part.deltas, ...deltas] }
  }

  /** Starts what is due beside the ticks, and takes what was found since the last one. */
  const takeFound = (slot: Slot, rhythm: { everyMs: number; withinMs: number }): Part => {
    if (clock.monotonicMs() >= slot.dueMs && slot.pendingSinceMs === undefined && !ending.signal.aborted) {
      slot.dueMs = clock.monotonicMs() + rhythm.everyMs
      void runOne(slot, rhythm.withinMs).then(part => {
        slot.found = part
      })
    }
    const found = slot.found ?? NOTHING
    slot.found = undefined
    return found
  }

  const tickOf = async (chosen: Slot[]): Promise<TickReading> => {
    const atMs = clock.nowMs()
    const parts = await Promise.all(
      chosen.map(slot => {
        if (slot.source.isIdle?.()) return NOTHING
        if (slot.source.rhythm !== undefined) return takeFound(slot, slot.source.rhythm)
        return clock.monotonicMs() >= slot.dueMs ? runOne(slot, deadlineMs) : NOTHING
      }),
    )
    const all = <T>(pick: (part: Part) => T[]): T[] => parts.flatMap(pick)
    return {
      ...{ atMs, gauges: all(part => part.gauges), deltas: all(part => part.deltas), facts: all(part => part.facts) },
      ...{ discoveries: all(part => part.discoveries), events: all(part => part.events) },
      backups: all(part => part.backups),
      packed: all(part => part.packed),
    }
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
    stop: () => ending.abort(),
  }
}
