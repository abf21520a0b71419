import { useState } from 'preact/hooks'
import type { BackupJobView } from '../../../../protocol/backup-views.ts'
import type { SiteView } from '../../../../protocol/places.ts'
import { issueOf } from '../../api/api-error.ts'
import { call } from '../../api/call.ts'
import { useAction } from '../../api/use-action.ts'
import { timeZone } from '../../app/session.ts'
import { t } from '../../i18n/translate.ts'
import { SelectField, TextField } from '../../ui/field.tsx'
import { Form } from '../../ui/form.tsx'
import { jobNameOf } from './job-lines.ts'
import { placed, type Rhythm, rhythmOf, scheduleOf } from './rhythm.ts'
import { RhythmFields } from './rhythm-fields.tsx'

type FormProps = { sites: readonly SiteView[]; onSaved: () => void; onCancel: () => void }

/** Lets a job count (it waited), or changes where it stands and when it is due. */
export function PlaceJobForm({ job, sites, onSaved, onCancel }: FormProps & { job: BackupJobView }) {
  const [rhythm, setRhythm] = useState<Rhythm>(() => rhythmOf(job))
  const save = useAction(async () => {
    const body = { ...placed(rhythm), schedule: scheduleOf(rhythm, timeZone.value) }
    await call(job.state === 'waiting' ? 'acceptBackupJob' : 'updateBackupJob', { params: { id: job.id }, body })
    onSaved()
  })
  const kinds = job.tool === 'ping' ? (['period', 'cron'] as const) : (['period', 'cron', 'none'] as const)
  return (
    <Form save={save} onCancel={onCancel} {...(job.state === 'waiting' ? { action: t('jobs.accept') } : {})}>
      {job.state === 'waiting' && <p class="soft">{t('jobs.accept.text')}</p>}
      <RhythmFields rhythm={rhythm} onRhythm={setRhythm} sites={sites} error={save.error} kinds={kinds} />
    </Form>
  )
}

/** Ends a job, or takes an ended one up again; both say why. */
export function ReasonForm({
  job,
  onSaved,
  onCancel,
}: {
  job: BackupJobView
  onSaved: () => void
  onCancel: () => void
}) {
  const [reason, setReason] = useState('')
  const what = job.state === 'ended' ? 'resume' : 'end'
  const save = useAction(async () => {
    await call(`${what}BackupJob`, { params: { id: job.id }, body: { reason } })
    onSaved()
  })
  return (
    <Form save={save} action={t(`jobs.${what}`)} onCancel={onCancel}>
      <p class="soft">{t(`jobs.${what}.text`)}</p>
      <TextField
        label={t('jobs.reason')}
        issue={issueOf(save.error, 'reason')}
        value={reason}
        onValue={setReason}
        minLength={3}
        maxLength={1000}
        required
        autofocus
      />
    </Form>
  )
}

export type MadePing = { job: BackupJobView; url: string }

/** A job that only calls an address. Its address is told once. */
export function PingJobForm({
  datasets,
  chosen,
  sites,
  onMade,
  onCancel,
}: {
  datasets: readonly { id: string; name: string }[]
  /** Where the data set is settled already. */
  chosen: string | null
  sites: readonly SiteView[]
  onMade: (made: MadePing) => void
  onCancel: () => void
}) {
  const [datasetId, setDataset] = useState(chosen ?? datasets[0]?.id ?? '')
  const [name, setName] = useState<string | null>(null)
  const [rhythm, setRhythm] = useState<Rhythm>(() => rhythmOf(null))
  const shown = name ?? jobNameOf(datasets.find(({ id }) => id === datasetId)?.name ?? '')
  const save = useAction(async () => {
    const schedule = scheduleOf(rhythm, timeZone.value) ?? { kind: 'period' as const, periodMs: 86_400_000 }
    const { job, url } = await call('createPingJob', {
      body: { datasetId, name: shown, ...placed(rhythm), schedule },
    })
    onMade({ job, url })
  })
  return (
    <Form save={save} action={t('jobs.ping.make')} onCancel={onCancel}>
      <p class="soft">{t('jobs.ping.text')}</p>
      <div class="form-row">
        {chosen === null && (
          <SelectField
            label={t('coverage.dataset')}
            issue={issueOf(save.error, 'datasetId')}
            value={datasetId}
            onValue={setDataset}
            choices={datasets.map(({ id, name: label }) => ({ value: id, label }))}
          />
        )}
        <TextField
          label={t('jobs.name')}
          help={t('jobs.name.help')}
          issue={issueOf(save.error, 'name')}
          value={shown}
          onValue={setName}
          pattern="[a-z0-9][a-z0-9._\-]*"
          maxLength={60}
          required
        />
      </div>
      <RhythmFields rhythm={rhythm} onRhythm={setRhythm} sites={sites} error={save.error} kinds={['period', 'cron']} />
    </Form>
  )
}
