// The worker thread of the embedded series store: no query and no fsync ever holds up the main thread.
import { parentPort, workerData } from 'node:worker_threads'
import { createGroupCommit } from '../../durable/group-commit.ts'
import { serveWorker } from '../../durable/worker-serve.ts'
import type { AppendReport } from '../series-store.ts'
import { openSeriesEngine } from './engine.ts'
import type { PackedAppend } from './packed-append.ts'
import type { SeriesCalls, SeriesWorkerData } from './series-calls.ts'

const MAX_APPENDS_A_GROUP = 256

if (parentPort === null) throw new Error('this file runs as a worker thread only')

serveWorker<SeriesCalls>(parentPort, () => {
  const { directory, groupMs } = workerData as SeriesWorkerData
  const engine = openSeriesEngine(directory)
  const group = createGroupCommit<PackedAppend, AppendReport>({
    windowMs: groupMs,
    maxItems: MAX_APPENDS_A_GROUP,
    commit: appends => engine.appendAll(appends),
  })
  return {
    append: packed => group.add(packed),
    latest: filter => engine.latest(filter),
    range: query => engine.range(query),
    raw: query => engine.raw(query),
    listSeries: filter => engine.latest(filter).map(({ key }) => key),
    forgetBefore: at => {
      engine.forgetBefore(at)
      return null
    },
    size: () => engine.size(),
    check: () => engine.check(),
    close: () => {
      group.flush()
      engine.close()
    },
  }
})
