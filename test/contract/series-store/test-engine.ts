// The engine of the embedded store in this thread: the port's questions, and its own work when a test says so.

import { createColumnPool } from '../../../server/stores/series/embedded/column-pool.ts'
import { openSeriesEngine } from '../../../server/stores/series/embedded/engine.ts'
import { type EngineOptions, KEEP_ALL } from '../../../server/stores/series/embedded/engine-calls.ts'
import { packAppend } from '../../../server/stores/series/embedded/packed-append.ts'
import { type CallEngine, createSeriesFront } from '../../../server/stores/series/embedded/series-front.ts'
import { createSeriesNames } from '../../../server/stores/series/embedded/series-names.ts'
import type { AppendReport, SeriesEntry } from '../../../server/stores/series/series-store.ts'

export function openTestEngine(options: Partial<EngineOptions> & { directory: string }) {
  const engine = openSeriesEngine({ memoryLimitBytes: 64 * 1024 * 1024, retention: KEEP_ALL, ...options })
  const columns = createColumnPool()
  const names = createSeriesNames(engine.names())
  const calls: { [Name in string]: (request: never) => unknown } = {
    ...engine,
    retain: ({ now }: { now: number }) => engine.retain(now),
  }
  const call: CallEngine = async (name, request) => calls[name]?.(request as never) as never
  return {
    ...engine,
    front: createSeriesFront({ call, names }),
    /** As appends that share one group. */
    appendAtOnce(groups: readonly (readonly SeriesEntry[])[], now: number): AppendReport[] {
      const packed = groups.map(entries => {
        const { packed: whole, next } = packAppend(entries, 0, { now, names, columns })
        if (next < entries.length) throw new Error('too much for one group')
        return whole
      })
      const reports = engine.appendAll(packed)
      for (const { names: told } of packed) names.told(told)
      return reports
    },
  }
}
