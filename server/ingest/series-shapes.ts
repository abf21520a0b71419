// Which series an agent tells, in their order. It tells the same ones each time, and most agents the same ones as others, so
// names and labels are kept once, and a batch needs only its numbers.
import type { WireSeries } from '../../protocol/batch.ts'

export type ToldSeries = {
  kind: WireSeries['kind']
  /** As it is delivered. */
  wireMetric: string
  /** As it is stored. */
  metric: string
  labels: Readonly<Record<string, string>>
  labelCount: number
  /** Undefined: the agent's own device. */
  subject: string | undefined
}

export type Shape = {
  series: readonly ToldSeries[]
  /** Devices other than the agent's own, each with the first place that is about it. */
  others: readonly { subject: string; place: number }[]
}

export type SeriesShapes = { of(agentId: string, series: readonly WireSeries[]): Shape }

/** What a poller tells of thousands of interfaces is its own, and another one each time. */
export const MOST_SERIES = 1_000
const KEPT_SHAPES = 1_000

export function createSeriesShapes(): SeriesShapes {
  const byAgent = new Map<string, Shape>()
  const bySignature = new Map<string, Shape>()
  return {
    of(agentId, series) {
      if (series.length > MOST_SERIES) return shapeOf(series)
      const last = byAgent.get(agentId)
      if (last !== undefined && fits(last.series, series)) return last
      const signature = JSON.stringify(
        series.map(({ kind, metric, labels, subject }) => [kind, metric, labels, subject]),
      )
      const shape = bySignature.get(signature) ?? shapeOf(series)
      if (bySignature.size >= KEPT_SHAPES) bySignature.clear()
      bySignature.set(signature, shape)
      byAgent.set(agentId, shape)
      return shape
    },
  }
}

const NO_LABELS = {}

export function shapeOf(told: readonly WireSeries[]): Shape {
  const series = told.map(({ kind, metric, labels = NO_LABELS, subject }) => ({
    ...{ kind, wireMetric: metric, metric: kind === 'gauge' ? metric : rateMetric(metric) },
    ...{ labels, labelCount: Object.keys(labels).length, subject },
  }))
  const others = new Map<string, number>()
  for (const [place, { subject }] of series.entries()) {
    if (subject !== undefined && !others.has(subject)) others.set(subject, place)
  }
  return { series, others: [...others].map(([subject, place]) => ({ subject, place })) }
}

/** "node_network_receive_bytes_total" is stored as "node_network_receive_bytes_per_second". */
export function rateMetric(deltaMetric: string): string {
  return deltaMetric.replace(/_total$/, '_per_second')
}

function fits(known: readonly ToldSeries[], told: readonly WireSeries[]): boolean {
  if (known.length !== told.length) return false
  for (let place = 0; place < known.length; place++) {
    const [one, other] = [known[place], told[place]]
    if (one === undefined || other === undefined) return false
    if (one.wireMetric !== other.metric || one.kind !== other.kind || one.subject !== other.subject) return false
    let count = 0
    for (const name in other.labels) {
      if (one.labels[name] !== other.labels[name]) return false
      count += 1
    }
    if (count !== one.labelCount) return false
  }
  return true
}
