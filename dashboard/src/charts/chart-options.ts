import type { ChartDataset, ChartOptions, Scale } from 'chart.js'
import { timeZone } from '../app/session.ts'
import { formatDuration } from '../format/age.ts'
import { formatBitRate, formatBytes, formatNumber, formatPercent } from '../format/number.ts'
import { formatSeconds } from '../format/seconds.ts'
import { formatTime, zoneOffsetMs } from '../format/time.ts'
import { language } from '../i18n/translate.ts'
import { standAlone, withGaps } from './series.ts'
import type { GraphLine } from './server-graphs.ts'
import { byteTicks, timeTicks } from './ticks.ts'

export type ChartScale = {
  kind: 'ratio' | 'number' | 'seconds' | 'bytes' | 'mirrored-bit-rate'
  from: number
  to: number
  /** Longer silence than this is drawn as a gap. */
  maxGapMs: number
}

/** The tokens decide what a graph looks like; Chart.js only has to be told. */
function token(name: string): string {
  return getComputedStyle(document.documentElement).getPropertyValue(name).trim()
}

function rem(): number {
  return Number.parseFloat(getComputedStyle(document.documentElement).fontSize)
}

export function formatOnScale(kind: ChartScale['kind'], value: number): string {
  switch (kind) {
    case 'ratio':
      return formatPercent(value, language.value, Math.abs(value) < 0.1 && value !== 0 ? 1 : 0)
    case 'number':
      return formatNumber(value, language.value, 2)
    case 'seconds':
      return value >= 60 ? formatDuration(value * 1000, language.value) : formatSeconds(value, language.value)
    case 'bytes':
      return formatBytes(value, language.value)
    case 'mirrored-bit-rate':
      return formatBitRate(Math.abs(value), language.value)
  }
}

export function chartOptions(scale: ChartScale): ChartOptions<'line'> {
  const font = { family: token('--sans'), size: rem() * 0.75 }
  const ticks = { color: token('--ink-faint'), font, padding: rem() * 0.3 }
  const grid = { color: token('--line'), lineWidth: 1, drawTicks: false }
  const zero = token('--edge')
  return {
    animation: false,
    responsive: true,
    maintainAspectRatio: false,
    parsing: false,
    normalized: true,
    events: [],
    layout: { padding: { top: rem() * 0.4, right: rem() * 0.2 } },
    elements: { point: { radius: 0 }, line: { borderWidth: Math.max(1.5, rem() * 0.1), tension: 0 } },
    scales: {
      x: {
        type: 'linear',
        min: scale.from,
        max: scale.to,
        grid,
        border: { display: false },
        afterBuildTicks: axis => {
          placeTicks(axis)
        },
        ticks: {
          ...ticks,
          autoSkip: false,
          maxRotation: 0,
          callback: value => tickLabel(Number(value), scale),
        },
      },
      y: {
        type: 'linear',
        min: scale.kind === 'ratio' ? 0 : undefined,
        max: scale.kind === 'ratio' ? 1 : undefined,
        beginAtZero: true,
        bounds: scale.kind === 'bytes' ? 'data' : 'ticks',
        grace: scale.kind === 'ratio' || scale.kind === 'bytes' ? 0 : '5%',
        ...(scale.kind === 'number' ? { suggestedMax: 1 } : {}),
        grid: { ...grid, color: context => (context.tick?.value === 0 ? zero : grid.color) },
        border: { display: false },
        ticks: { ...ticks, maxTicksLimit: 6, callback: value => formatOnScale(scale.kind, Number(value)) },
        afterDataLimits: axis => {
          if (scale.kind === 'mirrored-bit-rate') mirror(axis)
          if (scale.kind === 'bytes') axis.max = byteTicks(axis.max).at(-1) ?? axis.max
        },
        afterBuildTicks: axis => {
          if (scale.kind === 'bytes') axis.ticks = byteTicks(axis.max).map(value => ({ value }))
        },
      },
    },
  }
}

/** Both halves of a mirrored graph have the same measure, so their heights can be compared. */
function mirror(axis: Scale): void {
  const reach = Math.max(Math.abs(axis.min), Math.abs(axis.max), 1_000)
  axis.min = -reach
  axis.max = reach
}

function placeTicks(axis: Scale): void {
  const room = Math.max(2, Math.floor(axis.width / (rem() * 4.2)))
  axis.ticks = timeTicks(axis.min, axis.max, room, zoneOffsetMs(timeZone.value, axis.max)).at.map(value => ({ value }))
}

const DAY_MS = 24 * 3_600_000

function tickLabel(at: number, scale: ChartScale): string {
  const style = scale.to - scale.from > 2 * DAY_MS ? 'day' : 'minute'
  return formatTime(at, timeZone.value, language.value, style)
}

/** The lines as Chart.js wants them: gaps explicit, nothing spanned. */
export function dataSets(
  lines: readonly GraphLine[],
  scale: ChartScale,
): ChartDataset<'line', { x: number; y: number }[]>[] {
  return lines.map((line, index) => {
    const colour = token(`--data-${line.tone}`)
    const points = withGaps(line.points, scale.maxGapMs)
    return {
      label: line.name,
      data: points.map(([x, y]) => ({ x, y: y ?? Number.NaN })),
      // What no line leads to would not be seen.
      pointRadius: standAlone(points).map(isAlone => (isAlone ? rem() * 0.18 : 0)),
      pointBackgroundColor: colour,
      borderColor: colour,
      backgroundColor: `${colour}${line.fill === 'none' ? '00' : '38'}`,
      fill: line.fill === 'none' ? false : line.fill === 'zero' ? 'origin' : index - 1,
      borderDash: line.dashed ? [rem() * 0.3, rem() * 0.25] : [],
      spanGaps: false,
      // The newest point lies on the edge.
      clip: rem() * 0.25,
    }
  })
}
