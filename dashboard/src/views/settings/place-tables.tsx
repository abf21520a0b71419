import type { AgencyView, SiteView } from '../../../../protocol/places.ts'
import { formatNumber } from '../../format/number.ts'
import { language, t } from '../../i18n/translate.ts'
import { Button } from '../../ui/button.tsx'
import { Table } from '../../ui/table.tsx'

type Changing<Row> = { mayChange: boolean; onEdit: (row: Row) => void; onRemove: (row: Row) => void }

const count = (value: number) => formatNumber(value, language.value, 0)

export function AgencyTable({ rows, ...changing }: Changing<AgencyView> & { rows: readonly AgencyView[] }) {
  return (
    <Table
      label={t('agencies.title')}
      rows={rows}
      rowKey={agency => agency.id}
      columns={[
        {
          label: t('agencies.name'),
          kind: 'head',
          cell: agency => (
            <span>
              {agency.name}
              <span class="source">
                {agency.shortName}
                {agency.independentDecree !== null && ` · ${t('agencies.independent')}: ${agency.independentDecree}`}
              </span>
            </span>
          ),
        },
        { label: t('agencies.kind'), cell: agency => t(`agencies.kind.${agency.kind}`) },
        { label: t('sites.count'), kind: 'number', cell: agency => count(agency.sites) },
        { label: t('sites.devices'), kind: 'number', cell: agency => count(agency.devices) },
        { label: '', cell: agency => <Actions row={agency} {...changing} /> },
      ]}
    />
  )
}

export function SiteTable({
  rows,
  agencies,
  ...changing
}: Changing<SiteView> & { rows: readonly SiteView[]; agencies: readonly AgencyView[] }) {
  const owner = (id: string | null) => agencies.find(agency => agency.id === id)?.shortName
  return (
    <Table
      label={t('sites.title')}
      rows={rows}
      rowKey={site => site.id}
      columns={[
        {
          label: t('sites.name'),
          kind: 'head',
          cell: site => (
            <span>
              {site.name}
              {site.address !== '' && <span class="source">{site.address}</span>}
            </span>
          ),
        },
        { label: t('sites.kind'), cell: site => t(`sites.kind.${site.kind}`) },
        {
          label: t('sites.agency'),
          cell: site => owner(site.agencyId) ?? <span class="faint">{t('places.none')}</span>,
        },
        {
          label: t('sites.coordinates'),
          cell: ({ coordinates }) =>
            coordinates === null ? (
              <span class="faint">{t('places.none')}</span>
            ) : (
              [coordinates.latitude, coordinates.longitude]
                .map(degrees => formatNumber(degrees, language.value, 4))
                .join(' · ')
            ),
        },
        { label: t('sites.devices'), kind: 'number', cell: site => count(site.devices) },
        { label: '', cell: site => <Actions row={site} {...changing} /> },
      ]}
    />
  )
}

function Actions<Row>({ row, mayChange, onEdit, onRemove }: Changing<Row> & { row: Row }) {
  if (!mayChange) return null
  return (
    <div class="table-actions">
      <Button size="small" onClick={() => onEdit(row)}>
        {t('common.edit')}
      </Button>
      <Button size="small" onClick={() => onRemove(row)}>
        {t('common.remove')}
      </Button>
    </div>
  )
}
