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
import { EmptyState, ErrorNotice } from '../../ui/notice.tsx'
import { Panel } from '../../ui/panel.tsx'
import { Table } from '../../ui/table.tsx'
import { toast } from '../../ui/toast.tsx'
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
        {rows.length > 0 && (
          <LinkTable
            rows={rows}
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
