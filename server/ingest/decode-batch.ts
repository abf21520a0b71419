// A stored batch as what it says about its device: samples by series, and facts, with the agent's clock put right. Pure.
import { TextDecoder } from 'node:util'
import type { Batch, WireFact } from '../../protocol/batch.ts'
import type { Discovery, WireEvent } from '../../protocol/snmp.ts'
import type { SeriesEntry } from '../stores/series/series-store.ts'
import type { ReadText } from './familiar-text.ts'
import { ownColumn, type TakeColumn } from './number-slab.ts'
import { type Shape, shapeOf } from './series-shapes.ts'

/** Up to this much a clock may be off before times are corrected: delivery itself takes some time too. */
export const SKEW_TOLERANCE_MS = 5_000

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

export type DecodedBatch = {
  entries: SeriesEntry[]
  /** With the device that each is about. */
  facts: (WireFact & { subject: string })[]
  discoveries: Discovery[]
  events: (WireEvent & { subject: string })[]
  /** What was added to every instant, because the agent's clock was off by so much; 0 when it was left alone. */
  correctedByMs: number
  /** Points of counters that grew by less than nothing: no rate can be told from them, so they are left out. */
  negativeGrowthPoints: number
}

/** Collector's clock minus agent's clock. From the entry itself, so that a replay gives the same times. */
export function skewMsOf({ sentAt, receivedAt }: { sentAt: number; receivedAt: number }): number {
  return receivedAt - sentAt
}

/** The batch of a journal entry. The strict parser saw the same bytes before they were stored, so it need not again. */
export function readStoredBatch(body: Uint8Array): Batch {
  return JSON.parse(utf8.decode(body)) as Batch
}

/** The nearest double, also of an integer beyond 2^53 that came as text. */
function numberOf(value: number | string): number {
  return typeof value === 'number' ? value : Number(BigInt(value))
}

/** Growth per second. Large counters are divided as integers first, so that no digit is lost before it must be. */
export function ratePerSecond(growth: number | string, overMs: number): number {
  if (typeof growth === 'number' || !Number.isInteger(overMs)) return (numberOf(growth) * 1000) / overMs
  const thousandfold = BigInt(growth) * 1000n
  const divisor = BigInt(overMs)
  return Number(thousandfold / divisor) + Number(thousandfold % divisor) / overMs
}

/**
 * The numbers of a batch in two columns, so that a batch that waits for the consumers is a handful of objects and not
 * hundreds. Instants are by the collector's clock already, counters divided.
 */
export type PackedBatch = {
  rest: Omit<Batch, 'series'>
  shape: Shape
  /** How many points each series of the shape has; null: one each. */
  counts: Uint32Array | null
  ats: Float64Array
  values: Float64Array
  correctedByMs: number
  negativeGrowthPoints: number
}

/** Beyond the tolerance every instant is moved to the collector's clock. */
function correctionOf(skewMs: number): number {
  return Math.abs(skewMs) > SKEW_TOLERANCE_MS ? skewMs : 0
}

/** `skewMs` as of `skewMsOf`. */
export function packBatch(
  { series, ...rest }: Batch,
  shape: Shape,
  skewMs: number,
  take: TakeColumn = ownColumn,
): PackedBatch {
  const correctedByMs = correctionOf(skewMs)
  let points = 0
  for (const one of series) points += one.points.length
  const [ats, values] = [take(points), take(points)]
  const counts = new Uint32Array(series.length)
  let place = 0
  let isOneEach = true
  for (let index = 0; index < series.length; index++) {
    const one = series[index]
    const from = place
    for (const point of one?.points ?? []) {
      const [at, told, overMs] = point
      if (overMs !== undefined && numberOf(told) < 0) continue
      ats[place] = Math.max(0, at + correctedByMs)
      values[place++] = overMs === undefined ? numberOf(told) : ratePerSecond(told, overMs)
    }
    counts[index] = place - from
    if (place - from !== 1) isOneEach = false
  }
  return {
    ...{ rest, shape, counts: isOneEach ? null : counts },
    ...{ ats: ats.subarray(0, place), values: values.subarray(0, place) },
    ...{ correctedByMs, negativeGrowthPoints: points - place },
  }
}

/** The same of a text that was read as numbers. */
export function packNumbers({ rest, shape, numbers }: ReadText, skewMs: number, take: TakeColumn): PackedBatch {
  const correctedByMs = correctionOf(skewMs)
  const { series } = shape
  const [ats, values] = [take(series.length), take(series.length)]
  let counts: Uint32Array | null = null
  let [place, slot] = [0, 0]
  for (let index = 0; index < series.length; index++) {
    const at = numbers[slot++] ?? 0
    const told = numbers[slot++] ?? 0
    const overMs = series[index]?.kind === 'delta' ? (numbers[slot++] ?? 0) : null
    if (overMs !== null && told < 0) {
      counts ??= new Uint32Array(series.length).fill(1)
      counts[index] = 0
      continue
    }
    ats[place] = Math.max(0, at + correctedByMs)
    values[place++] = overMs === null ? told : ratePerSecond(told, overMs)
  }
  const all = { rest, shape, counts, correctedByMs, negativeGrowthPoints: series.length - place }
  return counts === null
    ? { ...all, ats, values }
    : { ...all, ats: ats.subarray(0, place), values: values.subarray(0, place) }
}

/** From where to where the points of a series of the shape stand in the columns. */
function placesOf({ shape, counts }: PackedBatch): (index: number) => { from: number; to: number } {
  if (counts === null) return index => ({ from: index, to: index + 1 })
  const ends: number[] = []
  for (let index = 0; index < shape.series.length; index++) ends.push((ends.at(-1) ?? 0) + (counts[index] ?? 0))
  return index => ({ from: ends[index - 1] ?? 0, to: ends[index] ?? 0 })
}

/** What it says about the device that the agent speaks for, and about others; of series only these, by their place. */
export function unpackBatch(
  packed: PackedBatch,
  { subjectId, agentId }: Speaker,
  only?: readonly number[],
): DecodedBatch {
  const { rest, shape, ats, values, correctedByMs, negativeGrowthPoints } = packed
  const entries: SeriesEntry[] = []
  const placeOf = placesOf(packed)
  for (const index of only ?? shape.series.keys()) {
    const series = shape.series[index]
    if (series === undefined) continue
    const samples: [number, number][] = []
    const { from, to } = placeOf(index)
    for (let place = from; place < to; place++) samples.push([ats[place] ?? 0, values[place] ?? 0])
    const { metric, labels, subject } = series
    entries.push({ key: { subjectId: subject ?? subjectId, metric, labels, agentId }, samples })
  }
  const corrected = (at: number) => Math.max(0, at + correctedByMs)
  const about = <T extends { at: number; subject?: string | undefined }>(one: T) => ({
    ...one,
    at: corrected(one.at),
    subject: one.subject ?? subjectId,
  })
  return {
    ...{ entries, facts: (rest.facts ?? []).map(about), events: (rest.events ?? []).map(about) },
    discoveries: (rest.discoveries ?? []).map(found => ({ ...found, at: corrected(found.at) })),
    ...{ correctedByMs, negativeGrowthPoints },
  }
}

type Speaker = { subjectId: string; agentId: string }

/** `skewMs` as of `skewMsOf`. */
export function decodeBatch(batch: Batch, speaker: Speaker & { skewMs: number }): DecodedBatch {
  return unpackBatch(packBatch(batch, shapeOf(batch.series), speaker.skewMs), speaker)
}
