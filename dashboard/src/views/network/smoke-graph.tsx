import type { RefObject } from 'preact'
import { useEffect, useRef, useState } from 'preact/hooks'
import { call } from '../../api/call.ts'
import { timeZone } from '../../app/session.ts'
import { formatNumber, formatPercent } from '../../format/number.ts'
import { formatTime } from '../../format/time.ts'
import { language, t } from '../../i18n/translate.ts'
import { Skeleton } from '../../ui/button.tsx'
import { EmptyState, ErrorNotice } from '../../ui/notice.tsx'
import { Panel } from '../../ui/panel.tsx'
import { bandRuns, type SmokePoint, type SmokeStat, smokePoints } from './smoke.ts'
import { useRefreshed } from './use-refreshed.ts'

const POINTS = 240
const HEIGHT = 300
const LEFT = 64
const BOTTOM = 34
const LOSS_HEIGHT = 28
const PLOT = { top: 12, bottom: HEIGHT - BOTTOM - LOSS_HEIGHT }
/** Narrower than this a graph has room for three times below it. */
const NARROW = 600
const BANDS = [
  ['min', 'max', 'smoke-far'],
  ['p10', 'p90', 'smoke-mid'],
  ['p25', 'p75', 'smoke-near'],
] as const

/** Latency as a band of percentiles with its median, and below it what was lost. */
export function SmokeGraph({ subjectId, name, windowMs }: { subjectId: string; name: string; windowMs: number }) {
  const stepMs = Math.max(30_000, Math.round(windowMs / POINTS))
  const graph = useRefreshed(
    `${subjectId}/${windowMs}`,
    async signal => {
      const to = Math.floor(Date.now() / stepMs) * stepMs
      const window = { from: to - windowMs, to, stepMs }
      const range = (metric: string) => call('range', { query: { subject: subjectId, metric, ...window }, signal })
      const [roundTrips, losses] = await Promise.all([range('probe_icmp_rtt_seconds'), range('probe_icmp_loss_ratio')])
      return { ...window, points: smokePoints(roundTrips.series, losses.series) }
    },
    30_000,
  )
  const { data } = graph
  return (
    <Panel title={t('link.latency')} aside={<span class="faint">ms</span>}>
      <ErrorNotice error={graph.error} onRetry={graph.reload} />
      {data === null && graph.loading && <Skeleton rows={4} />}
      {data !== null && data.points.length === 0 && <EmptyState title={t('link.latency.empty')} />}
      {data !== null && data.points.length > 0 && (
        <>
          <Smoke name={name} points={data.points} from={data.from} to={data.to} stepMs={data.stepMs} />
          <p class="faint smoke-text">{t('link.latency.text')}</p>
        </>
      )}
    </Panel>
  )
}

type SmokeProps = { name: string; points: readonly SmokePoint[]; from: number; to: number; stepMs: number }

/** Width of an element in units of a desk's pixel, so that letters are as large as elsewhere on the page. */
function useUnits(element: RefObject<SVGSVGElement | null>): number {
  const [units, setUnits] = useState(1200)
  useEffect(() => {
    const box = element.current
    if (box === null) return
    const observer = new ResizeObserver(() => {
      const rem = Number.parseFloat(getComputedStyle(document.documentElement).fontSize)
      setUnits(Math.max(280, Math.round((box.clientWidth / rem) * 16)))
    })
    observer.observe(box)
    return () => observer.disconnect()
  }, [element])
  return units
}

function Smoke({ name, points, from, to, stepMs }: SmokeProps) {
  const element = useRef<SVGSVGElement>(null)
  const width = useUnits(element)
  const right = width - 8
  const words = language.value
  const highest = Math.max(1, ...points.map(point => point.max ?? point.p50 ?? 0))
  const x = (at: number) => LEFT + ((at - from) / Math.max(1, to - from)) * (right - LEFT)
  const y = (ms: number) => PLOT.bottom - (ms / highest) * (PLOT.bottom - PLOT.top)
  const band = (low: SmokeStat, high: SmokeStat) =>
    bandRuns(points, low, high, stepMs * 2.5)
      .map(run => {
        const there = run.map(one => `${x(one.at)},${y(one.high)}`)
        const back = [...run].reverse().map(one => `${x(one.at)},${y(one.low)}`)
        return `M${[...there, ...back].join('L')}Z`
      })
      .join('')
  const median = bandRuns(points, 'p50', 'p50', stepMs * 2.5)
    .map(run => `M${run.map(one => `${x(one.at)},${y(one.low)}`).join('L')}`)
    .join('')
  const known = points.flatMap(({ p50 }) => (p50 === null ? [] : [p50])).sort((left, right) => left - right)
  const lost = points.flatMap(({ lossRatio }) => (lossRatio === null ? [] : [lossRatio]))
  const label = t('link.latency.label', {
    name,
    median: formatNumber(known[Math.floor(known.length / 2)] ?? 0, words, 1),
    max: formatNumber(highest, words, 1),
    loss: formatPercent(lost.length === 0 ? 0 : lost.reduce((sum, one) => sum + one, 0) / lost.length, words, 1),
  })
  const style = to - from > 2 * 86_400_000 ? 'day' : 'minute'
  return (
    <svg ref={element} class="smoke" viewBox={`0 0 ${width} ${HEIGHT}`} role="img" aria-label={label}>
      {[0, 0.5, 1].map(part => (
        <g key={part}>
          <line class="smoke-grid" x1={LEFT} x2={right} y1={y(highest * part)} y2={y(highest * part)} />
          <text class="smoke-word" x={LEFT - 8} y={y(highest * part) + 5} text-anchor="end">
            {formatNumber(highest * part, words, highest < 10 ? 1 : 0)}
          </text>
        </g>
      ))}
      {BANDS.map(([low, high, look]) => (
        <path key={look} class={look} d={band(low, high)} />
      ))}
      <path class="smoke-median" d={median} />
      <line class="smoke-grid" x1={LEFT} x2={right} y1={HEIGHT - BOTTOM} y2={HEIGHT - BOTTOM} />
      {points.map(({ at, lossRatio }) =>
        lossRatio === null || lossRatio <= 0 ? null : (
          <rect
            key={at}
            class="smoke-loss"
            x={x(at)}
            y={HEIGHT - BOTTOM - Math.max(3, lossRatio * LOSS_HEIGHT)}
            width={Math.max(2, (stepMs / (to - from)) * (right - LEFT))}
            height={Math.max(3, lossRatio * LOSS_HEIGHT)}
          />
        ),
      )}
      {(width < NARROW ? [0, 0.5, 1] : [0, 0.25, 0.5, 0.75, 1]).map(part => (
        <text
          key={part}
          class="smoke-word"
          x={LEFT + part * (right - LEFT)}
          y={HEIGHT - 8}
          text-anchor={part === 0 ? 'start' : part === 1 ? 'end' : 'middle'}
        >
          {formatTime(from + part * (to - from), timeZone.value, words, style)}
        </text>
      ))}
    </svg>
  )
}
