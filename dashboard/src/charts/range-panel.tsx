import type { ComponentChildren } from 'preact'
import type { ApiError } from '../api/api-error.ts'
import { t } from '../i18n/translate.ts'
import { Skeleton } from '../ui/button.tsx'
import { ErrorNotice } from '../ui/notice.tsx'
import { Panel } from '../ui/panel.tsx'
import { Switch } from '../ui/switch.tsx'
import { type ChartScale, formatOnScale } from './chart-options.ts'
import { RANGES, type RangeName } from './ranges.ts'
import type { GraphLine } from './server-graphs.ts'
import { nearestPoint } from './time-chart.tsx'
import './graphs.css'

/** Silence longer than so many steps or intervals is a gap in a line. */
const GAP_STEPS = 3

export const maxGapOf = (stepMs: number, intervalMs: number) => GAP_STEPS * Math.max(stepMs, intervalMs)

export function RangeSwitch({ range, onRange }: { range: RangeName; onRange: (range: RangeName) => void }) {
  return (
    <Switch
      label={t('graphs.range')}
      choices={RANGES}
      chosen={range}
      onChoose={onRange}
      show={name => t(`range.${name}`)}
    />
  )
}

type RangePanelProps = {
  title: string
  range: RangeName
  onRange: (range: RangeName) => void
  error: ApiError | null
  loading: boolean
  children: ComponentChildren
  below?: ComponentChildren
}

/** Graphs of one thing that share a window of time. */
export function RangePanel({ title, range, onRange, error, loading, children, below }: RangePanelProps) {
  return (
    <Panel title={title} aside={<RangeSwitch range={range} onRange={onRange} />}>
      <ErrorNotice error={error} />
      {loading ? (
        <div class="graphs-loading">
          <Skeleton rows={2} />
        </div>
      ) : (
        <div class="graphs">{children}</div>
      )}
      {below}
    </Panel>
  )
}

/** The value of a line next to an instant, in the words of its scale; null in a gap. */
export function valueText({ points }: GraphLine, at: number, scale: ChartScale): string | null {
  const value = nearestPoint(points, at, scale.maxGapMs / 2)?.[1] ?? null
  return value === null ? null : formatOnScale(scale.kind, value)
}
