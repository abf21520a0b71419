import { useState } from 'preact/hooks'
import type { AgencyView, SiteView } from '../../../../protocol/places.ts'
import { call } from '../../api/call.ts'
import { useAction } from '../../api/use-action.ts'
import { useResource } from '../../api/use-resource.ts'
import { may } from '../../app/session.ts'
import { t } from '../../i18n/translate.ts'
import { Button, Skeleton } from '../../ui/button.tsx'
import { ConfirmDialog, Dialog } from '../../ui/dialog.tsx'
import { EmptyState, ErrorNotice } from '../../ui/notice.tsx'
import { Panel } from '../../ui/panel.tsx'
import { toast } from '../../ui/toast.tsx'
import { AgencyForm } from './agency-form.tsx'
import { AgencyTable, SiteTable } from './place-tables.tsx'
import { SiteForm } from './site-form.tsx'

/** `null` stands for a new one. */
type Asked =
  | { what: 'agency'; agency: AgencyView | null }
  | { what: 'site'; site: SiteView | null }
  | { what: 'remove-agency'; agency: AgencyView }
  | { what: 'remove-site'; site: SiteView }

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
  const remove = useAction(async (name: string, change: () => Promise<unknown>) => {
    await change()
    done(t('places.removed', { name }))
  })
  const close = () => {
    setAsked(null)
    remove.clear()
  }
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
            onRemove={agency => setAsked({ what: 'remove-agency', agency })}
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
            onRemove={site => setAsked({ what: 'remove-site', site })}
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
      {asked?.what === 'remove-agency' && (
        <ConfirmDialog
          title={t('agencies.remove.title', { name: asked.agency.name })}
          text={t('agencies.remove.text')}
          action={t('common.remove')}
          busy={remove.busy}
          error={remove.error}
          onConfirm={() =>
            void remove.run(asked.agency.name, () => call('removeAgency', { params: { id: asked.agency.id } }))
          }
          onClose={close}
        />
      )}
      {asked?.what === 'remove-site' && (
        <ConfirmDialog
          title={t('sites.remove.title', { name: asked.site.name })}
          text={t('sites.remove.text')}
          action={t('common.remove')}
          busy={remove.busy}
          error={remove.error}
          onConfirm={() =>
            void remove.run(asked.site.name, () => call('removeSite', { params: { id: asked.site.id } }))
          }
          onClose={close}
        />
      )}
    </>
  )
}
