import type { Signal } from '@preact/signals'
import { useComputed } from '@preact/signals'
import { Chart, Filler, LinearScale, LineController, LineElement, type Plugin, PointElement } from 'chart.js'
import type { ComponentChildren } from 'preact'
import { useEffect, useRef } from 'preact/hooks'
import { timeZone } from '../app/session.ts'
import { theme } from '../app/theme.ts'
import { formatTime } from '../format/time.ts'
import { language, t } from '../i18n/translate.ts'
import { type ChartScale, chartOptions, dataSets } from './chart-options.ts'
import type { Point } from './series.ts'
import type { GraphLine } from './server-graphs.ts'
import './time-chart.css'

Chart.register(LineController, LineElement, PointElement, LinearScale, Filler)

type TimeChartProps = {
  title: string
  lines: GraphLine[]
  nameOf: (line: GraphLine) => string
  scale: ChartScale
  /** What one line means at one instant, for the legend (a stacked line means its own share). */
  tell: (line: GraphLine, index: number, at: number) => string | null
  /** The instant under the pointer, shared by all graphs of the screen. */
  hoverAt: Signal<number | null>
  /** Beside the title: a choice of what is drawn. */
  aside?: ComponentChildren
}

/** A graph over time whose legend tells the values under the pointer, or the newest. */
export function TimeChart({ title, lines, nameOf, scale, tell, hoverAt, aside }: TimeChartProps) {
  const canvas = useRef<HTMLCanvasElement>(null)
  const chart = useRef<Chart<'line'> | null>(null)
  const colours = theme.value
  const words = language.value

  const position = useComputed(() => hoverAt.value ?? scale.to)
  const reading = useComputed(() => {
    const at = hoverAt.value
    if (at === null) return title
    const values = lines.map((line, index) => `${nameOf(line)} ${tell(line, index, at) ?? t('value.none')}`)
    return [formatTime(at, timeZone.value, language.value, 'day-minute'), ...values].join(', ')
  })

  useEffect(() => {
    if (canvas.current === null) return
    // A new theme or language is a new chart: nothing of the old colours stays behind.
    void colours
    void words
    const made = new Chart(canvas.current, {
      type: 'line',
      data: { datasets: [] },
      options: chartOptions(scale),
      plugins: [crosshair(hoverAt)],
    })
    chart.current = made
    const redraw = hoverAt.subscribe(() => made.draw())
    return () => {
      redraw()
      made.destroy()
      chart.current = null
    }
  }, [colours, words, hoverAt, scale.kind])

  useEffect(() => {
    const present = chart.current
    if (present === null) return
    present.options = chartOptions(scale)
    present.data.datasets = dataSets(lines, scale)
    present.update('none')
  }, [lines, scale, colours, words])

  return (
    <figure class="chart">
      <figcaption class="chart-head">
        <div class="chart-title">
          <h3>{title}</h3>
          {aside}
        </div>
        <Legend lines={lines} nameOf={nameOf} tell={tell} hoverAt={hoverAt} />
      </figcaption>
      {/* A slider over time: with the focus on it the arrow keys read values off the graph. */}
      <div
        class="chart-frame"
        role="slider"
        aria-label={t('chart.label', { title })}
        aria-valuemin={scale.from}
        aria-valuemax={scale.to}
        aria-valuenow={position}
        aria-valuetext={reading}
        tabIndex={0}
        onPointerMove={event => {
          hoverAt.value = instantAt(chart.current, event.offsetX)
        }}
        onPointerLeave={() => {
          hoverAt.value = null
        }}
        onBlur={() => {
          hoverAt.value = null
        }}
        onKeyDown={event => {
          const step = event.key === 'ArrowRight' ? 1 : event.key === 'ArrowLeft' ? -1 : 0
          if (step === 0) return
          event.preventDefault()
          hoverAt.value = neighbour(lines, hoverAt.value, step)
        }}
      >
        <canvas ref={canvas} />
        {lines.length === 0 && <p class="chart-empty">{t('chart.empty')}</p>}
      </div>
    </figure>
  )
}

type LegendProps = Pick<TimeChartProps, 'lines' | 'nameOf' | 'tell' | 'hoverAt'>

function Legend({ lines, nameOf, tell, hoverAt }: LegendProps) {
  const when = useComputed(() =>
    hoverAt.value === null ? '' : formatTime(hoverAt.value, timeZone.value, language.value, 'day-minute'),
  )
  return (
    <div class="legend">
      <span class="legend-when">{when}</span>
      <ul>
        {lines.map((line, index) => {
          const at = hoverAt.value ?? line.points.at(-1)?.[0] ?? null
          const value = at === null ? null : tell(line, index, at)
          return (
            <li key={line.name}>
              <svg class={`swatch data-${line.tone}`} viewBox="0 0 14 8" aria-hidden="true">
                <path
                  d="M1 4h12"
                  stroke="currentColor"
                  stroke-width="3"
                  stroke-dasharray={line.dashed ? '4 3' : undefined}
                />
              </svg>
              <span class="legend-name">{nameOf(line)}</span>
              <strong>{value ?? '–'}</strong>
            </li>
          )
        })}
      </ul>
    </div>
  )
}

/** The value nearest to an instant, or null when the nearest is further than `withinMs`. */
export function nearestPoint(points: readonly Point[], at: number, withinMs: number): Point | null {
  let best: Point | null = null
  for (const point of points)
    if (point[1] !== null && (best === null || Math.abs(point[0] - at) < Math.abs(best[0] - at))) best = point
  return best !== null && Math.abs(best[0] - at) <= withinMs ? best : null
}

function instantAt(chart: Chart<'line'> | null, offsetX: number): number | null {
  const scale = chart?.scales.x
  if (chart === null || scale === undefined || offsetX < chart.chartArea.left || offsetX > chart.chartArea.right)
    return null
  return scale.getValueForPixel(offsetX) ?? null
}

function neighbour(lines: readonly GraphLine[], from: number | null, step: 1 | -1): number | null {
  const points = (lines[0]?.points ?? []).filter(([, value]) => value !== null)
  if (points.length === 0) return null
  if (from === null) return points.at(-1)?.[0] ?? null
  const ahead = step === 1 ? points.find(([at]) => at > from) : points.findLast(([at]) => at < from)
  return ahead?.[0] ?? from
}

/** A line through all graphs at the instant under the pointer. */
function crosshair(hoverAt: Signal<number | null>): Plugin<'line'> {
  return {
    id: 'crosshair',
    afterDraw(chart) {
      const at = hoverAt.peek()
      const x = at === null ? undefined : chart.scales.x?.getPixelForValue(at)
      if (x === undefined || x < chart.chartArea.left || x > chart.chartArea.right) return
      const { ctx, chartArea } = chart
      ctx.save()
      ctx.strokeStyle = getComputedStyle(document.documentElement).getPropertyValue('--ink-soft')
      ctx.lineWidth = 1
      ctx.beginPath()
      ctx.moveTo(x, chartArea.top)
      ctx.lineTo(x, chartArea.bottom)
      ctx.stroke()
      ctx.restore()
    },
  }
}
