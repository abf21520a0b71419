import type { StateInterval } from '../../../protocol/availability-views.ts'
import type { SubjectState } from '../../../protocol/vocabulary.ts'
import { timeZone } from '../app/session.ts'
import { formatDuration } from '../format/age.ts'
import { formatTime } from '../format/time.ts'
import { language, t } from '../i18n/translate.ts'
import { Time } from './age.tsx'
import { StateLabel } from './state-mark.tsx'
import { Table } from './table.tsx'
import './history-strip.css'

/** A state is told by the height of its bar too: the taller, the worse. */
const HEIGHTS: Record<SubjectState, number> = {
  up: 6,
  maintenance: 12,
  unknown: 18,
  degraded: 22,
  unreachable: 29,
  down: 36,
}
const STRIP_HEIGHT = 36
const STRIP_WIDTH = 1440
/** An outage of seconds must still be seen on a day's strip. */
const NARROWEST = 3

export function HistoryStrip({ history }: { history: readonly StateInterval[] }) {
  const words = language.value
  const from = history[0]?.from ?? 0
  const to = history.at(-1)?.to ?? from + 1
  const x = (at: number) => ((at - from) / Math.max(1, to - from)) * STRIP_WIDTH
  const told = (interval: StateInterval) =>
    `${t(`state.${interval.state}`)}, ${formatTime(interval.from, timeZone.value, words, 'day-minute')} – ${formatTime(interval.to, timeZone.value, words, 'day-minute')} (${formatDuration(interval.to - interval.from, words)})`
  const present = [...new Set(history.map(interval => interval.state))]
  // Short and bad ones are drawn last, so that nothing long covers them.
  const drawn = [...history].sort((a, b) => HEIGHTS[a.state] - HEIGHTS[b.state])
  return (
    <div>
      <svg
        class="strip"
        viewBox={`0 0 ${STRIP_WIDTH} ${STRIP_HEIGHT}`}
        preserveAspectRatio="none"
        role="img"
        aria-label={t('availability.strip')}
      >
        <rect class="strip-base" x="0" y={STRIP_HEIGHT - 1} width={STRIP_WIDTH} height="1" />
        {drawn.map(interval => (
          <rect
            key={interval.from}
            class={`tone-${interval.state}`}
            x={Math.min(x(interval.from), STRIP_WIDTH - NARROWEST)}
            y={STRIP_HEIGHT - HEIGHTS[interval.state]}
            width={Math.max(NARROWEST, x(interval.to) - x(interval.from))}
            height={HEIGHTS[interval.state]}
          >
            <title>{told(interval)}</title>
          </rect>
        ))}
      </svg>
      <p class="strip-ends">
        <Time at={from} style="day-minute" />
        <span class="strip-legend">
          {present.map(state => (
            <StateLabel key={state} state={state} />
          ))}
        </span>
        <Time at={to} style="day-minute" />
      </p>
      <details class="disclosure">
        <summary>{t('availability.list', { n: history.length })}</summary>
        <Table
          label={t('availability.strip')}
          rows={[...history].reverse()}
          rowKey={interval => interval.from}
          columns={[
            { label: t('server.state'), kind: 'head', cell: interval => <StateLabel state={interval.state} /> },
            { label: t('availability.from'), cell: interval => <Time at={interval.from} /> },
            { label: t('availability.length'), cell: interval => formatDuration(interval.to - interval.from, words) },
            { label: t('availability.cause'), cell: interval => interval.cause ?? '–' },
          ]}
        />
      </details>
    </div>
  )
}
