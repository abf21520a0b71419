import type { BackupReport } from '../../protocol/backups.ts'
import type { Discovery, WireEvent } from '../../protocol/snmp.ts'
import type { Fact } from './facts/flatten-facts.ts'

export type Labels = Record<string, string>

/** What a figure is about when it is not this machine now: a device that the collector assigned, and when it was read. */
export type About = { subject?: string; atMs?: number }

/** A value that stands for itself at the moment of reading. */
export type Gauge = About & { metric: string; labels?: Labels; value: number | bigint }

/** What a counter grew by, in units of its metric, and the monotonic time over which it did. */
export type Delta = About & { metric: string; labels?: Labels; growth: number | bigint; overMs: number }

/**
 * A counter as the machine shows it. What travels is its growth, which the runner works out. Counters of one `group`
 * start anew together (all of a device that was made again), so when one falls, none of them has grown.
 */
export type Counter = {
  metric: string
  labels?: Labels
  group: string
  total: bigint
  /** How many of `total` make one unit of the metric (100 clock ticks a second); 1 when left out. */
  unitsPerOne?: number
}

/** What one batch carries, as text that is compressed already: all of its body behind the head (spool/packed-part.ts). */
export type PackedPart = Uint8Array<ArrayBuffer>

export type Reading = {
  gauges: Gauge[]
  /** Slowly changing truths that come with it. */
  facts?: (Fact & About)[]
  /** Growth that a source worked out itself, by the uptime of the device that it read. */
  deltas?: Delta[]
  discoveries?: Discovery[]
  events?: WireEvent[]
  backups?: BackupReport[]
  /** Figures, discoveries and events that were made into bodies of batches where they were found. */
  packed?: PackedPart[]
  /** `readAtMs` is the monotonic moment at which the counters were true. */
  counters?: { readAtMs: number; items: Counter[] }
}

/** Adding one is one file, one line in registry.ts, one test. A source that throws or hangs costs its own figures only. */
export type Source = {
  /** Value of the label `source` of source_ok and source_duration_seconds. */
  name: string
  /**
   * `not-offered` when this machine has no such thing: then there are no series of it and no failure either, and it is
   * asked again after ten minutes at the earliest. `signal` ends when nobody waits for the answer any more.
   */
  read(signal: AbortSignal): Promise<Reading | 'not-offered'>
  /**
   * Left out, it is read with each tick, which waits for it. Otherwise it is read beside the ticks, this often, and a
   * later tick takes along what it found. `firstAfterMs` leaves the first seconds to what is more urgent.
   */
  rhythm?: { everyMs: number; withinMs: number; firstAfterMs?: number }
  /**
   * Whether a state differs from what was last read: looked at every second, so it must cost next to nothing and not
   * block. Then the source is read and delivered at once, out of the rhythm.
   */
  hasChanged?(): boolean
  /** Whether there is nothing to read at all: then it is not read, and nothing is said of it. */
  isIdle?(): boolean
  /** What of its reads has not returned although the reading went on without it, by name. */
  hanging?(): string[]
}
