import { useState } from 'preact/hooks'
import { call } from '../../api/call.ts'
import { useResource } from '../../api/use-resource.ts'
import { now } from '../../app/clock.ts'
import { pathOf } from '../../app/router.ts'
import { useTitle } from '../../app/use-title.ts'
import { t } from '../../i18n/translate.ts'
import { AvailabilityFigures } from '../../ui/availability-figures.tsx'
import { Skeleton } from '../../ui/button.tsx'
import { HistoryStrip } from '../../ui/history-strip.tsx'
import { EmptyState, ErrorNotice } from '../../ui/notice.tsx'
import { Panel } from '../../ui/panel.tsx'
import { ScreenHead } from '../../ui/screen-head.tsx'
import { StateLabel } from '../../ui/state-mark.tsx'
import { AvailabilityLines, REACH_MS } from './availability-tables.tsx'
import { LinkTable } from './link-table.tsx'
import { useOwners } from './use-owners.ts'
import { useRefreshed } from './use-refreshed.ts'
import { WINDOWS, type Window, WindowSwitch } from './window-switch.tsx'
import './network.css'

/** One agency: how it is connected now, how it was, and by which links. */
export function AgencyScreen({ id }: { id: string }) {
  const [window, setWindow] = useState<Window>('day')
  const owners = useOwners()
  const links = useRefreshed('links', signal => call('links', { signal }))
  const timeline = useRefreshed(
    `${id}/${window}`,
    signal => {
      const to = Date.now()
      return call('agencyTimeline', { params: { id }, query: { from: to - WINDOWS[window], to }, signal })
    },
    15_000,
  )
  const months = useResource(`${id}/months`, signal => {
    const to = Math.ceil(now.peek() / 60_000) * 60_000
    return call('availability', { query: { of: 'agency', by: 'month', from: to - REACH_MS.month, to, id }, signal })
  })
  const agency = owners.data?.agencies.find(one => one.id === id)
  useTitle(agency?.name ?? t('links.agency'))
  if (agency === undefined) {
    return (
      <div class="page">
        <ErrorNotice error={owners.error} onRetry={owners.reload} />
        {owners.data === null ? <Skeleton rows={5} /> : <EmptyState title={t('problem.not-found')} />}
      </div>
    )
  }
  const own = (links.data?.links ?? []).filter(link => link.agencyId === id)
  const state = timeline.data?.history.at(-1)?.state ?? 'unknown'
  const isWatched = timeline.data?.watched !== 0
  return (
    <div class="page network">
      <ScreenHead
        tone={isWatched ? state : 'none'}
        back={{ to: pathOf({ screen: 'network', section: 'availability' }), label: t('agency.back') }}
        title={agency.name}
        facts={[[t('server.state'), isWatched ? <StateLabel key="state" state={state} /> : t('links.unmonitored')]]}
      />
      <Panel title={t('agency.timeline')} aside={<WindowSwitch chosen={window} onChoose={setWindow} />}>
        <p class="soft">{t('agency.timeline.text')}</p>
        <ErrorNotice error={timeline.error} onRetry={timeline.reload} />
        {timeline.data === null && <Skeleton rows={2} />}
        {timeline.data?.watched === 0 && <EmptyState title={t('agency.unwatched')} />}
        {timeline.data !== null && timeline.data.watched > 0 && (
          <>
            <AvailabilityFigures figures={timeline.data.availability} />
            <HistoryStrip history={timeline.data.history} />
          </>
        )}
      </Panel>
      <Panel title={t('network.links')}>
        <ErrorNotice error={links.error} onRetry={links.reload} />
        {links.data !== null && own.length === 0 && <EmptyState title={t('links.empty')} />}
        {own.length > 0 && <LinkTable rows={own} owners={owners.data} mayChange={false} />}
      </Panel>
      <Panel title={t('agency.months')}>
        <ErrorNotice error={months.error} onRetry={months.reload} />
        {months.data !== null && <AvailabilityLines rows={months.data.rows} />}
      </Panel>
    </div>
  )
}
