import type { IncidentSummary } from '../../../protocol/incident-views.ts'
import { call } from '../api/call.ts'
import { useAction } from '../api/use-action.ts'
import { may } from '../app/session.ts'
import { t } from '../i18n/translate.ts'
import { Button } from './button.tsx'
import { ErrorNotice } from './notice.tsx'
import { toast } from './toast.tsx'

/** Takes an incident on with one press. Only where it is open and the person may. */
export function AcknowledgeButton({ incident, onChanged }: { incident: IncidentSummary; onChanged?: () => void }) {
  const acknowledge = useAction(async () => {
    await call('acknowledgeIncident', { params: { id: incident.id }, body: {} })
    toast(t('incident.taken', { number: incident.number }))
    onChanged?.()
  })
  if (incident.state !== 'open' || !may('incidents:write')) return null
  return (
    <>
      <Button
        size="small"
        busy={acknowledge.busy}
        aria-label={t('incident.acknowledge.number', { number: incident.number })}
        onClick={() => void acknowledge.run()}
      >
        {t('incident.acknowledge')}
      </Button>
      <ErrorNotice error={acknowledge.error} />
    </>
  )
}
