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
import { checkAll, checkAllColumns, type PackedPart, packAppend, packColumns, renameGone } from './packed-append.ts'
import type { SeriesNames } from './series-names.ts'
import { unpackLatest, unpackPercentiles, unpackPoints, unpackSamples } from './unpacked-answers.ts'

export type CallEngine = <Name extends keyof EngineCalls>(
  name: Name,
  request: EngineCalls[Name]['request'],
) => Promise<EngineCalls[Name]['response']>

export type SeriesFront = Omit<SeriesStore, 'append' | 'appendColumns' | 'check' | 'close'> & {
  /** Of series whose names the worker dropped: nothing of them stays in this thread's memory. */
  dropNames(ids: Uint32Array): Promise<void>
  append(entries: readonly SeriesEntry[], now: number): Promise<AppendReport>
  appendColumns(columns: SeriesColumns, now: number): Promise<AppendReport>
}

/** How long new series may keep the calling thread in a turn of its event loop. */
const LEAST_SLICE_MS = 5
const SHARE = 1 / 4
/** Names are dropped while others write: this often in a row they do not meet the same append. */
const MOST_ATTEMPTS = 10
const DROPPED_A_TURN = 1000

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

  async function deliver(packed: PackedAppend): Promise<AppendReport> {
    try {
      if (packed.ids.length === 0) return { ...NOTHING }
      let told = packed.names
      for (let attempt = 0; attempt < MOST_ATTEMPTS; attempt++) {
        const answer = await call('append', { ...packed, names: told })
        if (!('unnamed' in answer)) {
          names.told(told)
          return answer
        }
        // Series that had no samples left, and have some again.
        letGo(answer.unnamed)
        told = renameGone(packed.ids, answer.unnamed, names)
      }
      throw new StorageError('storage-failed', 'series were told by name and are not known')
    } finally {
      columns.giveBack(packed)
    }
  }

  const sending = new Set<Promise<unknown>>()
  function send(packed: PackedAppend): Promise<AppendReport> {
    const report = deliver(packed)
    const over: Promise<unknown> = report.then(
      () => sending.delete(over),
      () => sending.delete(over),
    )
    sending.add(over)
    return report
  }

  /** What is on its way may still speak of them. */
  function letGo(gone: readonly number[]): void {
    names.leave(gone)
    void Promise.all(sending).then(() => names.forget(gone))
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
    async dropNames(ids) {
      for (let from = 0; from < ids.length; from += DROPPED_A_TURN) {
        await turn()
        // Who has not been told to the worker for sure may be on the way to it.
        letGo([...ids.subarray(from, from + DROPPED_A_TURN)].filter(names.isTold))
      }
    },
    size: () => call('size', null),
    backup: directory => call('backup', directory),
  }
}
