import { useState } from 'preact/hooks'
import type { BackupJobView } from '../../../../protocol/backup-views.ts'
import { call } from '../../api/call.ts'
import { useRefreshed } from '../../api/use-refreshed.ts'
import { useResource } from '../../api/use-resource.ts'
import { Link } from '../../app/link.tsx'
import { may } from '../../app/session.ts'
import { t } from '../../i18n/translate.ts'
import { backupsChange } from '../../live/live-state.ts'
import { Button, Skeleton } from '../../ui/button.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { FilterField } from '../../ui/filter-field.tsx'
import { EmptyState, ErrorNotice } from '../../ui/notice.tsx'
import { Panel } from '../../ui/panel.tsx'
import { type MadePing, PingJobForm } from './job-forms.tsx'
import { JobTable } from './job-table.tsx'
import { NewAddress } from './new-address.tsx'

const STATES = ['waiting', 'accepted', 'ended'] as const

/** All jobs: those that wait for a person, those that count, and those that were ended. */
export function JobsPanel() {
  const jobs = useRefreshed('jobs', signal => call('backupJobs', { query: {}, signal }), backupsChange)
  const coverage = useResource('coverage', signal => call('backupCoverage', { signal }))
  const sites = useResource('sites', signal => call('sites', { signal }))
  const [made, setMade] = useState<MadePing | null>(null)
  const [isAsked, setAsked] = useState(false)
  const datasets = (coverage.data?.agencies ?? []).flatMap(({ rows }) => rows.map(({ dataset }) => dataset))
  const [text, setText] = useState('')
  const every = jobs.data?.jobs ?? []
  const all = every.filter(job => isFound(job, text))
  return (
    <>
      <ErrorNotice error={jobs.error ?? coverage.error} onRetry={jobs.reload} />
      {made !== null && <NewAddress made={made} onClose={() => setMade(null)} />}
      {jobs.data === null && jobs.loading && <Skeleton rows={4} />}
      {jobs.data !== null && every.length === 0 && (
        <EmptyState title={t('jobs.empty')}>
          <p>{t('jobs.empty.text')}</p>
        </EmptyState>
      )}
      {may('inventory:write') && (
        <div class="form-actions">
          <Button kind="primary" disabled={datasets.length === 0} onClick={() => setAsked(true)}>
            {t('jobs.ping.add')}
          </Button>
          {coverage.data !== null && datasets.length === 0 && (
            <p class="soft">
              {t('jobs.no-datasets')} <Link to="/registers?kind=dataset">{t('coverage.register')}</Link>
            </p>
          )}
        </div>
      )}
      {every.length > 0 && <FilterField label={t('jobs.search')} text={text} onText={setText} />}
      {every.length > 0 && all.length === 0 && <EmptyState title={t('coverage.no-match')} />}
      {STATES.map(state => {
        const own = all.filter(job => job.state === state)
        if (own.length === 0) return null
        return (
          <Panel key={state} title={`${t(`jobs.list.${state}`)} (${own.length})`}>
            <p class="soft">{t(`jobs.list.${state}.text`)}</p>
            <JobTable
              label={t(`jobs.list.${state}`)}
              jobs={own}
              sites={sites.data?.sites ?? []}
              names="with-dataset"
              onChanged={jobs.reload}
              onAddress={setMade}
            />
          </Panel>
        )
      })}
      {isAsked && (
        <Dialog title={t('jobs.ping.add')} onClose={() => setAsked(false)}>
          <PingJobForm
            datasets={datasets}
            chosen={null}
            sites={sites.data?.sites ?? []}
            onMade={one => {
              setAsked(false)
              setMade(one)
              jobs.reload()
            }}
            onCancel={() => setAsked(false)}
          />
        </Dialog>
      )}
    </>
  )
}

function isFound(job: BackupJobView, text: string): boolean {
  const word = text.trim().toLowerCase()
  return [job.name, job.title, job.dataset?.name, job.agent?.name, job.tool].some(name =>
    name?.toLowerCase().includes(word),
  )
}
