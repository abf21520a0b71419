// A measure is a named pure function: from what is known of a subject to its value. It decides nothing.

import type { BackupStatus } from '../../../protocol/backup-views.ts'
import type { SubjectStanding } from '../../../protocol/links.ts'
import type { Availability } from '../../availability/availability.ts'
import type { CurrentValue } from '../../stores/current-values.ts'

/** How a device or link that probes decide on stands, and what hangs on it. */
export type Reach = {
  standing: SubjectStanding
  /** Who is reached only through it. */
  cutOff: readonly string[]
  /** What all that fail with it have in common. */
  shared: readonly { what: string; id: string; subjectIds: string[] }[]
}

export type MeasureInput = {
  at: number
  subject: {
    id: string
    intervalMs: number
    enrolledAt: number
    lastSampleAt: number | null
    /** Until when somebody listened, when that is not `at`: silence after it proves nothing. */
    listenedUntil?: number | null
  }
  /** Newest samples of one metric of the subject, whatever their age. */
  current(metric: string): CurrentValue[]
  /** Silence before this moment proves nothing: the collector has only just begun to listen. */
  silenceCountsFrom: number
  /** Present for measures that look at a window of time. */
  availability: Availability | null
  /** Present for measures of the cadence `state`. */
  reach?: Reach
  /** Present for measures of the cadence `backups`. */
  backup?: BackupStatus
  /** The rule's own number by name; a missing one is a fault of the pack and throws. */
  parameter(name: string): number
  /** Parts that were measured before and may have vanished, e.g. "mountpoint=/srv". */
  knownParts: readonly string[]
}

export type Measurement = {
  /** Which part of the subject: "" for the whole, else "label=value". */
  part: string
  /** In the measure's unit; null when there is no evidence. */
  value: number | null
  /** What the value rests on, for the evidence. */
  basis: Record<string, unknown>
}

export type Measure = {
  unit: 'ratio' | 'intervals' | 'batches' | 'reached' | 'problems' | 'days' | 'on-battery' | 'count' | 's'
  /** What the rule must set besides its limits. */
  parameters: readonly string[]
  /** What is wrong with these parameters, in one sentence; null when they make sense. */
  problemOf?: (parameter: (name: string) => number) => string | null
  /**
   * `samples`: on each batch and tick; `window`: each minute, over `windowDays`; `state`: of what probes decide on, whenever
   * they tell something and on each tick; `backups`: of data sets, each minute; `duties`: by the engine of the duties, after
   * each of its passes.
   */
  cadence: 'samples' | 'window' | 'state' | 'backups' | 'duties'
  /** An empty answer leaves all verdicts as they are. */
  evaluate(input: MeasureInput): Measurement[]
}
