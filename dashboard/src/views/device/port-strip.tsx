import type { CallResponse } from '../../../../protocol/api.ts'
import type { InterfaceState } from '../../../../protocol/snmp-words.ts'
import { timeZone } from '../../app/session.ts'
import { formatDuration } from '../../format/age.ts'
import { formatTime } from '../../format/time.ts'
import { language, t } from '../../i18n/translate.ts'
import { Time } from '../../ui/age.tsx'
import { PORT_SHAPE, PortState } from './port-state.tsx'

/** A state is told by the height of its bar too. */
const HEIGHTS: Record<InterfaceState, number> = { up: 5, 'admin-down': 10, unknown: 14, 'not-present': 18, down: 24 }
const [WIDTH, HEIGHT, NARROWEST] = [1440, 24, 3]

type Intervals = CallResponse<'interfaceHistory'>['intervals']

/** When an interface was up, down, switched off or unheard. */
export function PortStrip({ name, intervals }: { name: string; intervals: Intervals }) {
  const from = intervals[0]?.from ?? 0
  const to = intervals.at(-1)?.to ?? from + 1
  const x = (at: number): number => ((at - from) / Math.max(1, to - from)) * WIDTH
  const at = (instant: number): string => formatTime(instant, timeZone.value, language.value, 'day-minute')
  if (intervals.length === 0) return null
  return (
    <div>
      <svg
        class="strip port-strip"
        viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
        preserveAspectRatio="none"
        role="img"
        aria-label={t('port-graph.history', { name })}
      >
        <rect class="strip-base" x="0" y={HEIGHT - 1} width={WIDTH} height="1" />
        {[...intervals]
          .sort((a, b) => HEIGHTS[a.state] - HEIGHTS[b.state])
          .map(one => (
            <rect
              key={one.from}
              class={`tone-${PORT_SHAPE[one.state]}`}
              x={x(one.from)}
              y={HEIGHT - HEIGHTS[one.state]}
              width={Math.max(NARROWEST, x(one.to) - x(one.from))}
              height={HEIGHTS[one.state]}
            >
              <title>
                {`${t(`port-state.${one.state}`)}, ${at(one.from)} – ${at(one.to)} (${formatDuration(one.to - one.from, language.value)})`}
              </title>
            </rect>
          ))}
      </svg>
      <p class="strip-ends">
        <Time at={from} style="day-minute" />
        <span class="strip-legend">
          {[...new Set(intervals.map(({ state }) => state))].map(state => (
            <PortState key={state} state={state} />
          ))}
        </span>
        <Time at={to} style="day-minute" />
      </p>
    </div>
  )
}
