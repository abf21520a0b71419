import { useState } from 'preact/hooks'
import type { LinkView } from '../../../../protocol/links.ts'
import { call } from '../../api/call.ts'
import { Link } from '../../app/link.tsx'
import { pathOf } from '../../app/router.ts'
import { may } from '../../app/session.ts'
import { formatNumber } from '../../format/number.ts'
import { language, t } from '../../i18n/translate.ts'
import { Button, Skeleton } from '../../ui/button.tsx'
import { useConfirmed } from '../../ui/confirmed.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { FilterField } from '../../ui/filter-field.tsx'
import { EmptyState, ErrorNotice } from '../../ui/notice.tsx'
import { Panel } from '../../ui/panel.tsx'
import { Table } from '../../ui/table.tsx'
import { toast } from '../../ui/toast.tsx'
import { arrangeLinks, LINK_STANDINGS } from './arrange-links.ts'
import { LinkForm } from './link-form.tsx'
import { type AskedOfLink, LinkTable } from './link-table.tsx'
import { ProviderForm } from './provider-form.tsx'
import { type Owners, useOwners } from './use-owners.ts'
import { useRefreshed } from './use-refreshed.ts'

type Asked = AskedOfLink | { what: 'link'; link: null } | { what: 'provider' }

/** All links as they stand, and who has none. */
export function LinksList() {
  const links = useRefreshed('links', signal => call('links', { signal }))
  const owners = useOwners()
  const [asked, setAsked] = useState<Asked | null>(null)
  const [filter, setFilter] = useState({ text: '', standing: '' })
  const done = (text: string) => {
    toast(text)
    setAsked(null)
    links.reload()
    owners.reload()
  }
  const remove = useConfirmed(
    async (link: LinkView) => {
      await call('removeLink', { params: { id: link.id } })
      done(t('links.removed', { name: link.name }))
    },
    ({ name }) => ({
      title: t('links.remove.title', { name }),
      text: t('links.remove.text'),
      action: t('common.remove'),
    }),
  )
  const close = () => setAsked(null)
  const rows = links.data?.links ?? []
  const shown = arrangeLinks(rows, filter, link => wordsOf(link, owners.data))
  const mayChange = may('inventory:write')
  return (
    <>
      <Panel
        title={t('network.links')}
        aside={
          mayChange && (
            <Button kind="primary" size="small" onClick={() => setAsked({ what: 'link', link: null })}>
              {t('links.add')}
            </Button>
          )
        }
      >
        <ErrorNotice error={links.error ?? owners.error} onRetry={links.reload} />
        {links.data === null && links.loading && <Skeleton rows={4} />}
        {links.data !== null && rows.length === 0 && <EmptyState title={t('links.empty')} />}
        {rows.length > 0 && <LinkFilter filter={filter} onFilter={setFilter} shown={shown.length} all={rows.length} />}
        {rows.length > 0 && shown.length === 0 && <EmptyState title={t('links.no-match')} />}
        {shown.length > 0 && (
          <LinkTable
            rows={shown}
            owners={owners.data}
            mayChange={mayChange}
            onAsk={asked => (asked.what === 'remove' ? remove.ask(asked.link) : setAsked(asked))}
          />
        )}
        {links.data !== null && owners.data !== null && <Without links={rows} owners={owners.data} />}
      </Panel>
      <Providers owners={owners.data} mayChange={mayChange} onAdd={() => setAsked({ what: 'provider' })} />
      {asked?.what === 'link' && (
        <Dialog
          title={asked.link === null ? t('links.add') : t('links.edit', { name: asked.link.name })}
          onClose={close}
        >
          <LinkForm
            link={asked.link}
            owners={owners.data}
            onSaved={name => done(t('links.saved', { name }))}
            onCancel={close}
          />
        </Dialog>
      )}
      {asked?.what === 'provider' && (
        <Dialog title={t('providers.add')} onClose={close}>
          <ProviderForm onSaved={name => done(t('links.saved', { name }))} onCancel={close} />
        </Dialog>
      )}
      {remove.dialog}
    </>
  )
}

/** All by which people look for a link. */
function wordsOf(link: LinkView, owners: Owners | null): string {
  const agency = owners?.agencies.find(({ id }) => id === link.agencyId)
  const provider = owners?.providers.find(({ id }) => id === link.providerId)
  return [
    link.name,
    link.slug,
    link.address,
    link.contractNumber,
    agency?.name,
    agency?.shortName,
    provider?.name,
  ].join(' ')
}

type LinkFilterProps = {
  filter: { text: string; standing: string }
  onFilter: (filter: LinkFilterProps['filter']) => void
  shown: number
  all: number
}

function LinkFilter({ filter, onFilter, shown, all }: LinkFilterProps) {
  const count = (value: number) => formatNumber(value, language.value, 0)
  return (
    <div class="links-filter">
      <FilterField label={t('links.find')} text={filter.text} onText={text => onFilter({ ...filter, text })} />
      <select
        class="input"
        aria-label={t('links.state')}
        value={filter.standing}
        onChange={event => onFilter({ ...filter, standing: event.currentTarget.value })}
      >
        <option value="">{t('devices.state.all')}</option>
        {LINK_STANDINGS.map(standing => (
          <option key={standing} value={standing}>
            {standing === 'unmonitored' ? t('links.unmonitored') : t(`state.${standing}`)}
          </option>
        ))}
      </select>
      <span class="faint" aria-live="polite">
        {t('links.count', { shown: count(shown), n: count(all) })}
      </span>
    </div>
  )
}

/** Agencies that could lose the network without anybody noticing. */
function Without({ links, owners }: { links: readonly LinkView[]; owners: Owners }) {
  const watched = new Set(links.filter(link => link.monitored).map(link => link.agencyId))
  const without = owners.agencies.filter(agency => agency.kind === 'agency' && !watched.has(agency.id))
  if (without.length === 0) return null
  return (
    <div class="notice">
      <span>
        <strong>
          {t('links.without')} ({formatNumber(without.length, language.value, 0)})
        </strong>
        <br />
        {t('links.without.text')}{' '}
        {without.map((agency, index) => (
          <span key={agency.id}>
            {index > 0 && ', '}
            <Link to={pathOf({ screen: 'agency', id: agency.id })}>{agency.shortName}</Link>
          </span>
        ))}
      </span>
    </div>
  )
}

function Providers({ owners, mayChange, onAdd }: { owners: Owners | null; mayChange: boolean; onAdd: () => void }) {
  if (owners === null) return null
  return (
    <Panel
      title={t('providers.title')}
      aside={
        mayChange && (
          <Button size="small" onClick={onAdd}>
            {t('providers.add')}
          </Button>
        )
      }
    >
      {owners.providers.length === 0 ? (
        <EmptyState title={t('providers.empty')} />
      ) : (
        <Table
          label={t('providers.title')}
          rows={owners.providers}
          rowKey={provider => provider.id}
          columns={[
            { label: t('links.name'), kind: 'head', cell: provider => provider.name },
            { label: t('providers.contact'), cell: provider => provider.contact || '–' },
            {
              label: t('providers.links'),
              kind: 'number',
              cell: provider => formatNumber(provider.links, language.value, 0),
            },
          ]}
        />
      )}
    </Panel>
  )
}
