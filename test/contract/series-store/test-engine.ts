// The engine of the embedded store in this thread: the port's questions, and its own work when a test says so.

import { createColumnPool } from '../../../server/stores/series/embedded/column-pool.ts'
import { openSeriesEngine } from '../../../server/stores/series/embedded/engine.ts'
import { type EngineOptions, KEEP_ALL, type PackedAppend } from '../../../server/stores/series/embedded/engine-calls.ts'
import { packAppend, renameGone } from '../../../server/stores/series/embedded/packed-append.ts'
import { addReports, type CallEngine, createSeriesFront } from '../../../server/stores/series/embedded/series-front.ts'
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
  /** Of series whose names were dropped meanwhile. */
  function renewed(packed: PackedAppend): PackedAppend {
    const gone = engine.unnamed(packed)
    if (gone.length === 0) return packed
    names.leave(gone)
    return { ...packed, names: renameGone(packed.ids, gone, names) }
  }
  const call: CallEngine = async (name, request) => calls[name]?.(request as never) as never
  return {
    ...engine,
    front: createSeriesFront({ call, names }),
    seriesNames: names,
    /** As appends that share one group. */
    appendAtOnce(groups: readonly (readonly SeriesEntry[])[], now: number): AppendReport[] {
      const parts = groups.map(entries => {
        const packed: PackedAppend[] = []
        for (let next = 0; next < entries.length || packed.length === 0; ) {
          const part = packAppend(entries, next, { now, names, columns, mayGoOn: () => false })
          packed.push(renewed(part.packed))
          next = part.next
        }
        return packed
      })
      const answers = engine.appendAll(parts.flat())
      for (const { names: told } of parts.flat()) names.told(told)
      return parts.map(packed => answers.splice(0, packed.length).reduce(addReports))
    },
  }
}
