import { useState } from 'preact/hooks'
import type { AgencyView, SiteView } from '../../../../protocol/places.ts'
import { call } from '../../api/call.ts'
import { useResource } from '../../api/use-resource.ts'
import { may } from '../../app/session.ts'
import { t } from '../../i18n/translate.ts'
import { Button, Skeleton } from '../../ui/button.tsx'
import { useConfirmed } from '../../ui/confirmed.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { EmptyState, ErrorNotice } from '../../ui/notice.tsx'
import { Panel } from '../../ui/panel.tsx'
import { toast } from '../../ui/toast.tsx'
import { AgencyForm } from './agency-form.tsx'
import { AgencyTable, SiteTable } from './place-tables.tsx'
import { SiteForm } from './site-form.tsx'

/** `null` stands for a new one. */
type Asked = { what: 'agency'; agency: AgencyView | null } | { what: 'site'; site: SiteView | null }

/** Who owes duties, and where things stand. */
export function PlacesSettings() {
  const agencies = useResource('agencies', signal => call('agencies', { signal }))
  const sites = useResource('sites', signal => call('sites', { signal }))
  const [asked, setAsked] = useState<Asked | null>(null)
  const done = (text: string) => {
    toast(text)
    setAsked(null)
    agencies.reload()
    sites.reload()
  }
  const removed = (name: string) => done(t('places.removed', { name }))
  const removeAgency = useConfirmed(
    ({ id, name }: AgencyView) => call('removeAgency', { params: { id } }).then(() => removed(name)),
    ({ name }) => ({
      title: t('agencies.remove.title', { name }),
      text: t('agencies.remove.text'),
      action: t('common.remove'),
    }),
  )
  const removeSite = useConfirmed(
    ({ id, name }: SiteView) => call('removeSite', { params: { id } }).then(() => removed(name)),
    ({ name }) => ({
      title: t('sites.remove.title', { name }),
      text: t('sites.remove.text'),
      action: t('common.remove'),
    }),
  )
  const close = () => setAsked(null)
  const owners = agencies.data?.agencies ?? []
  const places = sites.data?.sites ?? []
  const mayChange = may('inventory:write')
  const add = (label: string, what: Asked) =>
    mayChange && (
      <Button kind="primary" size="small" onClick={() => setAsked(what)}>
        {label}
      </Button>
    )
  return (
    <>
      <Panel title={t('agencies.title')} aside={add(t('agencies.add'), { what: 'agency', agency: null })}>
        <p class="soft">{t('agencies.text')}</p>
        <ErrorNotice error={agencies.error} onRetry={agencies.reload} />
        {agencies.data === null && agencies.loading && <Skeleton rows={2} />}
        {agencies.data !== null && owners.length === 0 && <EmptyState title={t('agencies.empty')} />}
        {owners.length > 0 && (
          <AgencyTable
            rows={owners}
            mayChange={mayChange}
            onEdit={agency => setAsked({ what: 'agency', agency })}
            onRemove={removeAgency.ask}
          />
        )}
      </Panel>
      <Panel title={t('sites.title')} aside={add(t('sites.add'), { what: 'site', site: null })}>
        <p class="soft">{t('sites.text')}</p>
        <ErrorNotice error={sites.error} onRetry={sites.reload} />
        {sites.data === null && sites.loading && <Skeleton rows={2} />}
        {sites.data !== null && places.length === 0 && <EmptyState title={t('sites.empty')} />}
        {places.length > 0 && (
          <SiteTable
            rows={places}
            agencies={owners}
            mayChange={mayChange}
            onEdit={site => setAsked({ what: 'site', site })}
            onRemove={removeSite.ask}
          />
        )}
      </Panel>
      {asked?.what === 'agency' && (
        <Dialog
          title={asked.agency === null ? t('agencies.add') : t('agencies.edit', { name: asked.agency.shortName })}
          onClose={close}
        >
          <AgencyForm agency={asked.agency} onSaved={name => done(t('places.saved', { name }))} onCancel={close} />
        </Dialog>
      )}
      {asked?.what === 'site' && (
        <Dialog
          title={asked.site === null ? t('sites.add') : t('sites.edit', { name: asked.site.name })}
          onClose={close}
        >
          <SiteForm
            site={asked.site}
            agencies={owners}
            onSaved={name => done(t('places.saved', { name }))}
            onCancel={close}
          />
        </Dialog>
      )}
      {removeAgency.dialog}
      {removeSite.dialog}
    </>
  )
}
