import { useState } from 'preact/hooks'
import type { BackupDatasetView } from '../../../../protocol/backup-views.ts'
import { call } from '../../api/call.ts'
import { useRefreshed } from '../../api/use-refreshed.ts'
import { useResource } from '../../api/use-resource.ts'
import { Link } from '../../app/link.tsx'
import { pathOf } from '../../app/router.ts'
import { may } from '../../app/session.ts'
import { useTitle } from '../../app/use-title.ts'
import { t } from '../../i18n/translate.ts'
import { backupsChange } from '../../live/live-state.ts'
import { Button, Skeleton } from '../../ui/button.tsx'
import { CopyText } from '../../ui/copy-text.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { EmptyState, ErrorNotice } from '../../ui/notice.tsx'
import { Panel } from '../../ui/panel.tsx'
import { ScreenHead } from '../../ui/screen-head.tsx'
import { VERDICT_SHAPE, VerdictLabel } from '../../ui/state-mark.tsx'
import { DatasetHistory } from './dataset-history.tsx'
import { DatasetStatus } from './dataset-status.tsx'
import { type MadePing, PingJobForm } from './job-forms.tsx'
import { fileLines, jobNameOf, wrapLines } from './job-lines.ts'
import { JobTable } from './job-table.tsx'
import { NewAddress } from './new-address.tsx'
import './backups.css'

/** One data set: how it stands and what that rests on, its copies and runs, its jobs. */
export function DatasetScreen({ id }: { id: string }) {
  const dataset = useRefreshed(id, signal => call('backupDataset', { params: { id }, signal }), backupsChange)
  const view = dataset.data
  useTitle(view?.name ?? t('coverage.dataset'))
  if (view === null) {
    return (
      <div class="page">
        {dataset.error === null ? (
          <Skeleton rows={6} />
        ) : (
          <ErrorNotice error={dataset.error} onRetry={dataset.reload} />
        )}
      </div>
    )
  }
  return (
    <div class="page">
      <ErrorNotice error={dataset.error} onRetry={dataset.reload} />
      <Head view={view} />
      <DatasetStatus view={view} />
      <Jobs view={view} onChanged={dataset.reload} />
      <DatasetHistory view={view} />
    </div>
  )
}

function Head({ view }: { view: BackupDatasetView }) {
  return (
    <ScreenHead
      tone={VERDICT_SHAPE[view.status.verdict]}
      back={{ to: pathOf({ screen: 'backups', section: 'coverage' }), label: t('backups.coverage') }}
      title={view.name}
      text={
        <>
          {view.agency?.name ?? t('coverage.nobody')} ·{' '}
          {t('dataset.urgency', { urgency: t(`urgency.${view.urgency}`) })}
          {view.urgencyFrom === 'assumed' && ` (${t('dataset.urgency.assumed')})`}
          {view.services.length > 0 &&
            ` · ${t('dataset.services')}: ${view.services.map(({ name }) => name).join(', ')}`}
        </>
      }
      facts={[[t('verdicts.verdict'), <VerdictLabel key="verdict" verdict={view.status.verdict} />]]}
    >
      <Link class="button button-small" to={pathOf({ screen: 'register-record', id: view.id })}>
        {t('dataset.record')}
      </Link>
    </ScreenHead>
  )
}

function Jobs({ view, onChanged }: { view: BackupDatasetView; onChanged: () => void }) {
  const sites = useResource('sites', signal => call('sites', { signal }))
  const [made, setMade] = useState<MadePing | null>(null)
  const [isAsked, setAsked] = useState(false)
  return (
    <Panel
      title={t('dataset.jobs')}
      aside={
        may('inventory:write') && (
          <Button size="small" onClick={() => setAsked(true)}>
            {t('jobs.ping.add')}
          </Button>
        )
      }
    >
      {made !== null && <NewAddress made={made} onClose={() => setMade(null)} />}
      {view.jobs.length === 0 ? (
        <EmptyState title={t('dataset.no-jobs')}>
          <p>{t('dataset.no-jobs.text')}</p>
        </EmptyState>
      ) : (
        <JobTable
          label={t('dataset.jobs')}
          jobs={view.jobs}
          sites={sites.data?.sites ?? []}
          names="jobs-only"
          onChanged={onChanged}
          onAddress={setMade}
        />
      )}
      <details class="dataset-lines" open={view.jobs.length === 0}>
        <summary>{t('dataset.lines')}</summary>
        <div class="cards">
          <CopyText label={t('jobs.lines.wrap')} text={wrapLines(view.id)} />
          <CopyText label={t('jobs.lines.file')} text={fileLines(view.id, jobNameOf(view.name))} />
          <p class="soft">{t('dataset.lines.text')}</p>
        </div>
      </details>
      {isAsked && (
        <Dialog title={t('jobs.ping.add')} onClose={() => setAsked(false)}>
          <PingJobForm
            datasets={[{ id: view.id, name: view.name }]}
            chosen={view.id}
            sites={sites.data?.sites ?? []}
            onMade={one => {
              setAsked(false)
              setMade(one)
              onChanged()
            }}
            onCancel={() => setAsked(false)}
          />
        </Dialog>
      )}
    </Panel>
  )
}
