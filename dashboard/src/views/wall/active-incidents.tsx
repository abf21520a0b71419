import type { IncidentSummary } from '../../../../protocol/incident-views.ts'
import { Link } from '../../app/link.tsx'
import { t } from '../../i18n/translate.ts'
import { IncidentCard } from '../../ui/incident-card.tsx'
import { StateMark } from '../../ui/state-mark.tsx'
import { arrangeIncidents } from './arrange.ts'

const SHOWN_AT_MOST = 40

/** What people work on now, worst first, beside the servers. */
export function ActiveIncidents({ incidents, hasServers }: { incidents: IncidentSummary[]; hasServers: boolean }) {
  const arranged = arrangeIncidents(incidents)
  return (
    <section class="wall-incidents" aria-labelledby="active-incidents">
      <div class="wall-incidents-head">
        <h2 id="active-incidents">
          {t('wall.incidents')} <span class="faint">{incidents.length}</span>
        </h2>
        <Link to="/incidents">{t('wall.incidents.all')}</Link>
      </div>
      {incidents.length === 0 ? (
        <p class="all-quiet">
          {/* Without servers nothing is watched, and that is not the same as calm. */}
          <StateMark state={hasServers ? 'up' : 'unknown'} />
          {t(hasServers ? 'wall.quiet' : 'wall.unwatched')}
        </p>
      ) : (
        <ul class="incident-list">
          {arranged.slice(0, SHOWN_AT_MOST).map(incident => (
            <li key={incident.id}>
              <IncidentCard incident={incident} />
            </li>
          ))}
        </ul>
      )}
    </section>
  )
}
