import type { RttStat } from '../../../protocol/probe-words.ts'

/** Round trips in milliseconds in the order of sending; null for each packet that no answer came to. */
export type Packets = readonly (number | null)[]

export type IcmpFigures = {
  sent: number
  received: number
  /** 0 to 1. */
  lossRatio: number
  /** Mean difference of one round trip to the one before; null with fewer than two answers. */
  jitterS: number | null
  /** Null without an answer. */
  rttS: Record<RttStat, number> | null
}

/** Pure: what is told of some packets to one target. */
export function icmpFigures(packets: Packets): IcmpFigures {
  const answered = packets.filter(one => one !== null)
  const sent = packets.length
  const received = answered.length
  const steps = answered.slice(1).map((one, index) => Math.abs(one - (answered[index] ?? one)))
  const sorted = [...answered].sort((one, other) => one - other)
  return {
    ...{ sent, received, lossRatio: sent === 0 ? 0 : (sent - received) / sent },
    jitterS: steps.length === 0 ? null : seconds(mean(steps)),
    rttS: received === 0 ? null : rttStats(sorted),
  }
}

function rttStats(sorted: readonly number[]): Record<RttStat, number> {
  const at = (share: number): number => seconds(quantile(sorted, share))
  return {
    ...{ min: at(0), p10: at(0.1), p25: at(0.25), p50: at(0.5), p75: at(0.75), p90: at(0.9), max: at(1) },
    mean: seconds(mean(sorted)),
  }
}

/** Between two ranks in a straight line, as spreadsheets and numpy do it. */
function quantile(sorted: readonly number[], share: number): number {
  const rank = share * (sorted.length - 1)
  const below = sorted[Math.floor(rank)] ?? Number.NaN
  const above = sorted[Math.ceil(rank)] ?? below
  return below + (above - below) * (rank - Math.floor(rank))
}

const mean = (values: readonly number[]): number => values.reduce((sum, one) => sum + one, 0) / values.length
/** To the tenth of a microsecond: finer than any ping tells. */
const seconds = (ms: number): number => Math.round(ms * 10_000) / 10_000_000
