import { useComputed, useSignal } from '@preact/signals'
import { useEffect, useRef, useState } from 'preact/hooks'
import type { SubjectState } from '../../../../protocol/vocabulary.ts'
import type { ServerTile } from '../../../../protocol/wall-views.ts'
import { now } from '../../app/clock.ts'
import { Link } from '../../app/link.tsx'
import { may } from '../../app/session.ts'
import { useTitle } from '../../app/use-title.ts'
import { t } from '../../i18n/translate.ts'
import { shownState } from '../../live/effective-state.ts'
import { wall } from '../../live/live-state.ts'
import { Skeleton } from '../../ui/button.tsx'
import { EmptyState } from '../../ui/notice.tsx'
import { ActiveIncidents } from './active-incidents.tsx'
import { arrangeTiles, countStates, matchesFilter, type ShownTile } from './arrange.ts'
import { chooseDensity, type Fit, stretchOf } from './density.ts'
import { SummaryStrip } from './summary-strip.tsx'
import { Tile } from './tile.tsx'
import './wall.css'

const NO_SERVERS: ServerTile[] = []
/** What stays free under the last row. */
const BOTTOM_REM = 1
/** As wall.css has it: what stands beside and above the tiles, for a guess before they can be measured. */
const SIDE_BY_SIDE_PX = 1_100
const WIDE_AROUND_REM = 27.5
const NARROW_AROUND_REM = 3
const ABOVE_REM = 8.75

/** The first page: every server, what is wrong, and since when. */
export function WallScreen() {
  const text = useSignal('')
  const only = useSignal<SubjectState | null>(null)
  // Time passes each second, but the order changes only when some tile's standing does.
  const standing = useComputed(() => {
    const at = now.value
    return (wall.value?.servers ?? NO_SERVERS).map(tile => shownState(tile, at)).join(' ')
  })
  const shown = useComputed(() => {
    void standing.value
    return arrangeTiles(wall.value?.servers ?? NO_SERVERS, now.peek())
  })
  const visible = shown.value.filter(
    ({ tile, state }) => (only.value === null || only.value === state) && matchesFilter(tile, text.value.trim()),
  )
  const present = wall.value
  const incidents = present?.incidents ?? []
  useTitle(incidents.length === 0 ? t('wall.title') : `(${incidents.length}) ${t('wall.title')}`)
  if (present === null)
    return (
      <div class="wall-loading">
        <Skeleton rows={6} />
      </div>
    )
  return (
    <div class="wall">
      <h1 class="visually-hidden">{t('wall.title')}</h1>
      <SummaryStrip counts={countStates(shown.value)} total={present.servers.length} text={text} only={only} />
      <div class="wall-body">
        <section class="wall-servers" aria-label={t('wall.list')}>
          {present.servers.length === 0 ? (
            <NoServers />
          ) : visible.length === 0 ? (
            <EmptyState title={t('wall.no-match')}>
              <p>{t('wall.no-match.text')}</p>
            </EmptyState>
          ) : (
            <Tiles shown={visible} />
          )}
        </section>
        <ActiveIncidents incidents={incidents} hasServers={present.servers.length > 0} />
      </div>
    </div>
  )
}

const remOfPage = () => Number.parseFloat(getComputedStyle(document.documentElement).fontSize)

function Tiles({ shown }: { shown: ShownTile[] }) {
  const list = useRef<HTMLUListElement>(null)
  const count = shown.length
  // A good guess at once: to lay a thousand tiles out large only to measure them costs more than all else.
  const [fit, setFit] = useState<Fit>(() => {
    const rem = remOfPage()
    const around = window.innerWidth < SIDE_BY_SIDE_PX ? NARROW_AROUND_REM : WIDE_AROUND_REM
    return chooseDensity(count, window.innerWidth / rem - around, window.innerHeight / rem - ABOVE_REM, rem)
  })
  useEffect(() => {
    const element = list.current
    if (element === null) return
    const measure = () => {
      const rem = remOfPage()
      const box = element.getBoundingClientRect()
      const top = box.top + window.scrollY
      const next = chooseDensity(count, box.width / rem, (window.innerHeight - top) / rem - BOTTOM_REM, rem)
      setFit(old => (old.density === next.density && old.scale === next.scale ? old : next))
    }
    measure()
    const observer = new ResizeObserver(measure)
    observer.observe(element)
    window.addEventListener('resize', measure)
    return () => {
      observer.disconnect()
      window.removeEventListener('resize', measure)
    }
  }, [count])
  return (
    <ul
      class="tiles"
      data-density={fit.density}
      style={{ '--tile-scale': String(fit.scale), '--tile-stretch': String(stretchOf(fit.density, fit.scale)) }}
      ref={list}
    >
      {shown.map(({ tile, state }) => (
        <li class="tile-place" key={tile.id}>
          <Tile tile={tile} state={state} hasFigures={fit.density !== 'dense'} />
        </li>
      ))}
    </ul>
  )
}

function NoServers() {
  return (
    <EmptyState title={t('wall.empty.title')}>
      <p>{t('wall.empty.text')}</p>
      {may('agents:write') ? (
        <Link class="button button-primary" to="/settings/agents">
          {t('wall.empty.action')}
        </Link>
      ) : (
        <p>{t('wall.empty.ask')}</p>
      )}
    </EmptyState>
  )
}
