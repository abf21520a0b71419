import { evidenceLastsMs } from '../../availability/subject-state.ts'
import type { Measure, MeasureInput } from './measure.ts'

const newestOf = ({ current }: MeasureInput, metric: string) =>
  current(metric).sort((left, right) => right.at - left.at)[0]

/** The newest value of one metric, while it is fresh; who never told it is not asked for it. */
function newestSample(metric: string, unit: Measure['unit']): Measure {
  return {
    unit,
    parameters: [],
    cadence: 'samples',
    evaluate(input) {
      const { at, subject, knownParts, silenceCountsFrom } = input
      const newest = newestOf(input, metric)
      if (newest !== undefined && newest.at >= at - evidenceLastsMs(subject.intervalMs))
        return [{ part: '', value: newest.value, basis: { metric, sampledAt: newest.at } }]
      if (knownParts.length === 0 || at < silenceCountsFrom) return []
      return [{ part: '', value: null, basis: { reason: 'no fresh sample' } }]
    },
  }
}

/** 1 while a UPS lives on its battery. A trap of it makes the poller ask at once; what counts is the answer. */
export const upsOnBattery = newestSample('ups_on_battery', 'on-battery')

/** How late the poller on this machine is with the device that waited longest for its turn. */
export const pollerLate = newestSample('pantau_agent_poller_late_seconds', 's')

/** What the agent counts over ten minutes, and how long after its last word that is surely over. */
const FAILURES_METRIC = 'snmp_authentication_failures_recent'
const FAILURES_LAST_MS = 15 * 60_000

/**
 * How often a device told in the last ten minutes that somebody asked it with a wrong secret. It is told only while there
 * is something to tell; when that has ended and the device itself is still heard, there is none.
 */
export const authenticationFailures: Measure = {
  unit: 'count',
  parameters: [],
  cadence: 'samples',
  evaluate(input) {
    const { at, subject, knownParts } = input
    const newest = newestOf(input, FAILURES_METRIC)
    if (newest !== undefined && newest.at >= at - FAILURES_LAST_MS)
      return [{ part: '', value: newest.value, basis: { windowS: 600, toldAt: newest.at } }]
    if (knownParts.length === 0) return []
    const isHeard = subject.lastSampleAt !== null && subject.lastSampleAt >= at - evidenceLastsMs(subject.intervalMs)
    return [{ part: '', value: isHeard ? 0 : null, basis: { reason: 'nothing was told for a quarter of an hour' } }]
  },
}
