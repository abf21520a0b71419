import { createEmbeddedSeriesStore } from './embedded/embedded-series-store.ts'
import { createInfluxSeriesStore } from './influx/influx-series-store.ts'
import type { SeriesStore } from './series-store.ts'

export type SeriesSettings =
  | { kind: 'embedded' }
  | { kind: 'influx'; url: string; database: string; username?: string | undefined }

/** The series store that the configuration asks for. Errors: StorageError of the embedded one; InfluxDB may be away. */
export async function openSeriesStore(deps: {
  settings: SeriesSettings
  password: string | null
  /** Of the embedded store. */
  directory: string
  retentionMs: number
  now: () => number
}): Promise<SeriesStore> {
  const { settings, password, directory, retentionMs, now } = deps
  if (settings.kind === 'embedded') return await createEmbeddedSeriesStore({ directory, now, retentionMs })
  const { url, database, username = null } = settings
  return createInfluxSeriesStore({ url, database, username, password, now, retentionMs })
}
