import type { IncidentSummary } from '../../../protocol/incident-views.ts'
import { Link } from '../app/link.tsx'
import { pathOf } from '../app/router.ts'
import { formatValue } from '../format/value.ts'
import { language, pick, t } from '../i18n/translate.ts'
import { AcknowledgeButton } from './acknowledge.tsx'
import { Age } from './age.tsx'
import { IncidentSubject, partOf } from './incident-subject.tsx'
import { SeverityLabel } from './state-mark.tsx'
import './incident-card.css'

/** One incident at a glance, with the button that takes it on. */
export function IncidentCard({ incident, onChanged }: { incident: IncidentSummary; onChanged?: () => void }) {
  return (
    <article class={`incident incident-${incident.state} severity-${incident.severity}`}>
      <p class="incident-top">
        <SeverityLabel severity={incident.severity} />
        <span class="faint">
          {t(`kind.${incident.kind}`)} #{incident.number}
        </span>
        <span class="incident-age">
          <Age at={incident.openedAt} />
        </span>
      </p>
      <h3>
        <Link to={pathOf({ screen: 'incident', id: incident.id })}>{pick(incident.title)}</Link>
      </h3>
      <p class="incident-subject">
        <IncidentSubject incident={incident} />
        {partOf(incident) !== '' && <code class="cut">{partOf(incident)}</code>}
        <CutOff incident={incident} />
      </p>
      <div class="incident-foot">
        <MeasuredValue {...incident} />
        {incident.state === 'acknowledged' && incident.acknowledgedBy !== null && (
          <span class="incident-by">{t('incident.by', { name: incident.acknowledgedBy })}</span>
        )}
        <AcknowledgeButton incident={incident} {...(onChanged === undefined ? {} : { onChanged })} />
      </div>
    </article>
  )
}

/** How many are reached only through what failed. */
export function CutOff({ incident: { cutOff = 0 } }: { incident: Pick<IncidentSummary, 'cutOff'> }) {
  if (cutOff === 0) return null
  return <span class="soft">{t('incident.cut-off', { n: cutOff })}</span>
}

/** The value against its threshold; says so where what was due did not come. */
export function MeasuredValue({
  value,
  threshold,
  unit,
}: {
  value: number | null
  threshold: number | null
  unit: string
}) {
  return (
    <span class="measured">
      <strong>{value === null ? t('value.none') : formatValue(value, unit, language.value)}</strong>
      {threshold !== null && unit !== 'reached' && unit !== 'on-battery' && (
        <span class="faint"> {t('value.threshold', { value: formatValue(threshold, unit, language.value) })}</span>
      )}
    </span>
  )
}
