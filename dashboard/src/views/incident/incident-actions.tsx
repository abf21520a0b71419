import { useState } from 'preact/hooks'
import type { IncidentView } from '../../../../protocol/incident-views.ts'
import { issueOf } from '../../api/api-error.ts'
import { call } from '../../api/call.ts'
import { useAction } from '../../api/use-action.ts'
import { may } from '../../app/session.ts'
import { t } from '../../i18n/translate.ts'
import { Button } from '../../ui/button.tsx'
import { Field } from '../../ui/field.tsx'
import { ErrorNotice } from '../../ui/notice.tsx'
import { Panel } from '../../ui/panel.tsx'
import { toast } from '../../ui/toast.tsx'

const NOTE_AT_MOST = 2_000

/** Take it on, with a word if there is one; leave a word; or close by hand, with the reason, what no rule will close. */
export function IncidentActions({ view, onView }: { view: IncidentView; onView: (view: IncidentView) => void }) {
  const [note, setNote] = useState('')
  const { id, number, state } = view.incident
  const written = note.trim()
  const acknowledge = useAction(async () => {
    onView(await call('acknowledgeIncident', { params: { id }, body: written === '' ? {} : { note: written } }))
    setNote('')
    toast(t('incident.taken', { number }))
  })
  const add = useAction(async () => {
    onView(await call('noteIncident', { params: { id }, body: { note: written } }))
    setNote('')
    toast(t('incident.noted'))
  })
  const resolve = useAction(async () => {
    onView(await call('resolveIncident', { params: { id }, body: { note: written } }))
    setNote('')
    toast(t('incident.resolved', { number }))
  })
  const busy = acknowledge.busy || add.busy || resolve.busy
  if (!may('incidents:write'))
    return (
      <Panel title={t('incident.actions')}>
        <p class="soft">{t('incident.read-only')}</p>
      </Panel>
    )
  const error = acknowledge.error ?? add.error ?? resolve.error
  return (
    <Panel title={t('incident.actions')}>
      <div class="form">
        <Field
          label={t('incident.note')}
          help={state === 'resolved' ? null : t('incident.note.help')}
          issue={issueOf(error, 'note')}
        >
          {wiring => (
            <textarea
              class="input"
              id={wiring.id}
              aria-describedby={wiring.describedBy}
              aria-invalid={wiring.invalid}
              rows={4}
              maxLength={NOTE_AT_MOST}
              value={note}
              onInput={event => setNote(event.currentTarget.value)}
            />
          )}
        </Field>
        <ErrorNotice error={error} />
        <div class="form-actions">
          {state === 'open' && (
            <Button kind="primary" busy={acknowledge.busy} disabled={busy} onClick={() => void acknowledge.run()}>
              {t('incident.acknowledge')}
            </Button>
          )}
          <Button busy={add.busy} disabled={written === '' || busy} onClick={() => void add.run()}>
            {t('incident.note.add')}
          </Button>
          {state !== 'resolved' && (
            <Button busy={resolve.busy} disabled={written === '' || busy} onClick={() => void resolve.run()}>
              {t('incident.resolve')}
            </Button>
          )}
        </div>
      </div>
    </Panel>
  )
}
