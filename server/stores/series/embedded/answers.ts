// Answers of the engine, packed in typed arrays: a series' row is left out when it has nothing to say.
import { checkPoints, checkWindow, countBuckets, partValue } from '../buckets.ts'
import { type GrowthWay, growthBuckets, maxGapOf } from '../growth.ts'
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

  /** `rows` of `buckets` points each, written by `fill`, without those for which it says false. */
  function packRows(
    ids: Uint32Array,
    buckets: number,
    fill: (row: number, into: Float64Array) => boolean,
  ): PackedPoints {
    const kept: number[] = []
    const rows: Float64Array[] = []
    for (const [row, id] of ids.entries()) {
      const points = new Float64Array(buckets)
      if (!fill(row, points)) continue
      kept.push(id)
      rows.push(points)
      checkPoints(kept.length * buckets)
    }
    const points = new Float64Array(kept.length * buckets)
    for (const [row, values] of rows.entries()) points.set(values, row * buckets)
    return { ids: Uint32Array.from(kept), points, buckets }
  }

  function rangePoints({ ids, window, of }: EngineRange & { of: { aggregate: string } }): PackedPoints {
    const { aggregate } = of as { aggregate: Parameters<typeof readRange>[2] }
    const buckets = countBuckets(window)
    const some = Math.max(1, Math.floor(1_000_000 / Math.max(1, buckets)))
    const parts: PackedPoints[] = []
    let rows = 0
    for (let from = 0; from < ids.length; from += some) {
      const group = ids.subarray(from, from + some)
      const { counts, values } = readRange(group, window, aggregate, deps.visibleFrom())
      const packed = packRows(group, buckets, (row, into) => {
        let any = false
        for (let bucket = 0; bucket < buckets; bucket++) {
          const count = counts[row * buckets + bucket] ?? 0
          any ||= count > 0
          into[bucket] =
            count === 0 ? Number.NaN : partValue(aggregate, { count, value: values[row * buckets + bucket] ?? 0 })
        }
        return any
      })
      rows += packed.ids.length
      checkPoints(rows * buckets)
      parts.push(packed)
    }
    return joined(parts, buckets)
  }

  function growthRows({ ids, window }: EngineRange, way: GrowthWay): PackedPoints {
    const buckets = countBuckets(window)
    const least = Math.max(deps.rawFrom(), window.from - maxGapOf(way))
    const parts: PackedPoints[] = []
    let rows = 0
    for (let from = 0; from < ids.length; from += TOGETHER) {
      const group = ids.subarray(from, from + TOGETHER)
      const columns = raw.read(group, least, window.to)
      const packed = packRows(group, buckets, (row, into) => {
        const { times, values, length } = columns[row] ?? { times: [], values: [], length: 0 }
        return growthBuckets(times, values, length, window, way, into)
      })
      rows += packed.ids.length
      checkPoints(rows * buckets)
      parts.push(packed)
    }
    return joined(parts, buckets)
  }

  function points(query: EngineRange): PackedPoints {
    const { of } = query
    return 'aggregate' in of ? rangePoints({ ...query, of }) : growthRows(query, of)
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
