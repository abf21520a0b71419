import type { SubjectState } from '../../../../protocol/vocabulary.ts'
import type { ServerTile } from '../../../../protocol/wall-views.ts'
import { Link } from '../../app/link.tsx'
import { pathOf } from '../../app/router.ts'
import { formatPercent } from '../../format/number.ts'
import { language, t } from '../../i18n/translate.ts'
import { Age } from '../../ui/age.tsx'
import { Meter } from '../../ui/meter.tsx'
import { SimulatedMark } from '../../ui/simulated.tsx'
import { SeverityMark, StateMark } from '../../ui/state-mark.tsx'
import { splitName } from './split-name.ts'
import './tile.css'
import './tile-compact.css'

/** Their figures are of a time that is over. */
const SILENT: ReadonlySet<SubjectState> = new Set(['unknown', 'down', 'unreachable'])

/** One server; the smallest tiles have no figures. `state` is what the page may claim at this moment, which can be less than what the collector last said. */
export function Tile({ tile, state, hasFigures }: { tile: ServerTile; state: SubjectState; hasFigures: boolean }) {
  const fullest = tile.fullestFilesystem
  const [head, tail] = splitName(tile.name)
  return (
    <Link
      to={pathOf({ screen: tile.isPolled ? 'device' : 'server', id: tile.id })}
      class={`tile tile-${state}${state === 'up' ? '' : ' tile-marked'}${SILENT.has(state) ? ' tile-silent' : ''}`}
      title={tile.name}
    >
      <span class="tile-head">
        <StateMark state={state} />
        <span class="tile-name">
          <span class="cut">{head}</span>
          {tail}
        </span>
        {tile.simulated && <SimulatedMark size="short" />}
        <IncidentBadge tile={tile} />
      </span>
      <span class="tile-status">
        <span class="tile-state">{wordsOf(tile, state)}</span>
        {state !== 'up' && tile.stateSince !== null && (state === tile.state || tile.inMaintenance) && (
          <span class="tile-since">
            <Age at={tile.stateSince} />
          </span>
        )}
        <span class="tile-age">
          <span class="tile-age-word">{t('tile.data')} </span>
          <Age at={tile.lastSampleAt} />
        </span>
      </span>
      {hasFigures && (
        <span class="tile-meters">
          <Figure label={t('tile.cpu')} ratio={tile.cpuRatio} />
          <Figure label={t('tile.memory')} ratio={tile.memoryRatio} />
          {tile.ports === null ? (
            <Figure label={fullest?.mountpoint ?? t('tile.disk')} ratio={fullest?.usedRatio ?? null} />
          ) : (
            <Ports {...tile.ports} />
          )}
        </span>
      )}
    </Link>
  )
}

/** Of what is under planned work also how it stands: that is measured all the same. */
function wordsOf(tile: ServerTile, state: SubjectState): string {
  const beside = tile.inMaintenance && tile.state !== 'up' && tile.state !== state
  return beside ? `${t(`state.${state}`)} · ${t(`state.${tile.state}`)}` : t(`state.${state}`)
}

function Figure({ label, ratio }: { label: string; ratio: number | null }) {
  return (
    <span class="figure">
      <span class="figure-label cut" title={label}>
        {label}
      </span>
      <span class="figure-value">{ratio === null ? '–' : formatPercent(ratio, language.value)}</span>
      <Meter ratio={ratio} />
    </span>
  )
}

function Ports({ up, total }: { up: number; total: number }) {
  return (
    <span class="figure">
      <span class="figure-label cut">{t('tile.ports')}</span>
      <span class="figure-value">
        {up}/{total}
      </span>
    </span>
  )
}

function IncidentBadge({ tile }: { tile: ServerTile }) {
  const count = tile.openIncidents + tile.acknowledgedIncidents
  if (count === 0 || tile.worstSeverity === null) return null
  const words = [
    tile.openIncidents > 0 ? t('tile.open', { n: tile.openIncidents }) : '',
    tile.acknowledgedIncidents > 0 ? t('tile.acknowledged', { n: tile.acknowledgedIncidents }) : '',
  ].filter(word => word !== '')
  return (
    <span class={tile.openIncidents > 0 ? 'badge badge-open' : 'badge'} title={words.join(', ')}>
      <SeverityMark severity={tile.worstSeverity} />
      <span aria-hidden="true">{count}</span>
      <span class="visually-hidden">
        {t(`severity.${tile.worstSeverity}`)}: {words.join(', ')}
      </span>
    </span>
  )
}
