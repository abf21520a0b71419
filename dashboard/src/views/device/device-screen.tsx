import type { DeviceView } from '../../../../protocol/device-calls.ts'
import type { ServerView } from '../../../../protocol/server-views.ts'
import type { ServerTile } from '../../../../protocol/wall-views.ts'
import { call } from '../../api/call.ts'
import { useAction } from '../../api/use-action.ts'
import { useReloads } from '../../api/use-refreshed.ts'
import { useResource } from '../../api/use-resource.ts'
import { now } from '../../app/clock.ts'
import { Link } from '../../app/link.tsx'
import { pathOf } from '../../app/router.ts'
import { may } from '../../app/session.ts'
import { useTitle } from '../../app/use-title.ts'
import { t } from '../../i18n/translate.ts'
import { effectiveState, shownState } from '../../live/effective-state.ts'
import { samples, wall } from '../../live/live-state.ts'
import { Age } from '../../ui/age.tsx'
import { Button, Skeleton } from '../../ui/button.tsx'
import { ErrorNotice } from '../../ui/notice.tsx'
import { ScreenHead } from '../../ui/screen-head.tsx'
import { SimulatedMark } from '../../ui/simulated.tsx'
import { StateLabel } from '../../ui/state-mark.tsx'
import { toast } from '../../ui/toast.tsx'
import { Availability } from '../server/availability.tsx'
import { RemoveServer } from '../server/remove-server.tsx'
import { SubjectIncidents } from '../server/subject-incidents.tsx'
import { useChangesOf, useWatchedServer } from '../server/use-watched.ts'
import { Verdicts } from '../server/verdicts.tsx'
import { DeviceGraphs } from './device-graphs.tsx'
import { Changes, Events, Neighbours } from './found.tsx'
import { Identity, Sensors } from './identity.tsx'
import { Polling } from './polling.tsx'
import { Ports } from './ports.tsx'
import '../server/server.css'
import './device.css'

/** Everything about one polled device, live. */
export function DeviceScreen({ id }: { id: string }) {
  const server = useWatchedServer(id)
  const device = useResource(id, signal => call('device', { params: { id }, signal }))
  const changes = useChangesOf(id)
  // What its ports carry comes with each poll.
  const polledAt = samples.value?.serverId === id ? samples.value : null
  useReloads(device, changes)
  useReloads(device, polledAt)
  const reload = () => {
    device.reload()
    server.reload()
  }

  const tile = wall.value?.servers.find(one => one.id === id) ?? server.data?.tile ?? null
  useTitle(tile?.name ?? t('device.title'))
  if (tile === null)
    return (
      <div class="page">
        <ErrorNotice error={device.error ?? server.error} onRetry={reload} />
        {device.loading && <Skeleton rows={5} />}
      </div>
    )
  const view = device.data
  return (
    <div class="page">
      <Head tile={tile} view={view} server={server.data} />
      <ErrorNotice error={device.error ?? server.error} onRetry={reload} />
      {view !== null && view.conflict !== null && <Conflict view={view} onSettled={reload} />}
      {server.data !== null && <SubjectIncidents view={server.data} onChanged={reload} />}
      {view === null ? <Skeleton rows={4} /> : <Ports view={view} tile={tile} />}
      {server.data !== null && <DeviceGraphs tile={tile} metrics={server.data.metrics} />}
      {view !== null && view.sensors.length > 0 && <Sensors view={view} />}
      {server.data !== null && <Availability view={server.data} />}
      {server.data !== null && <Verdicts verdicts={server.data.verdicts} />}
      {view !== null && (
        <>
          <div class="server-columns">
            <Identity view={view} />
            <Polling view={view} onChanged={reload} />
          </div>
          <Neighbours view={view} />
          <Changes view={view} />
          <Events view={view} />
        </>
      )}
      <RemoveServer tile={tile} />
    </div>
  )
}

function Head({ tile, view, server }: { tile: ServerTile; view: DeviceView | null; server: ServerView | null }) {
  const state = effectiveState(tile, now.value)
  const row = view?.device ?? null
  const what = [row?.vendor, row?.model].filter(text => text !== null && text !== undefined).join(' ')
  return (
    <ScreenHead
      tone={shownState(tile, now.value)}
      back={{ to: '/devices', label: t('devices.title') }}
      title={tile.name}
      mark={tile.simulated && <SimulatedMark />}
      text={[t(`kind.${tile.kind}`), row?.address, what].filter(text => text !== undefined && text !== '').join(' · ')}
      facts={[
        [t('server.state'), <StateLabel key="state" state={state} inMaintenance={tile.inMaintenance} />],
        ...(tile.stateSince === null || state !== tile.state
          ? []
          : [[t('server.since'), <Age key="since" at={tile.stateSince} />] as const]),
        [t('devices.heard'), <Age key="heard" at={tile.lastSampleAt} />],
        [
          t('server.booted'),
          server === null || server.bootedAt === null ? '–' : <Age key="booted" at={server.bootedAt} />,
        ],
      ]}
    />
  )
}

function Conflict({ view, onSettled }: { view: DeviceView; onSettled: () => void }) {
  const settle = useAction(async () => {
    await call('settleIdentity', { params: { id: view.device.id }, body: {} })
    toast(t('device.conflict.done'))
    onSettled()
  })
  const { conflict } = view
  if (conflict === null) return null
  const { recorded, found, otherId } = conflict
  return (
    <section class="card device-conflict" role="alert">
      <h2>{t('device.conflict')}</h2>
      {otherId === null ? (
        <p>{t('device.conflict.text', { recorded, found })}</p>
      ) : (
        <p>
          {t('device.conflict.other', { found })}{' '}
          <Link to={pathOf({ screen: 'device', id: otherId })}>{t('device.conflict.see')}</Link>
        </p>
      )}
      <ErrorNotice error={settle.error} />
      {may('inventory:write') && (
        <div class="form-actions">
          <Button busy={settle.busy} onClick={() => void settle.run()}>
            {t('device.conflict.accept')}
          </Button>
        </div>
      )}
    </section>
  )
}
