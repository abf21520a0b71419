import { useSignal } from '@preact/signals'
import { useMemo, useState } from 'preact/hooks'
import type { ServerView } from '../../../../protocol/server-views.ts'
import type { ServerTile } from '../../../../protocol/wall-views.ts'
import type { ChartScale } from '../../charts/chart-options.ts'
import { otherLines } from '../../charts/other-lines.ts'
import { maxGapOf, RangePanel, valueText } from '../../charts/range-panel.tsx'
import type { RangeName } from '../../charts/ranges.ts'
import { GRAPH_METRICS, memoryLines } from '../../charts/server-graphs.ts'
import { TimeChart } from '../../charts/time-chart.tsx'
import { t } from '../../i18n/translate.ts'
import { useGraphs } from '../server/use-graphs.ts'

/** In this order, each only for a device that offers it. */
const DRAWN = [
  'router_cpu_used_ratio',
  'node_hwmon_temp_celsius',
  'node_hwmon_fan_rpm',
  'node_hwmon_in_volts',
  'node_hwmon_curr_amps',
  'node_hwmon_power_watts',
  'ups_battery_charge_ratio',
  'ups_load_ratio',
  'ups_battery_runtime_seconds',
  'ups_input_volts',
  'ups_on_battery',
  'wireless_clients',
  'snmp_poll_duration_seconds',
] as const
const MEMORY = GRAPH_METRICS.memory.slice(0, 2)

/** What a device of the network tells of itself besides its interfaces; what it does not offer is not drawn. */
export function DeviceGraphs({ tile, metrics }: { tile: ServerTile; metrics: ServerView['metrics'] }) {
  const [range, setRange] = useState<RangeName>('1h')
  const hoverAt = useSignal<number | null>(null)
  const told = metrics.map(({ metric }) => metric).join(' ')
  const names = useMemo(() => DRAWN.filter(metric => told.split(' ').includes(metric)), [told])
  const hasMemory = MEMORY.every(metric => told.split(' ').includes(metric))
  const wanted = useMemo(() => [...names, ...(hasMemory ? MEMORY : [])], [names, hasMemory])
  const { series, window, loading, error } = useGraphs(tile, range, wanted)
  const { from, to, stepMs } = window
  const scales = useMemo(() => {
    const scale = (kind: ChartScale['kind']): ChartScale => ({
      ...{ kind, from, to, maxGapMs: maxGapOf(stepMs, tile.intervalMs) },
    })
    return { ratio: scale('ratio'), number: scale('number'), seconds: scale('seconds'), bytes: scale('bytes') }
  }, [from, to, stepMs, tile.intervalMs])
  const graphs = useMemo(
    () => [
      ...names.map(metric => ({
        ...{ title: t(`device-graph.${metric}`), lines: otherLines(series, metric).lines },
        scale: metric.endsWith('_ratio') ? scales.ratio : metric.endsWith('_seconds') ? scales.seconds : scales.number,
        isAlone: true,
      })),
      ...(hasMemory
        ? [{ title: t('graph.memory'), lines: memoryLines(series), scale: scales.bytes, isAlone: false }]
        : []),
    ],
    [names, hasMemory, series, scales],
  )
  if (graphs.length === 0) return null
  return (
    <RangePanel title={t('device-graphs.title')} range={range} onRange={setRange} error={error} loading={loading}>
      {graphs.map(({ title, lines, scale, isAlone }) => (
        <div class="graph" key={title}>
          <TimeChart
            title={title}
            lines={lines}
            scale={scale}
            hoverAt={hoverAt}
            nameOf={line => {
              if (line.name === 'used' || line.name === 'total') return t(`line.name.${line.name}`)
              return isAlone && lines.length === 1 ? title : line.name
            }}
            tell={(line, _index, at) => valueText(line, at, scale)}
          />
        </div>
      ))}
    </RangePanel>
  )
}
