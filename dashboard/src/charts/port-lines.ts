import { type Point, type Series, sumSeries } from './series.ts'
import type { GraphLine } from './server-graphs.ts'

export const PORT_METRICS = [
  'node_network_receive_bytes_per_second',
  'node_network_transmit_bytes_per_second',
  'node_network_receive_errs_per_second',
  'node_network_transmit_errs_per_second',
  'node_network_receive_drop_per_second',
  'node_network_transmit_drop_per_second',
] as const

/**
 * Traffic (bits a second, in above zero and out below it) and troubles (errors and discards a second) of one interface;
 * `names` are all that it ever had, so that a renamed one keeps its past.
 */
export function portLines(
  all: ReadonlyMap<string, Series>,
  names: readonly string[],
): { traffic: GraphLine[]; troubles: GraphLine[] } {
  const own = [...all.values()].filter(({ labels }) => names.includes(labels.device ?? ''))
  const sum = (kinds: readonly string[]) => sumSeries(own.filter(({ metric }) => kinds.includes(metric)))
  const bits = (points: Point[], sign: 1 | -1) =>
    points.map(([at, value]): Point => [at, value === null ? null : sign * value * 8])
  const [receive, transmit, ...troubles] = PORT_METRICS
  const line = (name: string, points: Point[], tone: GraphLine['tone'], fill: GraphLine['fill']): GraphLine[] =>
    points.length === 0 ? [] : [{ name, points, tone, fill }]
  return {
    traffic: [
      ...line('receive', bits(sum([receive]), 1), 2, 'zero'),
      ...line('transmit', bits(sum([transmit]), -1), 3, 'zero'),
    ],
    troubles: [
      ...line('errors', sum(troubles.slice(0, 2)), 4, 'none'),
      ...line('discards', sum(troubles.slice(2)), 1, 'none'),
    ],
  }
}
