import { useSignal } from '@preact/signals'
import { useMemo, useState } from 'preact/hooks'
import type { ServerView } from '../../../../protocol/server-views.ts'
import type { ServerTile } from '../../../../protocol/wall-views.ts'
import type { ChartScale } from '../../charts/chart-options.ts'
import { otherLines } from '../../charts/other-lines.ts'
import { maxGapOf, RangePanel, valueText } from '../../charts/range-panel.tsx'
import type { RangeName } from '../../charts/ranges.ts'
import { TimeChart } from '../../charts/time-chart.tsx'
import { t } from '../../i18n/translate.ts'
import { Button } from '../../ui/button.tsx'
import { useGraphs } from './use-graphs.ts'

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
    () => ({ kind: 'number', from, to, maxGapMs: maxGapOf(stepMs, tile.intervalMs) }),
    [from, to, stepMs, tile.intervalMs],
  )
  const graphs = useMemo(() => names.map(metric => ({ metric, ...otherLines(series, metric) })), [names, series])
  const hidden = metrics.length - names.length
  return (
    <RangePanel
      title={t('graphs.others')}
      range={range}
      onRange={setRange}
      error={error}
      loading={loading}
      below={
        hidden > 0 && (
          <div class="form-actions">
            <Button onClick={() => setShown(shown + SHOWN_AT_ONCE)}>
              {t('graphs.more', { n: Math.min(hidden, SHOWN_AT_ONCE) })}
            </Button>
          </div>
        )
      }
    >
      {graphs.map(({ metric, lines, more }) => (
        <div class="graph" key={metric}>
          <TimeChart
            title={metric}
            lines={lines}
            scale={scale}
            hoverAt={hoverAt}
            nameOf={line => line.name}
            aside={more > 0 && <span class="faint">{t('graphs.lines-more', { n: more })}</span>}
            tell={(line, _index, at) => valueText(line, at, scale)}
          />
        </div>
      ))}
    </RangePanel>
  )
}
