// What each urgency class asks. No regulation sets these numbers: they are Diskominfo's, and until somebody sets others,
// what Pantau proposes.

import type { BackupLimits } from '../../protocol/backup-views.ts'
import { URGENCIES, type Urgency } from '../../protocol/backup-words.ts'

export const PROPOSED_LIMITS: Record<Urgency, BackupLimits> = {
  high: {
    ...{ maxAgeHours: 26, keepCopies: 7, keepDays: 30, places: ['data-centre', 'drc'] },
    ...{ restoreTestDays: 90, leastSizeRatio: 0.5 },
  },
  medium: {
    ...{ maxAgeHours: 72, keepCopies: 4, keepDays: 30, places: ['data-centre'] },
    ...{ restoreTestDays: 180, leastSizeRatio: 0.5 },
  },
  low: {
    ...{ maxAgeHours: 168, keepCopies: 2, keepDays: 30, places: ['data-centre'] },
    ...{ restoreTestDays: 365, leastSizeRatio: 0.5 },
  },
}

/** For a data set of which the register does not say how urgent it is. */
export const ASSUMED_URGENCY: Urgency = 'medium'

export type LimitsVersion = { urgency: Urgency; limits: BackupLimits; from: number; until: number | null }

/** The limits of a class that were in force at a moment. */
export function limitsAt(versions: readonly LimitsVersion[], urgency: Urgency, at: number): BackupLimits {
  const standing = versions.findLast(
    one => one.urgency === urgency && one.from <= at && (one.until === null || at < one.until),
  )
  return standing?.limits ?? PROPOSED_LIMITS[urgency]
}

export function urgencyOf(fields: Readonly<Record<string, unknown>>): {
  urgency: Urgency
  from: 'register' | 'assumed'
} {
  const urgency = URGENCIES.find(one => one === fields.urgency)
  return urgency === undefined ? { urgency: ASSUMED_URGENCY, from: 'assumed' } : { urgency, from: 'register' }
}
