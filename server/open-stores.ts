// What lies in the data directory, opened: by one collector at a time, and never on half of a restore.
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import type { Config } from './config.ts'
import { refuseHalfRestored } from './own-copies/restore.ts'
import type { Lifecycle } from './platform/lifecycle.ts'
import type { Logger } from './platform/logs.ts'
import { type CurrentValues, createCurrentValues } from './stores/current-values.ts'
import { lockDirectory } from './stores/directory-lock.ts'
import { StorageError } from './stores/durable/storage-error.ts'
import { openKeptRecords } from './stores/records/kept-records.ts'
import type { Records } from './stores/records/records.ts'
import { openSeriesStore } from './stores/series/open-series-store.ts'
import type { SeriesStore } from './stores/series/series-store.ts'
import { openVault, type Vault } from './stores/vault.ts'

const DAY_MS = 86_400_000

export type Stores = {
  records: Records
  series: SeriesStore
  vault: Vault
  /** The newest value of each series, as the store had it. */
  current: CurrentValues
  /** When it resolves, the records refuse everything until the collector is started again. */
  lost: Promise<StorageError>
  /** What keeps them from working, in plain words; empty when all is well. */
  troubles(): Promise<string[]>
}

type Deps = { config: Config; lifecycle: Lifecycle; log: Logger; now: () => number }

export async function openStores({ config, lifecycle, log, now }: Deps): Promise<Stores> {
  refuseHalfRestored(config.data)
  mkdirSync(config.data, { recursive: true, mode: 0o700 })
  lifecycle.onClose('data lock', lockDirectory(config.data))
  let logTrouble: StorageError | null = null
  const { records, lost, close } = await openKeptRecords({
    directory: config.data,
    onTrouble(error) {
      logTrouble = error
      if (error === null) log.info('The log of the records is copied into their file again')
      else log.error({ code: error.code, problem: error.message }, 'The log of the records grows: it can not be copied')
    },
  })
  lifecycle.onClose('records', close)
  const series = await openSeriesStore({
    ...{ settings: config.series, password: config.seriesPassword, now },
    directory: join(config.data, 'series'),
    retentionMs: config.rawRetentionDays * DAY_MS,
    tierRetentionDays: config.tierRetentionDays,
  })
  lifecycle.onClose('series', () => series.close())
  const vault = openVault({ directory: config.data })
  const current = createCurrentValues()
  // A store elsewhere may be away: the wall then fills with what comes, and what comes waits in the journal.
  const newest = await series.latest().catch((error: unknown) => {
    if (config.series.kind === 'embedded' || !(error instanceof StorageError)) throw error
    log.error({ err: error }, 'The series store does not answer: what is accepted waits on disk')
    return []
  })
  for (const { key, at, value } of newest) {
    current.put(key.subjectId, { metric: key.metric, labels: key.labels, at, value })
  }
  return {
    ...{ records, series, vault, current, lost },
    async troubles() {
      const problems = (await series.check()).problems.map(problem => problem.message)
      return logTrouble === null ? problems : [`the log of the records grows: ${logTrouble.message}`, ...problems]
    },
  }
}
