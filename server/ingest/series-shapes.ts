// Which series an agent tells, in their order. It tells the same ones each time, and most agents the same ones as others, so
// names and labels are kept once, and a batch needs only its numbers.
import type { WireSeries } from '../../protocol/batch.ts'

export type SeriesShape = {
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
export type Shape = readonly SeriesShape[]

export type SeriesShapes = { of(agentId: string, series: readonly WireSeries[]): Shape }

/** What a poller tells of thousands of interfaces is its own, and another one each time. */
const MOST_SERIES = 1_000
const KEPT_SHAPES = 1_000

export function createSeriesShapes(): SeriesShapes {
  const byAgent = new Map<string, Shape>()
  const bySignature = new Map<string, Shape>()
  return {
    of(agentId, series) {
      if (series.length > MOST_SERIES) return shapeOf(series)
      const last = byAgent.get(agentId)
      if (last !== undefined && fits(last, series)) return last
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

export function shapeOf(series: readonly WireSeries[]): Shape {
  return series.map(({ kind, metric, labels = NO_LABELS, subject }) => ({
    ...{ kind, wireMetric: metric, metric: kind === 'gauge' ? metric : rateMetric(metric) },
    ...{ labels, labelCount: Object.keys(labels).length, subject },
  }))
}

/** "node_network_receive_bytes_total" is stored as "node_network_receive_bytes_per_second". */
export function rateMetric(deltaMetric: string): string {
  return deltaMetric.replace(/_total$/, '_per_second')
}

function fits(shape: Shape, series: readonly WireSeries[]): boolean {
  if (shape.length !== series.length) return false
  for (let place = 0; place < shape.length; place++) {
    const [known, told] = [shape[place], series[place]]
    if (known === undefined || told === undefined) return false
    if (known.wireMetric !== told.metric || known.kind !== told.kind || known.subject !== told.subject) return false
    let count = 0
    for (const name in told.labels) {
      if (known.labels[name] !== told.labels[name]) return false
      count += 1
    }
    if (count !== known.labelCount) return false
  }
  return true
}
