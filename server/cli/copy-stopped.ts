// A copy of a collector that does not run: this process opens its stores for as long as that takes.
import { join } from 'node:path'
import type { Config } from '../config.ts'
import { CONSUMERS } from '../ingest/ingest.ts'
import { createJournal } from '../ingest/journal.ts'
import { configurationOf } from '../own-copies/configuration.ts'
import { RECORDS } from '../own-copies/layout.ts'
import type { CopyMade, CopyRequest, CopyWatch } from '../own-copies/make-copy.ts'
import { copyAndNote } from '../own-copies/own-copies.ts'
import { OwnCopyError } from '../own-copies/own-copy-error.ts'
import { refuseHalfRestored } from '../own-copies/restore.ts'
import { createLifecycle } from '../platform/lifecycle.ts'
import { createLogger } from '../platform/logs.ts'
import { readVersion } from '../platform/version.ts'
import { lockDirectory } from '../stores/directory-lock.ts'
import { settleLeftLog } from '../stores/records/left-log.ts'
import { openRecords } from '../stores/records/records.ts'
import { createEmbeddedSeriesStore } from '../stores/series/embedded/embedded-series-store.ts'
import { openVault } from '../stores/vault.ts'

/** Errors: OwnCopyError. */
export async function copyStopped(config: Config, request: CopyRequest, watch: CopyWatch): Promise<CopyMade> {
  const { data: directory, place } = config
  const { now } = watch
  refuseHalfRestored(directory)
  const log = createLogger({ level: 'silent' })
  const lifecycle = createLifecycle({ log })
  try {
    lifecycle.onClose('data lock', lockOrRefuse(directory))
    settleLeftLog(join(directory, RECORDS))
    const records = await openRecords({ directory })
    lifecycle.onClose('records', () => records.destroy())
    const journal = await createJournal({ directory, consumers: CONSUMERS })
    lifecycle.onClose('journal', () => journal.close())
    const series =
      config.series.kind === 'embedded'
        ? await createEmbeddedSeriesStore({ directory: join(directory, 'series'), now })
        : null
    lifecycle.onClose('series', async () => series?.close())
    const sources = {
      ...{ directory, series, place, backupJournal: journal.backup, vault: openVault({ directory }) },
      ...{ configuration: configurationOf(config), version: readVersion() },
    }
    return await copyAndNote({ sources, records, log, now }, request, watch)
  } finally {
    await lifecycle.close()
  }
}

function lockOrRefuse(directory: string): () => void {
  try {
    return lockDirectory(directory)
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    throw new OwnCopyError(
      {
        en: `the collector on ${directory} does not answer (${reason}); start it again with this version of Pantau`,
        id: `kolektor pada ${directory} tidak menjawab (${reason}); jalankan ulang dengan versi Pantau ini`,
      },
      { cause: error },
    )
  }
}
