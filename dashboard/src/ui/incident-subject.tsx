import type { IncidentSummary } from '../../../protocol/incident-views.ts'
import { Link } from '../app/link.tsx'
import { pathOf } from '../app/router.ts'

/** A fault leads to its server; what a regulation asks leads to the duty, for its subject may be an agency or the city. */
export function IncidentSubject({ incident }: { incident: IncidentSummary }) {
  return <Link to={placeOf(incident)}>{incident.subject.name}</Link>
}

function placeOf({ kind, ruleId, subject }: IncidentSummary): string {
  if (ruleId === 'duty-unmeasured') return `${pathOf({ screen: 'duties' })}?by=pasal&show=unmeasured`
  if (kind === 'fault') return pathOf({ screen: subject.kind === 'link' ? 'link' : 'server', id: subject.id })
  return ruleId === 'duty-calendar' ? pathOf({ screen: 'duty-calendar' }) : pathOf({ screen: 'duty', id: ruleId })
}
