import { useComputed } from '@preact/signals'
import type { DrcBoardView } from '../../../../protocol/drc.ts'
import { call } from '../../api/call.ts'
import { useRefreshed } from '../../api/use-refreshed.ts'
import { Link } from '../../app/link.tsx'
import { t } from '../../i18n/translate.ts'
import { backupsChange, networkChange, wall } from '../../live/live-state.ts'
import { Skeleton } from '../../ui/button.tsx'
import { EmptyState, ErrorNotice } from '../../ui/notice.tsx'
import { DrcCentre } from './drc-centre.tsx'

/** How far a replica is behind comes with its samples. */
const EVERY_MS = 60_000

/** The recovery centres: distance, what answers, how far behind, drills, plan. */
export function DrcPanel() {
  const change = useComputed(() =>
    [backupsChange.value, networkChange.value, ...(wall.value?.servers.map(({ state }) => state) ?? [])].join(),
  )
  const board = useRefreshed('drc', signal => call('drcBoard', { signal }), change, EVERY_MS)
  const { data } = board
  if (data === null) {
    return board.error === null ? <Skeleton rows={6} /> : <ErrorNotice error={board.error} onRetry={board.reload} />
  }
  return (
    <>
      <ErrorNotice error={board.error} onRetry={board.reload} />
      <DataCentres board={data} />
      {data.centres.length === 0 ? (
        <EmptyState title={t('drc.empty')}>
          <p>{t('drc.empty.text')}</p>
          <Link to="/settings/places">{t('sites.title')}</Link>
        </EmptyState>
      ) : (
        data.centres.map(centre => <DrcCentre key={centre.id} centre={centre} />)
      )}
    </>
  )
}

/** Distances are from these. */
function DataCentres({ board: { dataCentres } }: { board: DrcBoardView }) {
  if (dataCentres.length === 0) {
    return (
      <div class="notice">
        {t('drc.no-data-centre')} <Link to="/settings/places">{t('sites.title')}</Link>
      </div>
    )
  }
  const names = dataCentres.map(({ name, country, coordinates }) => {
    if (coordinates === null) return t('drc.without-coordinates', { name })
    return country === 'abroad' ? t('drc.abroad.named', { name }) : name
  })
  return <p class="soft">{t('drc.from', { names: names.join(', ') })}</p>
}
