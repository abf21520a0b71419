// A stored batch as what it says about its device: samples by series, and facts, with the agent's clock put right. Pure.
import { TextDecoder } from 'node:util'
import type { Batch, WireFact, WireSeries } from '../../protocol/batch.ts'
import type { Discovery, WireEvent } from '../../protocol/snmp.ts'
import type { SeriesEntry } from '../stores/series/series-store.ts'

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

/** "node_network_receive_bytes_total" is stored as "node_network_receive_bytes_per_second". */
export function rateMetric(deltaMetric: string): string {
  return deltaMetric.replace(/_total$/, '_per_second')
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

function gaugeSamples(series: WireSeries & { kind: 'gauge' }): [at: number, value: number][] {
  return series.points.map(([at, value]) => [at, numberOf(value)])
}

function rateSamples(series: WireSeries & { kind: 'delta' }): [at: number, value: number][] {
  return series.points
    .filter(([, growth]) => numberOf(growth) >= 0)
    .map(([at, growth, overMs]) => [at, ratePerSecond(growth, overMs)])
}

/** `skewMs` as of `skewMsOf`. Beyond the tolerance every instant is moved to the collector's clock. */
export function decodeBatch(
  batch: Batch,
  { subjectId, agentId, skewMs }: { subjectId: string; agentId: string; skewMs: number },
): DecodedBatch {
  const correctedByMs = Math.abs(skewMs) > SKEW_TOLERANCE_MS ? skewMs : 0
  const corrected = (at: number) => Math.max(0, at + correctedByMs)
  let negativeGrowthPoints = 0

  const entries = batch.series.map((series): SeriesEntry => {
    const samples = series.kind === 'gauge' ? gaugeSamples(series) : rateSamples(series)
    negativeGrowthPoints += series.points.length - samples.length
    const metric = series.kind === 'gauge' ? series.metric : rateMetric(series.metric)
    return {
      key: { subjectId: series.subject ?? subjectId, metric, labels: series.labels ?? {}, agentId },
      samples: samples.map(([at, value]) => [corrected(at), value]),
    }
  })
  const about = <T extends { at: number; subject?: string | undefined }>(one: T) => ({
    ...one,
    at: corrected(one.at),
    subject: one.subject ?? subjectId,
  })
  return {
    ...{ entries, facts: (batch.facts ?? []).map(about), events: (batch.events ?? []).map(about) },
    discoveries: (batch.discoveries ?? []).map(found => ({ ...found, at: corrected(found.at) })),
    ...{ correctedByMs, negativeGrowthPoints },
  }
}
