// How many series a writer may have: a tag that is new with each request would fill any store. Counted in memory, and
// anew once a day, so that names which nobody uses any more count no longer.

export type SeriesAllowance = {
  /** false when this would be one series too many for the writer. */
  take(request: { writerId: string; deviceId: string; series: string; at: number }): boolean
}

const COUNTED_ANEW_AFTER_MS = 86_400_000
export const SERIES_PER_WRITER = 50_000

/** `seriesOf` tells the names of the series that a device has now: after a restart they are there already. */
export function createSeriesAllowance(deps: {
  seriesOf: (deviceId: string) => Iterable<string>
  mostPerWriter?: number
}): SeriesAllowance {
  const { seriesOf, mostPerWriter = SERIES_PER_WRITER } = deps
  const writers = new Map<string, { since: number; devices: Set<string>; series: Set<string> }>()
  return {
    take({ writerId, deviceId, series, at }) {
      let known = writers.get(writerId)
      if (known === undefined || at - known.since > COUNTED_ANEW_AFTER_MS) {
        known = { since: at, devices: new Set(), series: new Set() }
        writers.set(writerId, known)
      }
      if (!known.devices.has(deviceId)) {
        known.devices.add(deviceId)
        for (const name of seriesOf(deviceId)) known.series.add(name)
      }
      if (known.series.has(series)) return true
      if (known.series.size >= mostPerWriter) return false
      known.series.add(series)
      return true
    },
  }
}
