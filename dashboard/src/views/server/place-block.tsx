import type { ServerView } from '../../../../protocol/server-views.ts'
import { call } from '../../api/call.ts'
import { useAction } from '../../api/use-action.ts'
import { useResource } from '../../api/use-resource.ts'
import { may } from '../../app/session.ts'
import { t } from '../../i18n/translate.ts'
import { SelectField } from '../../ui/field.tsx'
import { ErrorNotice } from '../../ui/notice.tsx'
import { Panel } from '../../ui/panel.tsx'
import { toast } from '../../ui/toast.tsx'

type Place = Partial<ServerView['place']>

/** Whose a server is and where it stands; who may, changes it here. */
export function PlaceBlock({ view, onChanged }: { view: ServerView; onChanged: () => void }) {
  const places = useResource('places', async signal => {
    const [{ agencies }, { sites }] = await Promise.all([call('agencies', { signal }), call('sites', { signal })])
    return { agencies, sites }
  })
  const put = useAction(async (place: Place) => {
    await call('placeDevice', { params: { id: view.tile.id }, body: place })
    toast(t('place.saved'))
    onChanged()
  })
  const { agencies, sites } = places.data ?? { agencies: [], sites: [] }
  // Nothing to choose from and nothing chosen: the page says nothing about it.
  if (agencies.length === 0 && sites.length === 0) return null
  if (!may('inventory:write'))
    return (
      <Panel title={t('place.title')}>
        <dl class="fact-list">
          <dt>{t('place.agency')}</dt>
          <dd>{agencies.find(one => one.id === view.place.agencyId)?.name ?? t('places.none')}</dd>
          <dt>{t('place.site')}</dt>
          <dd>{sites.find(one => one.id === view.place.siteId)?.name ?? t('places.none')}</dd>
        </dl>
      </Panel>
    )
  const chosen = (value: string) => (value === '' ? null : value)
  const choices = (options: readonly { id: string; name: string }[]) => [
    { value: '', label: t('places.none') },
    ...options.map(({ id, name }) => ({ value: id, label: name })),
  ]
  return (
    <Panel title={t('place.title')}>
      <div class="form-row">
        <SelectField
          label={t('place.agency')}
          value={view.place.agencyId ?? ''}
          onValue={value => void put.run({ agencyId: chosen(value) })}
          choices={choices(agencies)}
        />
        <SelectField
          label={t('place.site')}
          value={view.place.siteId ?? ''}
          onValue={value => void put.run({ siteId: chosen(value) })}
          choices={choices(sites)}
        />
      </div>
      <ErrorNotice error={put.error} />
    </Panel>
  )
}
