import type { LinkView } from '../../../../protocol/links.ts'
import { Link } from '../../app/link.tsx'
import { pathOf } from '../../app/router.ts'
import { formatBitRate } from '../../format/number.ts'
import { language, t } from '../../i18n/translate.ts'
import { Age } from '../../ui/age.tsx'
import { Button } from '../../ui/button.tsx'
import { StateLabel } from '../../ui/state-mark.tsx'
import { Table } from '../../ui/table.tsx'
import type { Owners } from './use-owners.ts'

export type AskedOfLink = { what: 'link'; link: LinkView } | { what: 'remove'; link: LinkView }

/** A thousand rows at once make each word that is typed wait. */
const ROWS_AT_ONCE = 100

/** Links as they stand. */
export function LinkTable({
  rows,
  owners,
  mayChange,
  onAsk = () => {},
}: {
  rows: readonly LinkView[]
  owners: Owners | null
  mayChange: boolean
  onAsk?: (asked: AskedOfLink) => void
}) {
  const nameOf = (list: readonly { id: string; name: string }[] | undefined, id: string | null) =>
    list?.find(one => one.id === id)?.name ?? t('links.none')
  return (
    <Table
      label={t('network.links')}
      rows={rows}
      rowKey={link => link.id}
      most={ROWS_AT_ONCE}
      columns={[
        {
          label: t('links.name'),
          kind: 'head',
          cell: link => (
            <span>
              <Link to={pathOf({ screen: 'link', id: link.id })}>{link.name}</Link>
              {link.address !== null && <span class="source">{link.address}</span>}
            </span>
          ),
        },
        { label: t('links.state'), cell: link => <Standing link={link} /> },
        {
          label: t('links.since'),
          cell: ({ standing }) => (standing.since === null ? '–' : <Age at={standing.since} />),
        },
        { label: t('links.agency'), cell: link => nameOf(owners?.agencies, link.agencyId) },
        {
          label: t('links.provider'),
          cell: link => (
            <span>
              {nameOf(owners?.providers, link.providerId)}
              {link.contractNumber !== '' && <span class="source">{link.contractNumber}</span>}
            </span>
          ),
        },
        {
          label: t('links.committed'),
          kind: 'number',
          cell: ({ committedBps }) => (committedBps === null ? '–' : formatBitRate(committedBps, language.value)),
        },
        {
          label: '',
          cell: link =>
            mayChange && (
              <div class="table-actions">
                <Button size="small" onClick={() => onAsk({ what: 'link', link })}>
                  {t('common.edit')}
                </Button>
                <Button size="small" onClick={() => onAsk({ what: 'remove', link })}>
                  {t('common.remove')}
                </Button>
              </div>
            ),
        },
      ]}
    />
  )
}

function Standing({ link }: { link: LinkView }) {
  if (!link.monitored) return <span class="faint">{t('links.unmonitored')}</span>
  return <StateLabel state={link.standing.state} inMaintenance={link.standing.inMaintenance} />
}
