import type { ServerView } from '../../../../protocol/server-views.ts'
import type { ServerTile } from '../../../../protocol/wall-views.ts'
import { now } from '../../app/clock.ts'
import { useTitle } from '../../app/use-title.ts'
import { METRICS } from '../../charts/server-graphs.ts'
import { t } from '../../i18n/translate.ts'
import { effectiveState, shownState } from '../../live/effective-state.ts'
import { wall } from '../../live/live-state.ts'
import { Age, Time } from '../../ui/age.tsx'
import { Skeleton } from '../../ui/button.tsx'
import { EmptyState, ErrorNotice } from '../../ui/notice.tsx'
import { ScreenHead } from '../../ui/screen-head.tsx'
import { StateLabel } from '../../ui/state-mark.tsx'
import { AgentBlock } from './agent-block.tsx'
import { Availability } from './availability.tsx'
import { ExportBlock } from './export-block.tsx'
import { Facts, Filesystems, Interfaces } from './facts.tsx'
import { ServerGraphs } from './graphs.tsx'
import { OtherGraphs } from './other-graphs.tsx'
import { PlaceBlock } from './place-block.tsx'
import { RemoveServer } from './remove-server.tsx'
import { SubjectIncidents } from './subject-incidents.tsx'
import { useWatchedServer } from './use-watched.ts'
import { Verdicts } from './verdicts.tsx'
import './server.css'

/** Everything about one server, live. */
export function ServerScreen({ id }: { id: string }) {
  const server = useWatchedServer(id)
  // The wall's tile is newer than the loaded record, as long as the server stands on the wall.
  const tile = wall.value?.servers.find(one => one.id === id) ?? server.data?.tile ?? null
  useTitle(tile?.name ?? t('server.title'))
  const others = onlyOthers(server.data?.metrics ?? [])
  if (tile === null)
    return (
      <div class="page">
        <ErrorNotice error={server.error} onRetry={server.reload} />
        {server.loading && <Skeleton rows={5} />}
      </div>
    )
  return (
    <div class="page">
      <Head tile={tile} view={server.data} />
      <ErrorNotice error={server.error} onRetry={server.reload} />
      {server.data?.replaced === 'noc-agent' && (
        <p class="notice notice-error">{t('install.replaced-noc', { name: tile.name })}</p>
      )}
      {server.data !== null && <SubjectIncidents view={server.data} onChanged={server.reload} />}
      {others === null ? <ServerGraphs tile={tile} /> : <OtherGraphs tile={tile} metrics={others} />}
      {server.data === null ? <Skeleton rows={4} /> : <Details view={server.data} onChanged={server.reload} />}
    </div>
  )
}

/** What a host sends that knows none of the metrics of our own agents; null where it knows some. */
function onlyOthers(metrics: ServerView['metrics']): ServerView['metrics'] | null {
  const isUsual = (name: string) => METRICS.some(usual => usual === name)
  return metrics.length === 0 || metrics.some(({ metric }) => isUsual(metric)) ? null : metrics
}

function Head({ tile, view }: { tile: ServerTile; view: ServerView | null }) {
  const state = effectiveState(tile, now.value)
  return (
    <ScreenHead
      tone={shownState(tile, now.value)}
      back={{ to: '/', label: t('server.back') }}
      title={tile.name}
      text={tile.slug === tile.name ? undefined : <span class="cut">{tile.slug}</span>}
      facts={[
        [t('server.state'), <StateLabel key="state" state={state} inMaintenance={tile.inMaintenance} />],
        ...(tile.stateSince === null || state !== tile.state
          ? []
          : [[t('server.since'), <Since key="since" at={tile.stateSince} />] as const]),
        [t('server.data-age'), <Age key="age" at={tile.lastSampleAt} />],
        [t('server.booted'), view === null || view.bootedAt === null ? '–' : <Age key="booted" at={view.bootedAt} />],
      ]}
    />
  )
}

function Since({ at }: { at: number }) {
  return (
    <>
      <Age at={at} />{' '}
      <span class="faint server-instant">
        <Time at={at} style="day-minute" />
      </span>
    </>
  )
}

function Details({ view, onChanged }: { view: ServerView; onChanged: () => void }) {
  return (
    <>
      <Availability view={view} />
      <Verdicts verdicts={view.verdicts} />
      <div class="server-columns">
        <Filesystems rows={view.filesystems} />
        <Interfaces rows={view.interfaces} />
      </div>
      <div class="server-columns">
        <Facts facts={view.facts} />
        {view.agent === null ? <EmptyState title={t('agent.none')} /> : <AgentBlock agent={view.agent} />}
      </div>
      <PlaceBlock view={view} onChanged={onChanged} />
      <ExportBlock view={view} />
      <RemoveServer tile={view.tile} />
    </>
  )
}
