import type { Measure } from './measure.ts'

const HOUR_MS = 3_600_000

/** Share of the observed time in which the server was up; without enough observed time there is no value. */
export const serverUptime: Measure = {
  unit: 'ratio',
  parameters: ['windowDays', 'minimumObservedHours'],
  cadence: 'window',
  evaluate: ({ availability, parameter }) => {
    if (availability === null) return []
    const { from, to, upMs, outageMs, unobservedMs, uptimeRatio } = availability
    const enough = upMs + outageMs >= parameter('minimumObservedHours') * HOUR_MS
    return [
      { part: '', value: enough ? uptimeRatio : null, basis: { from, to, upMs, outageMs, unobservedMs, uptimeRatio } },
    ]
  },
}
