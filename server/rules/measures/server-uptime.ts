import type { Measure } from './measure.ts'

const HOUR_MS = 3_600_000

/** Share of the observed time in which the server was up; without enough observed time there is no value. */
export const serverUptime: Measure = {
  unit: 'ratio',
  parameters: ['windowDays', 'minimumObservedHours'],
  problemOf: parameter => {
    const [days, hours] = [parameter('windowDays'), parameter('minimumObservedHours')]
    if (days <= 0) return 'windowDays must be more than 0'
    // It would never be judged, and nobody would notice.
    return hours < 0 || hours > days * 24 ? `minimumObservedHours must lie between 0 and ${days * 24}` : null
  },
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
