import { useSignal } from '@preact/signals'
import { useMemo, useState } from 'preact/hooks'
import type { InterfaceView } from '../../../../protocol/device-calls.ts'
import type { ServerTile } from '../../../../protocol/wall-views.ts'
import { call } from '../../api/call.ts'
import { useResource } from '../../api/use-resource.ts'
import { now } from '../../app/clock.ts'
import type { ChartScale } from '../../charts/chart-options.ts'
import { PORT_METRICS, portLines } from '../../charts/port-lines.ts'
import { maxGapOf, RangeSwitch, valueText } from '../../charts/range-panel.tsx'
import type { RangeName } from '../../charts/ranges.ts'
import type { GraphLine } from '../../charts/server-graphs.ts'
import { TimeChart } from '../../charts/time-chart.tsx'
import { language, t } from '../../i18n/translate.ts'
import { ErrorNotice } from '../../ui/notice.tsx'
import { useGraphs } from '../server/use-graphs.ts'
import { PortStrip } from './port-strip.tsx'

const DAY_MS = 86_400_000

/** In and out of one interface as one picture, its errors, and when it was up. */
export function PortGraph({ port, tile }: { port: InterfaceView; tile: ServerTile }) {
  const [range, setRange] = useState<RangeName>('1h')
  const hoverAt = useSignal<number | null>(null)
  const { series, window, error } = useGraphs(tile, range, PORT_METRICS)
  const { from, to, stepMs } = window
  const words = language.value
  const names = useMemo(() => [port.name, ...port.formerNames.map(({ name }) => name)], [port])
  const lines = useMemo(() => portLines(series, names), [series, names])
  const scale = (kind: ChartScale['kind']): ChartScale => ({
    ...{ kind, from, to, maxGapMs: maxGapOf(stepMs, tile.intervalMs) },
  })
  const scales = useMemo(() => {
    void words
    return { traffic: scale('mirrored-bit-rate'), troubles: scale('number') }
  }, [from, to, stepMs, tile.intervalMs, words])
  const history = useResource(`${port.id}/${port.state}`, signal => {
    const until = now.peek()
    return call('interfaceHistory', { params: { id: port.id }, query: { from: until - DAY_MS, to: until }, signal })
  })
  const tell = (kind: 'traffic' | 'troubles') => (line: GraphLine, _index: number, at: number) =>
    valueText(line, at, scales[kind])
  return (
    <div class="port-graphs">
      <div class="port-range">
        <RangeSwitch range={range} onRange={setRange} />
      </div>
      <ErrorNotice error={error} />
      <div class="graph">
        <TimeChart
          title={t('port-graph.title', { name: port.name })}
          lines={lines.traffic}
          scale={scales.traffic}
          hoverAt={hoverAt}
          nameOf={nameOf}
          tell={tell('traffic')}
        />
      </div>
      {lines.troubles.some(({ points }) => points.some(([, value]) => value !== null && value > 0)) && (
        <div class="graph">
          <TimeChart
            title={t('port-graph.errors')}
            lines={lines.troubles}
            scale={scales.troubles}
            hoverAt={hoverAt}
            nameOf={nameOf}
            tell={tell('troubles')}
          />
        </div>
      )}
      {history.data !== null && <PortStrip name={port.name} intervals={history.data.intervals} />}
    </div>
  )
}

function nameOf({ name }: GraphLine): string {
  if (name === 'receive' || name === 'transmit') return t(`line.name.${name}`)
  return name === 'errors' ? t('ports.errors') : t('ports.discards')
}
