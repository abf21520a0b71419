import { useState } from 'preact/hooks'
import type { CoverageView } from '../../../../protocol/backup-views.ts'
import { PATHS } from '../../../../protocol/paths.ts'
import { addressOf, call } from '../../api/call.ts'
import { useRefreshed } from '../../api/use-refreshed.ts'
import { Link } from '../../app/link.tsx'
import { formatNumber } from '../../format/number.ts'
import { language, t } from '../../i18n/translate.ts'
import { backupsChange } from '../../live/live-state.ts'
import { Skeleton } from '../../ui/button.tsx'
import { FilterField } from '../../ui/filter-field.tsx'
import { EmptyState, ErrorNotice } from '../../ui/notice.tsx'
import { arrangeCoverage, COVERAGE_FILTERS, type CoverageFilter, countOf } from './arrange-coverage.ts'
import { CoverageCard } from './coverage-card.tsx'
import { CoverageMark } from './coverage-mark.tsx'

const EXPLAINED = ['good', 'late', 'never', 'unmeasured', 'no-job', 'not-required'] as const

/** Agency x data set x place: what is there, what is late, and what is missing. */
export function CoveragePanel() {
  const coverage = useRefreshed('coverage', signal => call('backupCoverage', { signal }), backupsChange)
  const [filter, setFilter] = useState<CoverageFilter>('all')
  const [text, setText] = useState('')
  const { data } = coverage
  if (data === null) {
    return coverage.error === null ? (
      <Skeleton rows={8} />
    ) : (
      <ErrorNotice error={coverage.error} onRetry={coverage.reload} />
    )
  }
  const shown = arrangeCoverage(data.agencies, filter, text)
  return (
    <>
      <ErrorNotice error={coverage.error} onRetry={coverage.reload} />
      {data.agencies.length === 0 ? (
        <EmptyState title={t('coverage.empty')}>
          <p>{t('coverage.empty.text')}</p>
          <p>
            <Link to="/settings/places">{t('agencies.title')}</Link>
            {' · '}
            <Link to="/registers?kind=dataset">{t('coverage.register')}</Link>
          </p>
        </EmptyState>
      ) : (
        <>
          <Totals totals={data.totals} chosen={filter} onChoose={setFilter} />
          <Tools text={text} onText={setText} />
          {data.totals.datasets === 0 && (
            <EmptyState title={t('coverage.no-datasets')}>
              <p>{t('coverage.no-datasets.text')}</p>
              <Link to="/registers?kind=dataset">{t('coverage.register')}</Link>
            </EmptyState>
          )}
          {shown.length === 0 && <EmptyState title={t('coverage.no-match')} />}
          <div class="coverage">
            {shown.map(one => (
              <CoverageCard key={one.agency?.id ?? ''} one={one} at={data.at} />
            ))}
          </div>
        </>
      )}
    </>
  )
}

/** The sums, each of them a filter. */
function Totals({
  totals,
  chosen,
  onChoose,
}: {
  totals: CoverageView['totals']
  chosen: CoverageFilter
  onChoose: (filter: CoverageFilter) => void
}) {
  return (
    <fieldset class="coverage-totals">
      <legend class="visually-hidden">{t('coverage.filter')}</legend>
      {COVERAGE_FILTERS.map(filter => {
        const count = countOf(totals, filter)
        return (
          <button
            key={filter}
            type="button"
            class={`coverage-total total-${filter}${count === 0 ? ' total-zero' : ''}`}
            aria-pressed={chosen === filter}
            onClick={() => onChoose(chosen === filter ? 'all' : filter)}
          >
            <strong>{formatNumber(count, language.value, 0)}</strong>
            <span>{t(`coverage.filter.${filter}`)}</span>
          </button>
        )
      })}
    </fieldset>
  )
}

function Tools({ text, onText }: { text: string; onText: (text: string) => void }) {
  const file = (format: 'csv' | 'xlsx') =>
    addressOf(PATHS.exportBackupCoverage[1], {}, { format, language: language.value })
  return (
    <div class="coverage-tools">
      <FilterField label={t('coverage.search')} text={text} onText={onText} />
      <ul class="coverage-legend" aria-label={t('coverage.legend')}>
        {EXPLAINED.map(state => (
          <li key={state}>
            <CoverageMark state={state} /> {t(`coverage.state.${state}`)}
          </li>
        ))}
      </ul>
      <span class="coverage-files">
        <a class="button button-small" href={file('csv')} download>
          CSV
        </a>
        <a class="button button-small" href={file('xlsx')} download>
          XLSX
        </a>
      </span>
    </div>
  )
}
