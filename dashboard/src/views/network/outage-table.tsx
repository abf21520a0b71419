import { useState } from 'preact/hooks'
import type { OutageView } from '../../../../protocol/links.ts'
import { OUTAGE_CAUSES } from '../../../../protocol/vocabulary.ts'
import { issueOf } from '../../api/api-error.ts'
import { call } from '../../api/call.ts'
import { useAction } from '../../api/use-action.ts'
import { may, timeZone } from '../../app/session.ts'
import { formatDuration } from '../../format/age.ts'
import { formatTime } from '../../format/time.ts'
import { language, t } from '../../i18n/translate.ts'
import { Age, Time } from '../../ui/age.tsx'
import { Button } from '../../ui/button.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { SelectField, TextField } from '../../ui/field.tsx'
import { Form } from '../../ui/form.tsx'
import { StateLabel } from '../../ui/state-mark.tsx'
import { Table } from '../../ui/table.tsx'
import { toast } from '../../ui/toast.tsx'

const EVIDENCE = ['restarted', 'ran-on', 'parent-down', 'planned', 'line-up', 'shared', 'nothing'] as const

/** Outages with cause, evidence, correction and the provider's number. */
export function OutageTable({ outages, onChanged }: { outages: readonly OutageView[]; onChanged: () => void }) {
  const [asked, setAsked] = useState<OutageView | null>(null)
  const words = language.value
  const mayChange = may('incidents:write')
  return (
    <>
      <Table
        label={t('outages.title')}
        rows={outages}
        rowKey={outage => outage.from}
        columns={[
          { label: t('outages.from'), kind: 'head', cell: outage => <Time at={outage.from} /> },
          {
            label: t('outages.length'),
            cell: outage =>
              outage.to === null ? (
                <span>
                  <Age at={outage.from} /> <span class="source">{t('outages.lasts')}</span>
                </span>
              ) : (
                formatDuration(outage.to - outage.from, words)
              ),
          },
          { label: t('links.state'), cell: outage => <StateLabel state={outage.state} /> },
          {
            label: t('outages.cause'),
            cell: outage => (
              <span>
                {t(`cause.${outage.cause}`)}
                {outage.source === 'person' && (
                  <span class="source">
                    {t('outages.corrected', {
                      by: outage.by ?? '',
                      reason: outage.reason ?? '',
                      cause: t(`cause.${outage.measuredCause}`),
                    })}
                  </span>
                )}
              </span>
            ),
          },
          { label: t('outages.evidence'), cell: outage => evidenceText(outage.evidence) },
          { label: t('outages.ticket'), cell: outage => outage.ticket ?? '–' },
          {
            label: '',
            cell: outage =>
              mayChange && (
                <Button size="small" onClick={() => setAsked(outage)}>
                  {t('outages.remark')}
                </Button>
              ),
          },
        ]}
      />
      {asked !== null && (
        <RemarkDialog
          outage={asked}
          onClose={() => setAsked(null)}
          onSaved={() => {
            toast(t('outages.noted'))
            setAsked(null)
            onChanged()
          }}
        />
      )}
    </>
  )
}

function evidenceText(evidence: OutageView['evidence']): string {
  const kind = EVIDENCE.find(one => one === evidence.kind) ?? 'nothing'
  const bootedAt = typeof evidence.bootedAt === 'number' ? evidence.bootedAt : null
  const shared = (['power', 'provider', 'site'] as const).find(what => what === evidence.what)
  if (kind === 'shared' && shared !== undefined) {
    const n = Array.isArray(evidence.subjectIds) ? evidence.subjectIds.length : 0
    return t(`evidence.shared.${shared}`, { n })
  }
  return t(`evidence.${kind}`, {
    port: typeof evidence.interfaceName === 'string' ? evidence.interfaceName : '',
    at: bootedAt === null ? '' : formatTime(bootedAt, timeZone.value, language.value, 'full'),
  })
}

function RemarkDialog({ outage, onSaved, onClose }: { outage: OutageView; onSaved: () => void; onClose: () => void }) {
  const [cause, setCause] = useState('')
  const [reason, setReason] = useState('')
  const [ticket, setTicket] = useState(outage.ticket ?? '')
  const save = useAction(async () => {
    await call('remarkOutage', {
      params: { id: outage.subjectId },
      body: {
        at: outage.to === null ? outage.from : Math.floor((outage.from + outage.to) / 2),
        cause: OUTAGE_CAUSES.find(one => one === cause) ?? null,
        reason,
        ticket: ticket.trim() === '' ? null : ticket,
      },
    })
    onSaved()
  })
  const at = formatTime(outage.from, timeZone.value, language.value, 'day-minute')
  return (
    <Dialog title={t('outages.remark.title', { at })} onClose={onClose}>
      <Form save={save} onCancel={onClose}>
        <SelectField
          label={t('outages.cause')}
          value={cause}
          onValue={setCause}
          choices={[
            { value: '', label: `${t('outages.remark.keep')}: ${t(`cause.${outage.measuredCause}`)}` },
            ...OUTAGE_CAUSES.map(one => ({ value: one, label: t(`cause.${one}`) })),
          ]}
        />
        <TextField
          label={t('outages.reason')}
          issue={issueOf(save.error, 'reason')}
          value={reason}
          onValue={setReason}
          maxLength={2000}
          required
          autofocus
        />
        <TextField label={t('outages.ticket')} value={ticket} onValue={setTicket} maxLength={200} />
      </Form>
    </Dialog>
  )
}
