import { useSignal } from '@preact/signals'
import { useMemo, useState } from 'preact/hooks'
import type { ServerTile } from '../../../../protocol/wall-views.ts'
import { type ChartScale, formatOnScale } from '../../charts/chart-options.ts'
import { maxGapOf, RangePanel } from '../../charts/range-panel.tsx'
import type { RangeName } from '../../charts/ranges.ts'
import {
  cpuLines,
  filesystemLines,
  type GraphLine,
  loadLines,
  memoryLines,
  networkDevices,
  networkLines,
} from '../../charts/server-graphs.ts'
import { nearestPoint, TimeChart } from '../../charts/time-chart.tsx'
import { language, t } from '../../i18n/translate.ts'
import { useGraphs } from './use-graphs.ts'

export function ServerGraphs({ tile }: { tile: ServerTile }) {
  const [range, setRange] = useState<RangeName>('1h')
  const [device, setDevice] = useState<string | null>(null)
  const hoverAt = useSignal<number | null>(null)
  const { series, window, loading, error } = useGraphs(tile, range)
  const { from, to, stepMs } = window
  const words = language.value
  const maxGapMs = maxGapOf(stepMs, tile.intervalMs)
  const graphs = useMemo(() => {
    void words
    const scale = (kind: ChartScale['kind']): ChartScale => ({ kind, from, to, maxGapMs })
    return [
      { name: 'cpu', lines: cpuLines(series), scale: scale('ratio'), stacked: true },
      { name: 'memory', lines: memoryLines(series), scale: scale('bytes'), stacked: true },
      { name: 'network', lines: networkLines(series, device), scale: scale('mirrored-bit-rate'), stacked: false },
      { name: 'filesystem', lines: filesystemLines(series), scale: scale('ratio'), stacked: false },
      { name: 'load', lines: loadLines(series), scale: scale('number'), stacked: false },
    ] as const
  }, [series, from, to, maxGapMs, device, words])
  const devices = useMemo(() => networkDevices(series), [series])

  return (
    <RangePanel title={t('graphs.title')} range={range} onRange={setRange} error={error} loading={loading}>
      {graphs.map(graph => (
        <div class={`graph graph-${graph.name}`} key={graph.name}>
          <TimeChart
            title={t(`graph.${graph.name}`)}
            lines={graph.lines}
            scale={graph.scale}
            hoverAt={hoverAt}
            nameOf={nameOf}
            aside={
              graph.name === 'network' &&
              devices.length > 1 && <DeviceChoice devices={devices} device={device} onDevice={setDevice} />
            }
            tell={(line, index, at) =>
              valueAt(line, graph.stacked ? graph.lines[index - 1] : undefined, at, graph.scale)
            }
          />
        </div>
      ))}
    </RangePanel>
  )
}

type DeviceChoiceProps = { devices: string[]; device: string | null; onDevice: (device: string | null) => void }

function DeviceChoice({ devices, device, onDevice }: DeviceChoiceProps) {
  return (
    <select
      class="input graph-device"
      aria-label={t('graph.device')}
      value={device ?? ''}
      onChange={event => onDevice(event.currentTarget.value === '' ? null : event.currentTarget.value)}
    >
      <option value="">{t('graph.device.all')}</option>
      {devices.map(name => (
        <option key={name} value={name}>
          {name}
        </option>
      ))}
    </select>
  )
}

function nameOf(line: GraphLine): string {
  switch (line.name) {
    case 'user':
    case 'system':
    case 'iowait':
    case 'steal':
    case 'irq':
    case 'used':
    case 'cache':
    case 'total':
    case 'receive':
    case 'transmit':
    case 'node_load1':
    case 'node_load5':
    case 'node_load15':
      return t(`line.name.${line.name}`)
    default:
      return line.name
  }
}

/** In a stack a line carries the sum of what is below; told is its own part. */
function valueAt(line: GraphLine, below: GraphLine | undefined, at: number, scale: ChartScale): string | null {
  const value = nearestPoint(line.points, at, scale.maxGapMs / 2)?.[1] ?? null
  if (value === null) return null
  const base =
    below === undefined || line.fill !== 'previous' ? 0 : (nearestPoint(below.points, at, scale.maxGapMs / 2)?.[1] ?? 0)
  return formatOnScale(scale.kind, value - base)
}
