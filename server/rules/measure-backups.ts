// What operational rules find of data sets: the same status that the pages show, held against the same limits.
import { readStatuses } from '../backups/read-known.ts'
import type { Records } from '../stores/records/records.ts'
import type { Measurement } from './measures/measure.ts'
import { measureNamed } from './measures/registry.ts'
import { type Rule, requireParameter } from './pack.ts'
import type { JudgedSubject } from './settle.ts'
import type { Standings } from './standings.ts'
import { type Limits, limitsOf } from './verdict.ts'

export type MeasuredSubject = {
  subject: JudgedSubject
  measured: { rule: Rule; limits: Limits; measurement: Measurement }[]
}

/** All data sets. Of one without any job nothing is measured: that is no fault of a job, and supervision tells of it. */
export async function measureBackups(
  deps: { records: Records; standings: Standings; rules: readonly Rule[] },
  at: number,
): Promise<MeasuredSubject[]> {
  const rules = deps.rules.flatMap(rule => {
    const measure = rule.subject === 'dataset' ? measureNamed(rule.measure) : undefined
    const limits = limitsOf(rule)
    if (measure?.cadence !== 'backups' || typeof limits === 'string') return []
    return [{ rule, limits, measure }]
  })
  const { statuses } = await readStatuses(deps.records, at)
  return statuses.map(({ dataset, status, jobs }) => {
    const isWatched = jobs.length > 0 || deps.standings.ofSubject(dataset.id).length > 0
    const measured = (isWatched ? rules : []).flatMap(({ rule, limits, measure }) =>
      measure
        .evaluate({
          ...{ at, backup: status, current: () => [], silenceCountsFrom: at, availability: null, knownParts: [] },
          subject: { id: dataset.id, intervalMs: 60_000, enrolledAt: dataset.since, lastSampleAt: null },
          parameter: name => requireParameter(rule, name),
        })
        .map(measurement => ({ rule, limits, measurement })),
    )
    return { subject: { id: dataset.id, slug: dataset.name }, measured }
  })
}
