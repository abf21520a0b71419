import type { ComponentChildren } from 'preact'
import type { BackupDatasetView, BackupStatus } from '../../../../protocol/backup-views.ts'
import { now } from '../../app/clock.ts'
import { formatAge, formatDuration } from '../../format/age.ts'
import { formatBytes, formatNumber, formatPercent } from '../../format/number.ts'
import { language, pick, t } from '../../i18n/translate.ts'
import { Age, Time } from '../../ui/age.tsx'
import { Facts } from '../../ui/facts.tsx'
import { Panel } from '../../ui/panel.tsx'
import { VerdictMark } from '../../ui/state-mark.tsx'
import { Table } from '../../ui/table.tsx'
import { CoverageMark } from './coverage-mark.tsx'
import { formatHours } from './rhythm.ts'

/** What was found, each figure with the age of the word it rests on, and the copies by place. */
export function DatasetStatus({ view }: { view: BackupDatasetView }) {
  return (
    <>
      <Findings view={view} />
      <Panel title={t('dataset.known')}>
        <div class="card">
          <Facts kind="figures" facts={figuresOf(view)} />
        </div>
      </Panel>
      <div class="dataset-pair">
        <Panel title={t('dataset.places')}>
          <Places status={view.status} />
        </Panel>
        <Panel title={t('dataset.restored')}>
          <Restored status={view.status} />
        </Panel>
      </div>
    </>
  )
}

function Findings({ view: { status } }: { view: BackupDatasetView }) {
  if (status.findings.length === 0) return null
  return (
    <ul class="dataset-findings" aria-label={t('dataset.findings')}>
      {status.findings.map(({ code, verdict, words, jobId, place, trouble }) => (
        <li key={`${code}${jobId}${place}`} class={`verdict-${verdict}`}>
          <VerdictMark verdict={verdict} />
          <span>
            {pick(words)}
            {trouble !== null && <span class="source">{t(`trouble.${trouble}`)}</span>}
          </span>
        </li>
      ))}
    </ul>
  )
}

/** A figure, and beneath it what it is held against and how old the word is. */
function figure(value: ComponentChildren, ...below: (string | null)[]) {
  return (
    <>
      {value}
      <span class="source">{below.filter(text => text !== null).join(' · ')}</span>
    </>
  )
}

function figuresOf({ status, limits }: BackupDatasetView): [string, ComponentChildren][] {
  const words = language.value
  const { lastGood, size, growth, kept, lastVerified } = status
  const none = <span class="faint">{t('value.none')}</span>
  const told = (one: { told: { at: number } } | null) =>
    one === null ? null : t('dataset.told', { age: formatAge(now.value - one.told.at, words) })
  return [
    [
      t('dataset.last-good'),
      figure(
        lastGood === null ? none : <Age at={lastGood.takenAt} />,
        t('dataset.limit', { limit: formatHours(limits.maxAgeHours) }),
        told(lastGood),
      ),
    ],
    [
      t('dataset.took'),
      figure(lastGood?.tookMs == null ? none : formatDuration(lastGood.tookMs, words), told(lastGood)),
    ],
    [
      t('dataset.size'),
      size === null
        ? figure(lastGood?.bytes == null ? none : formatBytes(lastGood.bytes, words), told(lastGood))
        : figure(
            formatBytes(size.bytes, words),
            t('dataset.size.ratio', { ratio: formatPercent(size.ratio, words), n: size.basedOn }),
            told(size),
          ),
    ],
    [
      t('dataset.growth'),
      growth === null
        ? figure(none)
        : figure(
            t('dataset.growth.day', { bytes: formatBytes(growth.bytesPerDay, words) }),
            t('dataset.growth.over', { days: formatNumber(growth.overDays, words, 0) }),
          ),
    ],
    [
      t('dataset.kept'),
      figure(
        kept === null ? none : formatNumber(kept.copies, words, 0),
        t('dataset.kept.limit', { n: limits.keepCopies, days: limits.keepDays }),
        kept?.oldestAt == null ? null : t('dataset.kept.oldest', { age: formatAge(now.value - kept.oldestAt, words) }),
      ),
    ],
    [t('dataset.verified'), figure(lastVerified === null ? none : <Age at={lastVerified.at} />, told(lastVerified))],
  ]
}

function Places({ status }: { status: BackupStatus }) {
  return (
    <Table
      label={t('dataset.places')}
      rows={status.places}
      rowKey={({ place }) => place}
      columns={[
        { label: t('jobs.place'), kind: 'head', cell: ({ place }) => t(`copies.at.${place}`) },
        {
          label: t('jobs.standing'),
          cell: ({ state }) => (
            <span>
              <CoverageMark state={state} /> {t(`coverage.state.${state}`)}
            </span>
          ),
        },
        { label: t('dataset.required'), cell: ({ required }) => t(required ? 'common.yes' : 'common.no') },
        {
          label: t('dataset.last-good'),
          cell: ({ lastGoodAt, state }) => (lastGoodAt === null && state !== 'never' ? '–' : <Age at={lastGoodAt} />),
        },
      ]}
    />
  )
}

/** A copy that nobody has restored is not yet a backup: what came back, and how it was looked at. */
function Restored({ status: { lastRestored, lastRestoreFailed } }: { status: BackupStatus }) {
  const words = language.value
  const failedLater = lastRestoreFailed !== null && lastRestoreFailed.at > (lastRestored?.at ?? 0)
  return (
    <div class="card">
      {failedLater && (
        <p class="tone-down">
          <strong>{t('restored.failed')}</strong> <Time at={lastRestoreFailed.at} style="day-minute" />
          {lastRestoreFailed.trouble !== null && `: ${t(`trouble.${lastRestoreFailed.trouble}`)}`}
          {lastRestoreFailed.detail !== '' && <span class="source">{lastRestoreFailed.detail}</span>}
        </p>
      )}
      {lastRestored === null ? (
        <p>
          <strong>{t('restored.never')}</strong>
          <span class="source">{t('restored.never.text')}</span>
        </p>
      ) : (
        <Facts
          facts={[
            [t('restored.at'), <Time key="at" at={lastRestored.at} style="day-minute" />],
            [t('restored.scope'), t(`restored.scope.${lastRestored.proof.scope}`)],
            [
              t('restored.copy'),
              <span key="copy">
                <code>{lastRestored.proof.copyId}</code> <Time at={lastRestored.proof.copyTakenAt} style="day-minute" />
              </span>,
            ],
            [
              t('restored.files'),
              `${formatNumber(lastRestored.proof.files, words, 0)} · ${formatBytes(lastRestored.proof.bytes, words)}`,
            ],
            [t('restored.checksums'), formatNumber(lastRestored.proof.checksumsHeld, words, 0)],
            ...lastRestored.proof.databases.map(({ name, tables, rows }): [string, string] => [
              t('restored.database', { name }),
              t('restored.rows', { tables: formatNumber(tables, words, 0), rows: formatNumber(rows, words, 0) }),
            ]),
          ]}
        />
      )}
    </div>
  )
}
