// The port on this side of the engine's calls, whether they go to a worker thread or to an engine beside it.
import { setImmediate as turn } from 'node:timers/promises'
import { StorageError } from '../../durable/storage-error.ts'
import { checkKey } from '../append-limits.ts'
import { checkWindow, countBuckets } from '../buckets.ts'
import { maxGapOf } from '../growth.ts'
import { checkPercentile } from '../percentile.ts'
import type { AppendReport, SeriesColumns, SeriesEntry, SeriesStore } from '../series-store.ts'
import { createColumnPool } from './column-pool.ts'
import type { EngineCalls, PackedAppend, PointsOf } from './engine-calls.ts'
import { checkAll, checkAllColumns, type PackedPart, packAppend, packColumns } from './packed-append.ts'
import type { SeriesNames } from './series-names.ts'
import { unpackLatest, unpackPercentiles, unpackPoints, unpackSamples } from './unpacked-answers.ts'

export type CallEngine = <Name extends keyof EngineCalls>(
  name: Name,
  request: EngineCalls[Name]['request'],
) => Promise<EngineCalls[Name]['response']>

export type SeriesFront = Omit<SeriesStore, 'append' | 'appendColumns' | 'check' | 'close'> & {
  append(entries: readonly SeriesEntry[], now: number): Promise<AppendReport>
  appendColumns(columns: SeriesColumns, now: number): Promise<AppendReport>
}

/** How long new series may keep the calling thread in a turn of its event loop. */
const LEAST_SLICE_MS = 5
const SHARE = 1 / 4

const NOTHING: AppendReport = { stored: 0, duplicates: 0, tooLate: 0, tooEarly: 0 }

export const addReports = (a: AppendReport, b: AppendReport): AppendReport => ({
  stored: a.stored + b.stored,
  duplicates: a.duplicates + b.duplicates,
  tooLate: a.tooLate + b.tooLate,
  tooEarly: a.tooEarly + b.tooEarly,
})

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
    try {
      if (packed.ids.length === 0) return { ...NOTHING }
      const report = await call('append', packed)
      if (report !== 'unnamed') {
        names.told(packed.names)
        return report
      }
      // The worker dropped the names of series that had no samples left; now they have some again.
      const again = await call('append', { ...packed, names: [...new Set(packed.ids)].map(names.nameOf) })
      if (again === 'unnamed') throw new StorageError('storage-failed', 'series were told by name and are not known')
      return again
    } finally {
      columns.giveBack(packed)
    }
  }

  let turns = Promise.resolve()
  let turnMs = 0
  /** However many large appends are on their way, one piece of one of them is packed in a turn of the event loop. */
  function ownTurn(): Promise<void> {
    turns = turns.then(async () => {
      const askedMs = performance.now()
      await turn()
      turnMs = performance.now() - askedMs
    })
    return turns
  }

  /** A turn that others make long leaves a share of it, or new series would wait for as long as it is busy. */
  function untilSpent(): () => boolean {
    const endMs = performance.now() + Math.max(LEAST_SLICE_MS, turnMs * SHARE)
    return () => performance.now() < endMs
  }

  /** The rest of a large append, piece by piece: others have their turn in between. */
  async function sendRest(
    first: Promise<AppendReport>,
    pack: (from: number) => PackedPart,
    { from, length }: { from: number; length: number },
  ): Promise<AppendReport> {
    const sent = [first]
    // Who fails early must wait for nobody, and no failure may go unheard.
    first.catch(() => {})
    for (let next = from; next < length; ) {
      await ownTurn()
      const more = pack(next)
      next = more.next
      const report = send(more.packed)
      report.catch(() => {})
      sent.push(report)
    }
    return (await Promise.all(sent)).reduce(addReports)
  }

  // No async functions: they would hold on to the samples, which are garbage as soon as they are packed, until the disk has answered.
  function sendAll(length: number, pack: (from: number) => PackedPart): Promise<AppendReport> {
    const { packed, next } = pack(0)
    const first = send(packed)
    return next < length ? sendRest(first, pack, { from: next, length }) : first
  }

  return {
    append(entries, now) {
      try {
        checkAll(entries)
        return sendAll(entries.length, from =>
          packAppend(entries, from, { now, names, columns, mayGoOn: untilSpent() }),
        )
      } catch (error) {
        return Promise.reject(error)
      }
    },
    appendColumns(samples, now) {
      try {
        checkAllColumns(samples, names)
        return sendAll(samples.keys.length, from =>
          packColumns(samples, from, { now, names, columns, mayGoOn: untilSpent() }),
        )
      } catch (error) {
        return Promise.reject(error)
      }
    },
    ownKey(key) {
      checkKey(key, 'key')
      return names.ownKey(key)
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
