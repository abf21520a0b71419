import type { IncidentSummary } from '../../../protocol/incident-views.ts'
import { Link } from '../app/link.tsx'
import { pathOf } from '../app/router.ts'
import { subjectPath } from '../app/subject-path.ts'

/** A fault leads to its server; what a regulation asks leads to the duty, for its subject may be an agency or the city. */
export function IncidentSubject({ incident }: { incident: IncidentSummary }) {
  const path = placeOf(incident)
  return path === null ? <span>{incident.subject.name}</span> : <Link to={path}>{incident.subject.name}</Link>
}

function placeOf({ kind, ruleId, subject }: IncidentSummary): string | null {
  if (ruleId === 'duty-unmeasured') return `${pathOf({ screen: 'duties' })}?by=pasal&show=unmeasured`
  if (kind === 'fault') return subjectPath(subject)
  return ruleId === 'duty-calendar' ? pathOf({ screen: 'duty-calendar' }) : pathOf({ screen: 'duty', id: ruleId })
}

/** Which part of its subject it is about; one of a reminder is only the key under which it is kept, and its title says it. */
export function partOf({ ruleId, part }: IncidentSummary): string {
  return ruleId === 'duty-calendar' ? '' : part
}
