import { signal } from '@preact/signals'
import { useMemo, useState } from 'preact/hooks'
import type { BackupCopyView, BackupDatasetView, BackupRunView } from '../../../../protocol/backup-views.ts'
import { call } from '../../api/call.ts'
import { useRefreshed } from '../../api/use-refreshed.ts'
import { now } from '../../app/clock.ts'
import { nearestPoint, TimeChart } from '../../charts/time-chart.tsx'
import { formatDuration } from '../../format/age.ts'
import { formatBytes } from '../../format/number.ts'
import { language, t } from '../../i18n/translate.ts'
import { backupsChange } from '../../live/live-state.ts'
import { Time } from '../../ui/age.tsx'
import { Button, Skeleton } from '../../ui/button.tsx'
import { EmptyState, ErrorNotice } from '../../ui/notice.tsx'
import { Panel } from '../../ui/panel.tsx'
import { Switch } from '../../ui/switch.tsx'
import { Table } from '../../ui/table.tsx'
import { runsNewestFirst, sizeLines } from './history-lines.ts'

const DAY_MS = 86_400_000
const REACHES = { month: 30 * DAY_MS, quarter: 92 * DAY_MS, year: 366 * DAY_MS } as const
type Reach = keyof typeof REACHES
const SHOWN_FIRST = 12

/** Sizes over time, runs, and copies with where each of them is. */
export function DatasetHistory({ view }: { view: BackupDatasetView }) {
  const [reach, setReach] = useState<Reach>('month')
  const history = useRefreshed(
    `${view.id}/${reach}`,
    signal =>
      call('backupHistory', {
        params: { id: view.id },
        query: { from: Math.floor((Date.now() - REACHES[reach]) / 60_000) * 60_000, limit: 2_000 },
        signal,
      }),
    backupsChange,
  )
  const { data } = history
  return (
    <>
      <Panel
        title={t('history.sizes')}
        aside={
          <Switch
            label={t('history.reach')}
            choices={['month', 'quarter', 'year'] as const}
            chosen={reach}
            onChoose={setReach}
            show={one => t(`history.reach.${one}`)}
          />
        }
      >
        <ErrorNotice error={history.error} onRetry={history.reload} />
        {data === null ? <Skeleton rows={4} /> : <Sizes view={view} {...data} reachMs={REACHES[reach]} />}
      </Panel>
      {data !== null && <Runs view={view} runs={runsNewestFirst(data.runs)} />}
      {data !== null && <Copies view={view} copies={data.copies} />}
    </>
  )
}

function Sizes({
  view,
  copies,
  runs,
  reachMs,
}: {
  view: BackupDatasetView
  copies: readonly BackupCopyView[]
  runs: readonly BackupRunView[]
  reachMs: number
}) {
  const hoverAt = useMemo(() => signal<number | null>(null), [])
  const lines = useMemo(() => sizeLines(view.jobs, copies, runs), [view, copies, runs])
  const to = Math.ceil(now.peek() / 60_000) * 60_000
  if (lines.length === 0) return <EmptyState title={t('history.sizes.empty')} />
  return (
    <TimeChart
      title={t('history.sizes')}
      lines={lines}
      nameOf={line => line.name}
      // Copies are days apart: nothing between them is a gap.
      scale={{ kind: 'bytes', from: to - reachMs, to, maxGapMs: reachMs }}
      tell={(line, _, at) => {
        const value = nearestPoint(line.points, at, reachMs)?.[1] ?? null
        return value === null ? null : formatBytes(value, language.value)
      }}
      hoverAt={hoverAt}
    />
  )
}

function nameOfJob(view: BackupDatasetView, jobId: string): string {
  const job = view.jobs.find(({ id }) => id === jobId)
  return job === undefined ? '–' : job.title || job.name
}

function Runs({ view, runs }: { view: BackupDatasetView; runs: readonly BackupRunView[] }) {
  const words = language.value
  return (
    <Shortened title={t('history.runs')} empty={t('history.runs.empty')} rows={runs}>
      {shown => (
        <Table
          label={t('history.runs')}
          rows={shown}
          rowKey={run => run.id}
          columns={[
            { label: t('history.began'), kind: 'head', cell: run => <Time at={run.startedAt} style="day-minute" /> },
            { label: t('jobs.job'), cell: run => nameOfJob(view, run.jobId) },
            { label: t('history.purpose'), cell: run => t(`purpose.${run.purpose}`) },
            { label: t('history.outcome'), cell: run => <Outcome run={run} /> },
            {
              label: t('dataset.took'),
              kind: 'number',
              cell: run => (run.endedAt === null ? '–' : formatDuration(run.endedAt - run.startedAt, words)),
            },
            {
              label: t('dataset.size'),
              kind: 'number',
              cell: run => (run.bytes === null ? '–' : formatBytes(run.bytes, words)),
            },
          ]}
        />
      )}
    </Shortened>
  )
}

const OUTCOME_TONE = { good: 'tone-up', failed: 'tone-down', running: 'tone-neutral' } as const

function Outcome({ run }: { run: BackupRunView }) {
  const below = [
    ...(run.trouble === null ? [] : [t(`trouble.${run.trouble}`)]),
    ...(run.exitCode === null || run.exitCode === 0 ? [] : [t('history.exit', { code: run.exitCode })]),
    ...(run.clockAhead ? [t('history.clock-ahead')] : []),
    ...(run.detail === '' ? [] : [run.detail]),
  ]
  return (
    <span>
      <strong class={OUTCOME_TONE[run.outcome]}>{t(`outcome.${run.outcome}`)}</strong>
      {below.length > 0 && <span class="source wrap">{below.join(' · ')}</span>}
    </span>
  )
}

function Copies({ view, copies }: { view: BackupDatasetView; copies: readonly BackupCopyView[] }) {
  const words = language.value
  const placeOf = (jobId: string) => view.jobs.find(({ id }) => id === jobId)?.place ?? null
  return (
    <Shortened title={t('history.copies')} empty={t('history.copies.empty')} rows={copies}>
      {shown => (
        <Table
          label={t('history.copies')}
          rows={shown}
          rowKey={copy => `${copy.jobId}/${copy.copyId}`}
          columns={[
            { label: t('history.taken'), kind: 'head', cell: copy => <Time at={copy.takenAt} style="day-minute" /> },
            {
              label: t('jobs.place'),
              cell: copy => {
                const place = placeOf(copy.jobId)
                return (
                  <span>
                    {place === null ? '–' : t(`copies.at.${place}`)}
                    <span class="source">{nameOfJob(view, copy.jobId)}</span>
                  </span>
                )
              },
            },
            { label: t('history.copy'), cell: copy => <code class="wrap">{copy.copyId}</code> },
            {
              label: t('dataset.size'),
              kind: 'number',
              cell: copy => (copy.bytes === null ? '–' : formatBytes(copy.bytes, words)),
            },
            {
              label: t('history.seen'),
              cell: copy =>
                copy.goneAt === null ? (
                  <Time at={copy.lastSeenAt} style="day-minute" />
                ) : (
                  <span class="faint">
                    {t('history.gone')} <Time at={copy.goneAt} style="day-minute" />
                  </span>
                ),
            },
            {
              label: t('history.trouble'),
              cell: copy =>
                copy.trouble === null ? '–' : <span class="tone-down">{t(`trouble.${copy.trouble}`)}</span>,
            },
          ]}
        />
      )}
    </Shortened>
  )
}

/** The newest of a long list, and all of it on demand. */
function Shortened<Row>({
  title,
  empty,
  rows,
  children,
}: {
  title: string
  empty: string
  rows: readonly Row[]
  children: (shown: readonly Row[]) => preact.ComponentChildren
}) {
  const [all, setAll] = useState(false)
  return (
    <Panel title={`${title} (${rows.length})`}>
      {rows.length === 0 ? <EmptyState title={empty} /> : children(all ? rows : rows.slice(0, SHOWN_FIRST))}
      {!all && rows.length > SHOWN_FIRST && (
        <div class="form-actions">
          <Button size="small" onClick={() => setAll(true)}>
            {t('history.all', { n: rows.length })}
          </Button>
        </div>
      )}
    </Panel>
  )
}
