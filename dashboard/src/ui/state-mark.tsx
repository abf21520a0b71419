import type { IncidentState, Severity, SubjectState, Verdict } from '../../../protocol/vocabulary.ts'
import { SEVERITIES } from '../../../protocol/vocabulary.ts'
import { t } from '../i18n/translate.ts'
import './marks.css'

/** One shape a state, so that it can be told without colour and from across the room. Decorative: words stand beside. */
export function StateMark({ state }: { state: SubjectState }) {
  return (
    <svg class={`mark tone-${state}`} viewBox="0 0 16 16" aria-hidden="true">
      {shapeOf(state)}
    </svg>
  )
}

function shapeOf(state: SubjectState) {
  switch (state) {
    case 'up':
      return <circle class="mark-solid" cx="8" cy="8" r="6" />
    case 'degraded':
      return (
        <>
          <path class="mark-solid" d="M8 1 15.500 14.500H.5z" />
          <path class="mark-cut" d="M8 6.200v3.300M8 12.200v.01" />
        </>
      )
    case 'down':
      return (
        <>
          <path class="mark-solid" d="M5 .5h6L15.500 5v6L11 15.500H5L.5 11V5z" />
          <path class="mark-cut" d="m5.300 5.300 5.400 5.400m0-5.400-5.400 5.400" />
        </>
      )
    case 'unreachable':
      return <path class="mark-line" d="M8 1.500 14.500 8 8 14.500 1.500 8zM5 11l6-6" />
    case 'unknown':
      return (
        <>
          <circle class="mark-line" cx="8" cy="8" r="6.500" stroke-dasharray="2.700 2.400" />
          <path class="mark-line" d="M6.200 6.400a1.900 1.900 0 1 1 2.600 1.900c-.5.200-.8.500-.8 1.100M8 11.500v.01" />
        </>
      )
    case 'maintenance':
      return (
        <path
          class="mark-line"
          d="M8 1.200 14 4.600v6.800l-6 3.400-6-3.400V4.600zM6.300 5.700v4.600M9.700 5.700v4.600"
        />
      )
  }
}

/** Planned work stands beside the state, never in its place. */
export function StateLabel({ state, inMaintenance = false }: { state: SubjectState; inMaintenance?: boolean }) {
  return (
    <span>
      <span class={`state tone-${state}`}>
        <StateMark state={state} />
        {t(`state.${state}`)}
      </span>
      {inMaintenance && <span class="source">{t('links.in-maintenance')}</span>}
    </span>
  )
}

const SEVERITY_TONE: Record<Severity, string> = {
  critical: 'down',
  high: 'degraded',
  medium: 'neutral',
  low: 'neutral',
}

/** Four steps: the fuller, the worse. */
export function SeverityMark({ severity }: { severity: Severity }) {
  const steps = SEVERITIES.length - SEVERITIES.indexOf(severity)
  return (
    <svg class={`mark tone-${SEVERITY_TONE[severity]}`} viewBox="0 0 16 16" aria-hidden="true">
      {[0, 1, 2, 3].map(step => (
        <rect
          key={step}
          class={step < steps ? 'mark-solid' : 'severity-off'}
          x={0.6 + step * 4}
          y={10.4 - step * 3.2}
          width="2.800"
          height={5 + step * 3.2}
        />
      ))}
    </svg>
  )
}

export function SeverityLabel({ severity }: { severity: Severity }) {
  return (
    <span class={`state tone-${SEVERITY_TONE[severity]}`}>
      <SeverityMark severity={severity} />
      {t(`severity.${severity}`)}
    </span>
  )
}

/** Which state's shape and colour a verdict borrows. */
export const VERDICT_SHAPE: Record<Verdict, SubjectState> = {
  met: 'up',
  'at-risk': 'degraded',
  unmet: 'down',
  unmeasured: 'unknown',
  exempt: 'maintenance',
  'not-applicable': 'maintenance',
}

/** Decorative: where its word stands beside, or in a title. */
export function VerdictMark({ verdict }: { verdict: Verdict }) {
  return <StateMark state={VERDICT_SHAPE[verdict]} />
}

export function VerdictLabel({ verdict }: { verdict: Verdict }) {
  return (
    <span class={`state tone-${VERDICT_SHAPE[verdict]}`}>
      <StateMark state={VERDICT_SHAPE[verdict]} />
      {t(`verdict.${verdict}`)}
    </span>
  )
}

const INCIDENT_SHAPE: Record<IncidentState, SubjectState> = {
  open: 'down',
  acknowledged: 'maintenance',
  resolved: 'up',
}

export function IncidentStateLabel({ state }: { state: IncidentState }) {
  return (
    <span class={`state tone-${INCIDENT_SHAPE[state]}`}>
      <StateMark state={INCIDENT_SHAPE[state]} />
      {t(`incident.state.${state}`)}
    </span>
  )
}
