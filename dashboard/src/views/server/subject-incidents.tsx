import type { ServerView } from '../../../../protocol/server-views.ts'
import { Link } from '../../app/link.tsx'
import { t } from '../../i18n/translate.ts'
import { IncidentCard } from '../../ui/incident-card.tsx'
import { Panel } from '../../ui/panel.tsx'

/** What is wrong with it now, and that something was. */
export function SubjectIncidents({ view, onChanged }: { view: ServerView; onChanged: () => void }) {
  const active = view.incidents.filter(incident => incident.state !== 'resolved')
  const past = view.incidents.filter(incident => incident.state === 'resolved')
  if (view.incidents.length === 0) return null
  return (
    <Panel
      title={t('server.incidents')}
      aside={<Link to={`/incidents?subject=${view.tile.id}`}>{t('server.incidents.all')}</Link>}
    >
      {active.length === 0 && <p class="soft">{t('server.incidents.none', { n: past.length })}</p>}
      <ul class="server-incidents">
        {active.map(incident => (
          <li key={incident.id}>
            <IncidentCard incident={incident} onChanged={onChanged} />
          </li>
        ))}
      </ul>
    </Panel>
  )
}
