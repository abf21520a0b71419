import type { ComponentChildren } from 'preact'
import { useState } from 'preact/hooks'
import { call } from '../../api/call.ts'
import { Link } from '../../app/link.tsx'
import { pathOf } from '../../app/router.ts'
import { useTitle } from '../../app/use-title.ts'
import { formatBitRate } from '../../format/number.ts'
import { language, t } from '../../i18n/translate.ts'
import { Age } from '../../ui/age.tsx'
import { AvailabilityFigures } from '../../ui/availability-figures.tsx'
import { Skeleton } from '../../ui/button.tsx'
import { Facts } from '../../ui/facts.tsx'
import { HistoryStrip } from '../../ui/history-strip.tsx'
import { EmptyState, ErrorNotice } from '../../ui/notice.tsx'
import { Panel } from '../../ui/panel.tsx'
import { ScreenHead } from '../../ui/screen-head.tsx'
import { StateLabel } from '../../ui/state-mark.tsx'
import { OutageTable } from './outage-table.tsx'
import { SmokeGraph } from './smoke-graph.tsx'
import { useOwners } from './use-owners.ts'
import { useRefreshed } from './use-refreshed.ts'
import { WINDOWS, type Window, WindowSwitch } from './window-switch.tsx'
import './network.css'

/** One link: how it stands, how it stood, and whose fault it was. */
export function LinkScreen({ id }: { id: string }) {
  const [window, setWindow] = useState<Window>('day')
  const links = useRefreshed('links', signal => call('links', { signal }))
  const owners = useOwners()
  const timeline = useRefreshed(
    `${id}/${window}`,
    signal => {
      const to = Date.now()
      return call('timeline', { params: { id }, query: { from: to - WINDOWS[window], to }, signal })
    },
    15_000,
  )
  const link = links.data?.links.find(one => one.id === id)
  useTitle(link?.name ?? t('network.links'))
  if (link === undefined) {
    return (
      <div class="page">
        <ErrorNotice error={links.error} onRetry={links.reload} />
        {links.data === null ? <Skeleton rows={5} /> : <EmptyState title={t('problem.not-found')} />}
      </div>
    )
  }
  const { standing } = link
  const agency = owners.data?.agencies.find(one => one.id === link.agencyId)
  const provider = owners.data?.providers.find(one => one.id === link.providerId)
  const known: [string, ComponentChildren][] = [
    [
      t('links.agency'),
      agency === undefined ? undefined : (
        <Link key="agency" to={pathOf({ screen: 'agency', id: agency.id })}>
          {agency.name}
        </Link>
      ),
    ],
    [t('links.provider'), provider?.name],
    [t('links.contract'), link.contractNumber],
    [t('links.committed'), link.committedBps === null ? undefined : formatBitRate(link.committedBps, language.value)],
    [t('providers.contact'), provider?.contact],
  ]
  const facts = known.filter(([, value]) => Boolean(value))
  return (
    <div class="page network">
      <ScreenHead
        tone={link.monitored ? standing.state : 'none'}
        back={{ to: pathOf({ screen: 'network', section: 'links' }), label: t('link.back') }}
        title={link.name}
        text={link.address}
        facts={[
          [
            t('server.state'),
            link.monitored ? (
              <StateLabel key="state" state={standing.state} inMaintenance={standing.inMaintenance} />
            ) : (
              t('links.unmonitored')
            ),
          ],
          ...(standing.since === null ? [] : [[t('server.since'), <Age key="since" at={standing.since} />] as const]),
        ]}
      ></ScreenHead>
      {facts.length > 0 && <Facts facts={facts} />}
      <Panel title={t('link.timeline')} aside={<WindowSwitch chosen={window} onChoose={setWindow} />}>
        <ErrorNotice error={timeline.error} onRetry={timeline.reload} />
        {timeline.data === null ? (
          <Skeleton rows={2} />
        ) : (
          <>
            <AvailabilityFigures figures={timeline.data.availability} />
            <HistoryStrip history={timeline.data.history} />
          </>
        )}
      </Panel>
      <SmokeGraph subjectId={id} name={link.name} windowMs={WINDOWS[window]} />
      <Panel title={t('outages.title')}>
        {timeline.data !== null && timeline.data.outages.length === 0 && <EmptyState title={t('outages.empty')} />}
        {timeline.data !== null && timeline.data.outages.length > 0 && (
          <OutageTable outages={timeline.data.outages} onChanged={timeline.reload} />
        )}
      </Panel>
    </div>
  )
}
