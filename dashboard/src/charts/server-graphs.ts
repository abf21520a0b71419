import { combineSeries, type Point, type Series, sumSeries } from './series.ts'

/** One line of a graph. `tone` is the number of a --data colour. */
export type GraphLine = {
  name: string
  points: Point[]
  tone: 1 | 2 | 3 | 4 | 5 | 6
  fill: 'none' | 'zero' | 'previous'
  dashed?: boolean
}

export const GRAPH_METRICS = {
  cpu: ['node_cpu_seconds_per_second'],
  load: ['node_load1', 'node_load5', 'node_load15'],
  memory: [
    'node_memory_MemTotal_bytes',
    'node_memory_MemAvailable_bytes',
    'node_memory_Buffers_bytes',
    'node_memory_Cached_bytes',
  ],
  filesystem: ['node_filesystem_size_bytes', 'node_filesystem_free_bytes', 'node_filesystem_avail_bytes'],
  network: ['node_network_receive_bytes_per_second', 'node_network_transmit_bytes_per_second'],
} as const
export type GraphName = keyof typeof GRAPH_METRICS
export const METRICS = Object.values(GRAPH_METRICS).flat()

type All = ReadonlyMap<string, Series>

const withMetric = (all: All, metric: string) => [...all.values()].filter(series => series.metric === metric)

/** Modes that are shown by name; the rarer ones are one band. `idle` is what is left to 100 %. */
const CPU_BANDS = [
  ['user', ['user', 'nice']],
  ['system', ['system']],
  ['iowait', ['iowait']],
  ['steal', ['steal']],
  ['irq', ['irq', 'softirq']],
] as const

/**
 * Share of all CPUs by mode, stacked: each line carries the sum of those below it. The shares are of the sum over all
 * modes (which is the number of CPUs), so 1 is the whole machine.
 */
export function cpuLines(all: All): GraphLine[] {
  const series = withMetric(all, 'node_cpu_seconds_per_second')
  const whole = sumSeries(series)
  let below: Point[] | null = null
  const lines: GraphLine[] = []
  for (const [index, [name, modes]] of CPU_BANDS.entries()) {
    const own = series.filter(one => modes.some(mode => mode === one.labels.mode))
    if (own.length === 0) continue
    const share = combineSeries(sumSeries(own), whole, (part, sum) => (sum > 0 ? part / sum : 0))
    const top: Point[] = below === null ? share : combineSeries(share, below, (a, b) => a + b)
    lines.push({ name, points: top, tone: toneOf(index), fill: below === null ? 'zero' : 'previous' })
    below = top
  }
  return lines
}

export function loadLines(all: All): GraphLine[] {
  return GRAPH_METRICS.load.flatMap((metric, index): GraphLine[] => {
    const [series] = withMetric(all, metric)
    return series === undefined ? [] : [{ name: metric, points: series.points, tone: toneOf(index), fill: 'none' }]
  })
}

/** Used (what is not available) and, on top of it, buffers and cache; the total is a line of its own. Bytes. */
export function memoryLines(all: All): GraphLine[] {
  const [total] = withMetric(all, 'node_memory_MemTotal_bytes')
  const [available] = withMetric(all, 'node_memory_MemAvailable_bytes')
  if (total === undefined || available === undefined) return []
  const used = combineSeries(total.points, available.points, (whole, free) => whole - free)
  const kept = sumSeries([
    ...withMetric(all, 'node_memory_Buffers_bytes'),
    ...withMetric(all, 'node_memory_Cached_bytes'),
  ])
  const withTotal = combineSeries(
    combineSeries(used, kept, (a, b) => a + b),
    total.points,
    Math.min,
  )
  return [
    { name: 'used', points: used, tone: 1, fill: 'zero' },
    ...(withTotal.length === 0
      ? []
      : [{ name: 'cache', points: withTotal, tone: 2, fill: 'previous' } satisfies GraphLine]),
    { name: 'total', points: total.points, tone: 5, fill: 'none', dashed: true },
  ]
}

/** Used share (0 to 1) of each mount point as df shows it, used / (used + available): the same as the rule's figure. */
export function filesystemLines(all: All, atMost = 6): GraphLine[] {
  const byLabels = (metric: string) => new Map(withMetric(all, metric).map(one => [JSON.stringify(one.labels), one]))
  const free = byLabels('node_filesystem_free_bytes')
  const available = byLabels('node_filesystem_avail_bytes')
  const lines = withMetric(all, 'node_filesystem_size_bytes').flatMap(size => {
    const labels = JSON.stringify(size.labels)
    const [unused, usable] = [free.get(labels), available.get(labels)]
    if (unused === undefined || usable === undefined) return []
    const used = combineSeries(size.points, unused.points, (whole, rest) => whole - rest)
    const points = combineSeries(used, usable.points, (bytes, rest) => (bytes + rest > 0 ? bytes / (bytes + rest) : 0))
    return [{ name: size.labels.mountpoint ?? '', points }]
  })
  return lines
    .sort((a, b) => (b.points.at(-1)?.[1] ?? 0) - (a.points.at(-1)?.[1] ?? 0))
    .slice(0, atMost)
    .map((line, index) => ({ ...line, tone: toneOf(index), fill: 'none' }))
}

export function networkDevices(all: All): string[] {
  const devices = GRAPH_METRICS.network.flatMap(metric => withMetric(all, metric).map(one => one.labels.device ?? ''))
  return [...new Set(devices)].sort()
}

/** Bits a second: received above zero, sent below it. Without a device all but the loopback are added up. */
export function networkLines(all: All, device: string | null): GraphLine[] {
  const pick = (metric: string) =>
    sumSeries(
      withMetric(all, metric).filter(({ labels }) =>
        device === null ? labels.device !== 'lo' : labels.device === device,
      ),
    )
  const bits = (points: Point[], sign: 1 | -1) =>
    points.map(([at, value]): Point => [at, value === null ? null : sign * value * 8])
  const [receive, transmit] = GRAPH_METRICS.network
  const inward = bits(pick(receive), 1)
  const outward = bits(pick(transmit), -1)
  if (inward.length === 0 && outward.length === 0) return []
  return [
    { name: 'receive', points: inward, tone: 2, fill: 'zero' },
    { name: 'transmit', points: outward, tone: 3, fill: 'zero' },
  ]
}

function toneOf(index: number): GraphLine['tone'] {
  return ([1, 2, 3, 4, 5, 6] as const)[index % 6] ?? 1
}
