import { createEmbeddedSeriesStore } from './embedded/embedded-series-store.ts'
import { DAY_MS } from './embedded/windows.ts'
import { createInfluxSeriesStore } from './influx/influx-series-store.ts'
import type { SeriesStore } from './series-store.ts'

export type SeriesSettings =
  | { kind: 'embedded'; memoryMib: number }
  | { kind: 'influx'; url: string; database: string; username?: string | undefined }

/** The series store that the configuration asks for. Errors: StorageError of the embedded one; InfluxDB may be away. */
export async function openSeriesStore(deps: {
  settings: SeriesSettings
  password: string | null
  /** Of the embedded store. */
  directory: string
  retentionMs: number
  /** Of the embedded store. */
  tierRetentionDays: { minute: number; quarterHour: number; hour: number; day: number }
  now: () => number
}): Promise<SeriesStore> {
  const { settings, password, directory, retentionMs, tierRetentionDays, now } = deps
  if (settings.kind === 'embedded') {
    const { minute, quarterHour, hour, day } = tierRetentionDays
    return await createEmbeddedSeriesStore({
      ...{ directory, now, retentionMs },
      memoryLimitBytes: settings.memoryMib * 1024 * 1024,
      tierRetention: {
        // The coarser tiers are made from minutes, so these last as long as samples may change them.
        minuteMs: Math.max(minute * DAY_MS, retentionMs),
        quarterMs: quarterHour * DAY_MS,
        hourMs: hour * DAY_MS,
        dayMs: day * DAY_MS,
      },
    })
  }
  const { url, database, username = null } = settings
  return createInfluxSeriesStore({ url, database, username, password, now, retentionMs })
}
