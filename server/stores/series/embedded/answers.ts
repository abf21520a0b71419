// Answers of the engine, packed in typed arrays: a series' row is left out when it has nothing to say.
import type { Aggregate } from '../../../../protocol/vocabulary.ts'
import { checkPoints, checkWindow, countBuckets, MAX_POINTS, partValue } from '../buckets.ts'
import { createGrowthSum, type GrowthWay, maxGapOf } from '../growth.ts'
import { checkPercentile, percentileOf } from '../percentile.ts'
import type { EngineRange, PackedLatest, PackedPercentiles, PackedPoints, PackedSamples } from './engine-calls.ts'
import type { LastTable } from './last-table.ts'
import type { createRangeReader } from './range-reader.ts'
import type { RawReader } from './raw-reader.ts'

/** Series that are read at once where each brings all its samples: bounds the memory of a question. */
const TOGETHER = 16

export type Answers = {
  points(query: EngineRange): PackedPoints
  percentiles(query: EngineRange & { percentile: number }): PackedPercentiles
  samples(query: { ids: Uint32Array; from: number; to: number }): PackedSamples
  latest(ids: Uint32Array | null): PackedLatest
}

export function createAnswers(deps: {
  raw: RawReader
  last: LastTable
  readRange: ReturnType<typeof createRangeReader>
  /** Samples, and anything at all, are shown from here on. */
  rawFrom: () => number
  visibleFrom: () => number
}): Answers {
  const { raw, last, readRange } = deps

  /**
   * One row of points a series. `fill` writes those of some series, row behind row, and tells which of them have any; the others
   * are left out.
   */
  function packRows(
    { ids, window }: EngineRange,
    fill: (group: Uint32Array, points: Float64Array, buckets: number) => (row: number) => boolean,
  ): PackedPoints {
    const buckets = countBuckets(window)
    const some = Math.max(1, Math.floor(MAX_POINTS / Math.max(1, buckets)))
    const parts: PackedPoints[] = []
    let rows = 0
    for (let from = 0; from < ids.length; from += some) {
      const group = ids.subarray(from, from + some)
      const points = new Float64Array(group.length * buckets)
      const hasAny = fill(group, points, buckets)
      const kept: number[] = []
      for (const [row, id] of group.entries()) {
        if (!hasAny(row)) continue
        points.copyWithin(kept.length * buckets, row * buckets, (row + 1) * buckets)
        kept.push(id)
      }
      rows += kept.length
      checkPoints(rows * buckets)
      parts.push({ ids: Uint32Array.from(kept), points: points.subarray(0, kept.length * buckets), buckets })
    }
    return joined(parts, buckets)
  }

  const rangeRows = (query: EngineRange, aggregate: Aggregate): PackedPoints =>
    packRows(query, (group, points, buckets) => {
      const { counts, values } = readRange(group, query.window, aggregate, deps.visibleFrom())
      for (let place = 0; place < points.length; place++) {
        const count = counts[place] ?? 0
        points[place] = count === 0 ? Number.NaN : partValue(aggregate, { count, value: values[place] ?? 0 })
      }
      return row => counts.subarray(row * buckets, (row + 1) * buckets).some(count => count > 0)
    })

  const growthRows = (query: EngineRange, way: GrowthWay): PackedPoints =>
    packRows(query, (group, points, buckets) => {
      const { from, to } = query.window
      const sums = Array.from(group, (_, row) => createGrowthSum(query.window, way, points, row * buckets))
      raw.walk(group, Math.max(deps.rawFrom(), from - maxGapOf(way)), to, (row, { times, values, length }) =>
        sums[row]?.add(times, values, length),
      )
      return row => sums[row]?.end() === true
    })

  function points(query: EngineRange): PackedPoints {
    const { of } = query
    return 'aggregate' in of ? rangeRows(query, of.aggregate) : growthRows(query, of)
  }

  return {
    points,

    percentiles({ percentile, ...query }) {
      checkPercentile(percentile)
      const { ids, points: all, buckets } = points(query)
      const answer = {
        ids,
        values: new Float64Array(ids.length),
        points: new Uint32Array(ids.length),
      }
      for (let row = 0; row < ids.length; row++) {
        let count = 0
        for (let place = row * buckets; place < (row + 1) * buckets; place++) {
          const value = all[place] ?? Number.NaN
          if (!Number.isNaN(value)) all[row * buckets + count++] = value
        }
        answer.points[row] = count
        answer.values[row] = percentileOf(all.subarray(row * buckets, row * buckets + count), percentile)
      }
      return answer
    },

    samples({ ids, from, to }) {
      checkWindow({ from, to })
      const kept: number[] = []
      const counts: number[] = []
      const found: { times: Float64Array; values: Float64Array }[] = []
      let total = 0
      for (let first = 0; first < ids.length; first += TOGETHER) {
        const group = ids.subarray(first, first + TOGETHER)
        const least = Math.max(deps.rawFrom(), from)
        const columns = raw.read(group, least, to, more => checkPoints(total + Math.max(0, more - 200_000)))
        for (const [row, { times, values, length }] of columns.entries()) {
          if (length === 0) continue
          kept.push(group[row] ?? 0)
          counts.push(length)
          found.push({ times: times.slice(0, length), values: values.slice(0, length) })
          total += length
          checkPoints(total)
        }
      }
      const answer = {
        ids: Uint32Array.from(kept),
        counts: Uint32Array.from(counts),
        times: new Float64Array(total),
        values: new Float64Array(total),
      }
      let place = 0
      for (const { times, values } of found) {
        answer.times.set(times, place)
        answer.values.set(values, place)
        place += times.length
      }
      return answer
    },

    latest(ids) {
      const from = Math.max(0, deps.rawFrom())
      const most = ids?.length ?? last.length()
      const answer = { ids: new Uint32Array(most), ats: new Float64Array(most), values: new Float64Array(most) }
      let count = 0
      for (let place = 0; place < most; place++) {
        const id = ids === null ? place : (ids[place] ?? 0)
        const at = last.at(id)
        if (at < from) continue
        answer.ids[count] = id
        answer.ats[count] = at
        answer.values[count++] = last.value(id)
      }
      return {
        ids: answer.ids.subarray(0, count),
        ats: answer.ats.subarray(0, count),
        values: answer.values.subarray(0, count),
      }
    },
  }
}

function joined(parts: readonly PackedPoints[], buckets: number): PackedPoints {
  const [only] = parts
  if (parts.length === 1 && only !== undefined) return only
  const ids = parts.flatMap(part => [...part.ids])
  const points = new Float64Array(ids.length * buckets)
  let place = 0
  for (const part of parts) {
    points.set(part.points, place)
    place += part.points.length
  }
  return { ids: Uint32Array.from(ids), points, buckets }
}
