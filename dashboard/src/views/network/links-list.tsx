import { useState } from 'preact/hooks'
import type { LinkView } from '../../../../protocol/links.ts'
import { call } from '../../api/call.ts'
import { useAction } from '../../api/use-action.ts'
import { useRefreshed } from '../../api/use-refreshed.ts'
import { Link } from '../../app/link.tsx'
import { pathOf } from '../../app/router.ts'
import { may } from '../../app/session.ts'
import { formatBitRate, formatNumber } from '../../format/number.ts'
import { language, t } from '../../i18n/translate.ts'
import { Age } from '../../ui/age.tsx'
import { Button, Skeleton } from '../../ui/button.tsx'
import { ConfirmDialog, Dialog } from '../../ui/dialog.tsx'
import { EmptyState, ErrorNotice } from '../../ui/notice.tsx'
import { Panel } from '../../ui/panel.tsx'
import { StateLabel } from '../../ui/state-mark.tsx'
import { Table } from '../../ui/table.tsx'
import { toast } from '../../ui/toast.tsx'
import { LinkForm } from './link-form.tsx'
import { ProviderForm } from './provider-form.tsx'
import { type Owners, useOwners } from './use-owners.ts'

type Asked = { what: 'link'; link: LinkView | null } | { what: 'remove'; link: LinkView } | { what: 'provider' }

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
  const remove = useAction(async (link: LinkView) => {
    await call('removeLink', { params: { id: link.id } })
    done(t('links.removed', { name: link.name }))
  })
  const close = () => {
    setAsked(null)
    remove.clear()
  }
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
        {rows.length > 0 && <LinkTable rows={rows} owners={owners.data} mayChange={mayChange} onAsk={setAsked} />}
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
      {asked?.what === 'remove' && (
        <ConfirmDialog
          title={t('links.remove.title', { name: asked.link.name })}
          text={t('links.remove.text')}
          action={t('common.remove')}
          busy={remove.busy}
          error={remove.error}
          onConfirm={() => void remove.run(asked.link)}
          onClose={close}
        />
      )}
    </>
  )
}

function LinkTable({
  rows,
  owners,
  mayChange,
  onAsk,
}: {
  rows: readonly LinkView[]
  owners: Owners | null
  mayChange: boolean
  onAsk: (asked: Asked) => void
}) {
  const nameOf = (list: readonly { id: string; name: string }[] | undefined, id: string | null) =>
    list?.find(one => one.id === id)?.name ?? t('links.none')
  return (
    <Table
      label={t('network.links')}
      rows={rows}
      rowKey={link => link.id}
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
  return (
    <span>
      <StateLabel state={link.standing.state} />
      {link.standing.inMaintenance && <span class="source">{t('links.in-maintenance')}</span>}
    </span>
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
        {t('links.without.text', { names: without.map(agency => agency.shortName).join(', ') })}
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
