import { useState } from 'preact/hooks'
import type { BackupJobView } from '../../../../protocol/backup-views.ts'
import type { SiteView } from '../../../../protocol/places.ts'
import { call } from '../../api/call.ts'
import { Link } from '../../app/link.tsx'
import { pathOf } from '../../app/router.ts'
import { may } from '../../app/session.ts'
import { language, pick, t } from '../../i18n/translate.ts'
import { Age, Time } from '../../ui/age.tsx'
import { Button } from '../../ui/button.tsx'
import { useConfirmed } from '../../ui/confirmed.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { VerdictLabel } from '../../ui/state-mark.tsx'
import { type Column, Table } from '../../ui/table.tsx'
import { toast } from '../../ui/toast.tsx'
import { type MadePing, PlaceJobForm, ReasonForm } from './job-forms.tsx'
import { scheduleText } from './rhythm.ts'

type Asked = { what: 'place' | 'reason' | 'renew'; job: BackupJobView }

type JobTableProps = {
  label: string
  jobs: readonly BackupJobView[]
  sites: readonly SiteView[]
  /** On the page of a data set its name need not stand in each row. */
  names: 'with-dataset' | 'jobs-only'
  onChanged: () => void
  onAddress: (made: MadePing) => void
}

/** Jobs with what is known of each, and what a person may do with it. */
export function JobTable({ label, jobs, sites, names, onChanged, onAddress }: JobTableProps) {
  const [asked, setAsked] = useState<Asked | null>(null)
  const close = () => setAsked(null)
  const done = (text: string) => {
    toast(text)
    close()
    onChanged()
  }
  const renew = useConfirmed(
    async (job: BackupJobView) => {
      const made = await call('renewPingToken', { params: { id: job.id }, body: {} })
      done(t('jobs.saved', { name: job.name }))
      onAddress(made)
    },
    ({ name }) => ({
      title: t('jobs.renew.title', { name }),
      text: t('jobs.renew.text'),
      action: t('jobs.renew'),
    }),
  )
  const ask = (asked: Asked) => (asked.what === 'renew' ? renew.ask(asked.job) : setAsked(asked))
  return (
    <>
      <Table label={label} rows={jobs} rowKey={job => job.id} columns={columnsOf(names, ask)} />
      {asked?.what === 'place' && (
        <Dialog
          title={t(asked.job.state === 'waiting' ? 'jobs.accept.title' : 'jobs.edit', { name: asked.job.name })}
          onClose={close}
        >
          <PlaceJobForm
            job={asked.job}
            sites={sites}
            onSaved={() =>
              done(t(asked.job.state === 'waiting' ? 'jobs.accepted' : 'jobs.saved', { name: asked.job.name }))
            }
            onCancel={close}
          />
        </Dialog>
      )}
      {asked?.what === 'reason' && (
        <Dialog
          title={t(asked.job.state === 'ended' ? 'jobs.resume.title' : 'jobs.end.title', { name: asked.job.name })}
          onClose={close}
        >
          <ReasonForm
            job={asked.job}
            onSaved={() => done(t('jobs.saved', { name: asked.job.name }))}
            onCancel={close}
          />
        </Dialog>
      )}
      {renew.dialog}
    </>
  )
}

function columnsOf(names: JobTableProps['names'], onAsk: (asked: Asked) => void): Column<BackupJobView>[] {
  return [
    {
      label: t('jobs.job'),
      kind: 'head',
      cell: job => (
        <span>
          {job.title || job.name}
          <span class="source">
            {t(`tool.${job.tool}`)} · {job.agent?.name ?? t('jobs.by-ping')} · {job.name}
          </span>
        </span>
      ),
    },
    ...(names === 'jobs-only' ? [] : [{ label: t('coverage.dataset'), cell: datasetOf }]),
    { label: t('jobs.standing'), cell: standingOf },
    {
      label: t('jobs.place'),
      cell: job => (
        <span>
          {job.place === null ? '–' : t(`copies.at.${job.place}`)}
          {job.site !== null && <span class="source">{job.site.name}</span>}
        </span>
      ),
    },
    {
      label: t('jobs.due'),
      cell: job => (
        <span>
          {scheduleText(job.schedule, language.value)}
          {job.dueAt !== null && (
            <span class="source">
              <Time at={job.dueAt} style="day-minute" />
            </span>
          )}
        </span>
      ),
    },
    {
      label: t('jobs.last-good'),
      cell: job => (
        <span>
          <Age at={job.lastGoodAt} />
          <span class="source">
            {t('jobs.last-told')} <Age at={job.lastToldAt} />
          </span>
        </span>
      ),
    },
    { label: '', cell: job => <Actions job={job} onAsk={onAsk} /> },
  ]
}

function datasetOf(job: BackupJobView) {
  if (job.dataset === null) return <span class="tone-down">{t('jobs.dataset-unknown')}</span>
  return <Link to={pathOf({ screen: 'dataset', id: job.dataset.id })}>{job.dataset.name}</Link>
}

function standingOf(job: BackupJobView) {
  if (job.state === 'ended') {
    return (
      <span>
        {t('jobs.state.ended')}
        {job.endedReason !== null && <span class="source">{job.endedReason}</span>}
      </span>
    )
  }
  const [worst] = job.findings
  return (
    <span>
      {job.state === 'waiting' ? <strong>{t('jobs.state.waiting')}</strong> : <VerdictLabel verdict={job.verdict} />}
      {worst !== undefined && <span class="source">{pick(worst.words)}</span>}
    </span>
  )
}

function Actions({ job, onAsk }: { job: BackupJobView; onAsk: (asked: Asked) => void }) {
  if (!may('inventory:write')) return null
  const button = (label: string, what: Asked['what'], kind: 'plain' | 'primary' = 'plain') => (
    <Button size="small" kind={kind} onClick={() => onAsk({ what, job })}>
      {label}
    </Button>
  )
  return (
    <div class="table-actions job-actions">
      {job.state === 'waiting' && job.dataset !== null && button(t('jobs.accept'), 'place', 'primary')}
      {job.state === 'accepted' && button(t('common.edit'), 'place')}
      {job.state === 'accepted' && job.tool === 'ping' && button(t('jobs.renew'), 'renew')}
      {button(
        t(job.state === 'ended' ? 'jobs.resume' : job.state === 'waiting' ? 'jobs.refuse' : 'jobs.end'),
        'reason',
      )}
    </div>
  )
}
