// The port on this side of the engine's calls, whether they go to a worker thread or to an engine beside it.
import { checkWindow, countBuckets } from '../buckets.ts'
import { maxGapOf } from '../growth.ts'
import { checkPercentile } from '../percentile.ts'
import type { AppendReport, SeriesEntry, SeriesStore } from '../series-store.ts'
import { createColumnPool } from './column-pool.ts'
import type { EngineCalls, PackedAppend, PointsOf } from './engine-calls.ts'
import { packAppend } from './packed-append.ts'
import type { SeriesNames } from './series-names.ts'
import { unpackLatest, unpackPercentiles, unpackPoints, unpackSamples } from './unpacked-answers.ts'

export type CallEngine = <Name extends keyof EngineCalls>(
  name: Name,
  request: EngineCalls[Name]['request'],
) => Promise<EngineCalls[Name]['response']>

export type SeriesFront = Omit<SeriesStore, 'append' | 'check' | 'close'> & {
  append(entries: readonly SeriesEntry[], now: number): Promise<AppendReport>
}

export function createSeriesFront({ call, names }: { call: CallEngine; names: SeriesNames }): SeriesFront {
  const columns = createColumnPool()

  async function points(
    query: Parameters<SeriesStore['range']>[0] | Parameters<SeriesStore['growth']>[0],
    of: PointsOf,
  ) {
    const { from, to, stepMs } = query
    const window = { from, to, stepMs }
    countBuckets(window)
    const ids = names.select(query)
    if (ids.length === 0) return []
    return unpackPoints(await call('points', { ids, window, of }), window, names)
  }

  async function send(packed: PackedAppend): Promise<AppendReport> {
    if (packed.ids.length === 0) return { stored: 0, duplicates: 0, tooLate: 0, tooEarly: 0 }
    try {
      const report = await call('append', packed)
      names.told(packed.names)
      return report
    } finally {
      columns.giveBack(packed)
    }
  }

  return {
    // No async function: it would hold on to the entries, which are garbage as soon as they are packed, until the disk has answered.
    append(entries, now) {
      try {
        return send(packAppend(entries, now, names, columns))
      } catch (error) {
        return Promise.reject(error)
      }
    },
    latest: async (filter = {}) => unpackLatest(await call('latest', names.list(filter)), names),
    range: async query => points(query, { aggregate: query.aggregate }),
    async growth(query) {
      maxGapOf(query)
      const { as, counterBits, maxGapMs } = query
      return points(query, {
        as,
        ...(counterBits === undefined ? {} : { counterBits }),
        ...(maxGapMs === undefined ? {} : { maxGapMs }),
      })
    },
    async percentile({ percentile, of, ...query }) {
      checkPercentile(percentile)
      const { from, to, stepMs } = query
      const window = { from, to, stepMs }
      countBuckets(window)
      if (!('aggregate' in of)) maxGapOf(of)
      const ids = names.select(query)
      if (ids.length === 0) return []
      return unpackPercentiles(await call('percentiles', { ids, window, of, percentile }), names)
    },
    async raw(query) {
      checkWindow(query)
      const ids = names.select(query)
      if (ids.length === 0) return []
      return unpackSamples(await call('samples', { ids, from: query.from, to: query.to }), names)
    },
    listSeries: async (filter = {}) => Array.from((await call('latest', names.list(filter))).ids, names.keyOf),
    async forgetBefore(at) {
      await call('forgetBefore', at)
    },
    size: () => call('size', null),
    backup: directory => call('backup', directory),
  }
}
