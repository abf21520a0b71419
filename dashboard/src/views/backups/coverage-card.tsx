import type { CoverageAgency, CoverageRow } from '../../../../protocol/backup-views.ts'
import { COPY_PLACES } from '../../../../protocol/backup-words.ts'
import { Link } from '../../app/link.tsx'
import { pathOf } from '../../app/router.ts'
import { formatAge } from '../../format/age.ts'
import { language, pick, t } from '../../i18n/translate.ts'
import { VerdictLabel, VerdictMark } from '../../ui/state-mark.tsx'
import { CoverageMark } from './coverage-mark.tsx'

/** One agency: its data sets, and how each stands at each place. */
export function CoverageCard({ one, at }: { one: CoverageAgency; at: number }) {
  const { agency, rows, gaps } = one
  const name = agency?.name ?? t('coverage.nobody')
  // What the rows show already need not be said again.
  const said = gaps.filter(({ gap }) => gap === 'no-data-set' || gap.startsWith('service-'))
  return (
    <section class={`coverage-card verdict-${one.verdict}`} aria-label={name} data-verdict={one.verdict}>
      <h2 title={name}>
        <span class="cut">{agency?.shortName ?? t('coverage.nobody')}</span>
        <span class="coverage-verdict">
          <VerdictLabel verdict={one.verdict} />
        </span>
      </h2>
      {rows.length > 0 && (
        <table class="coverage-table" aria-label={name}>
          <thead>
            <tr>
              <th scope="col">
                <span class="visually-hidden">{t('coverage.dataset')}</span>
              </th>
              {COPY_PLACES.map(place => (
                <th key={place} scope="col">
                  <abbr title={t(`copies.at.${place}`)}>{t(`copies.short.${place}`)}</abbr>
                </th>
              ))}
              <th scope="col" class="number coverage-age">
                {t('coverage.age')}
              </th>
            </tr>
          </thead>
          <tbody>
            {rows.map(row => (
              <DatasetRow key={row.dataset.id} row={row} at={at} />
            ))}
          </tbody>
        </table>
      )}
      {said.map(({ gap, words, about }) => (
        <p key={`${gap}${about?.id ?? ''}`} class="coverage-gap">
          {pick(words)}
        </p>
      ))}
    </section>
  )
}

function DatasetRow({ row, at }: { row: CoverageRow; at: number }) {
  const { dataset, cells, lastGoodAt, verdict, urgency } = row
  const age = lastGoodAt === null ? null : formatAge(at - lastGoodAt, language.value)
  return (
    <tr data-dataset={dataset.name} data-verdict={verdict}>
      <th scope="row">
        <span class="coverage-name">
          <VerdictMark verdict={verdict} />
          <Link
            to={pathOf({ screen: 'dataset', id: dataset.id })}
            title={`${dataset.name} · ${t(`urgency.${urgency}`)} · ${t(`verdict.${verdict}`)}`}
          >
            {dataset.name}
          </Link>
        </span>
      </th>
      {cells.map(({ place, state, lastGoodAt: placedAt }) => {
        const words = [
          t(`copies.at.${place}`),
          t(`coverage.state.${state}`),
          ...(placedAt === null ? [] : [formatAge(at - placedAt, language.value)]),
        ].join(', ')
        return (
          <td key={place} data-place={place} data-state={state} title={words}>
            <CoverageMark state={state} />
            <span class="visually-hidden">{words}</span>
          </td>
        )
      })}
      <td class="number coverage-age">{age ?? <span class="faint">{t('coverage.no-age')}</span>}</td>
    </tr>
  )
}
