import type { ProbeFailure } from '../../../../protocol/probe-words.ts'
import type { Fact } from '../../facts/flatten-facts.ts'
import type { Labels } from '../../source.ts'

/** What one check found. `failure` null is a good answer; figures are those that could be had all the same. */
export type Found = {
  failure: ProbeFailure | null
  figures: { metric: string; labels?: Labels; value: number }[]
  /** Names are within `probe.NAME.`. */
  facts?: Fact[]
}
