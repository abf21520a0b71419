import { evidenceLastsMs } from '../../availability/subject-state.ts'
import type { Measure } from './measure.ts'

/**
 * How many batches the agent had to drop in its last hour, because its spool was full or its disk took nothing: those
 * figures will never come. An agent that drops nothing for an hour, and says so, is well again.
 */
export const spoolDroppedBatches: Measure = {
  unit: 'batches',
  parameters: [],
  cadence: 'samples',
  evaluate: ({ at, subject, current, knownParts, silenceCountsFrom }) => {
    const oldestAt = at - evidenceLastsMs(subject.intervalMs)
    const newest = (metric: string) =>
      current(metric)
        .filter(value => value.at >= oldestAt)
        .sort((left, right) => right.at - left.at)[0]
    const dropped = newest('pantau_agent_spool_recently_dropped_batches')
    if (dropped === undefined) {
      // What an agent never told (an older one, a router) is no question to it.
      if (knownParts.length === 0 || at < silenceCountsFrom) return []
      return [{ part: '', value: null, basis: { reason: 'no fresh sample' } }]
    }
    const basis = {
      ...{ windowS: 3_600, sampledAt: dropped.at },
      droppedEver: newest('pantau_agent_spool_dropped_batches')?.value ?? null,
      waitingBatches: newest('pantau_agent_spool_batches')?.value ?? null,
      diskOk: newest('pantau_agent_spool_disk_ok')?.value ?? null,
    }
    return [{ part: '', value: dropped.value, basis }]
  },
}
