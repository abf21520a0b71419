import { useSignal } from '@preact/signals'
import { useMemo, useState } from 'preact/hooks'
import type { ServerView } from '../../../../protocol/server-views.ts'
import type { ServerTile } from '../../../../protocol/wall-views.ts'
import { type ChartScale, formatOnScale } from '../../charts/chart-options.ts'
import { otherLines } from '../../charts/other-lines.ts'
import { RANGES, type RangeName } from '../../charts/ranges.ts'
import { nearestPoint, TimeChart } from '../../charts/time-chart.tsx'
import { t } from '../../i18n/translate.ts'
import { Button, Skeleton } from '../../ui/button.tsx'
import { ErrorNotice } from '../../ui/notice.tsx'
import { Panel } from '../../ui/panel.tsx'
import { Switch } from '../../ui/switch.tsx'
import { useGraphs } from './use-graphs.ts'
import './graphs.css'

const GAP_STEPS = 3
const SHOWN_AT_ONCE = 12

/** A graph for each metric of a host that sends none of the usual ones: whatever a writer calls them. */
export function OtherGraphs({ tile, metrics }: { tile: ServerTile; metrics: ServerView['metrics'] }) {
  const [range, setRange] = useState<RangeName>('1h')
  const [shown, setShown] = useState(SHOWN_AT_ONCE)
  const hoverAt = useSignal<number | null>(null)
  const names = useMemo(() => metrics.slice(0, shown).map(({ metric }) => metric), [metrics, shown])
  const { series, window, loading, error } = useGraphs(tile, range, names)
  const { from, to, stepMs } = window
  const scale: ChartScale = useMemo(
    () => ({ kind: 'number', from, to, maxGapMs: GAP_STEPS * Math.max(stepMs, tile.intervalMs) }),
    [from, to, stepMs, tile.intervalMs],
  )
  const graphs = useMemo(() => names.map(metric => ({ metric, ...otherLines(series, metric) })), [names, series])
  const hidden = metrics.length - names.length
  return (
    <Panel
      title={t('graphs.others')}
      aside={
        <Switch
          label={t('graphs.range')}
          choices={RANGES}
          chosen={range}
          onChoose={setRange}
          show={name => t(`range.${name}`)}
        />
      }
    >
      <ErrorNotice error={error} />
      {loading ? (
        <div class="graphs-loading">
          <Skeleton rows={2} />
        </div>
      ) : (
        <div class="graphs">
          {graphs.map(({ metric, lines, more }) => (
            <div class="graph" key={metric}>
              <TimeChart
                title={metric}
                lines={lines}
                scale={scale}
                hoverAt={hoverAt}
                nameOf={line => line.name}
                aside={more > 0 && <span class="faint">{t('graphs.lines-more', { n: more })}</span>}
                tell={(line, _index, at) => {
                  const value = nearestPoint(line.points, at, scale.maxGapMs / 2)?.[1] ?? null
                  return value === null ? null : formatOnScale('number', value)
                }}
              />
            </div>
          ))}
        </div>
      )}
      {hidden > 0 && (
        <div class="form-actions">
          <Button onClick={() => setShown(shown + SHOWN_AT_ONCE)}>
            {t('graphs.more', { n: Math.min(hidden, SHOWN_AT_ONCE) })}
          </Button>
        </div>
      )}
    </Panel>
  )
}
