import { call } from '../../api/call.ts'
import { useResource } from '../../api/use-resource.ts'
import { t } from '../../i18n/translate.ts'
import { SelectField } from '../../ui/field.tsx'
import type { Place } from './chosen.ts'

/** Whose the new devices are and where they stand; nothing while there is nothing to choose from. */
export function PlaceFields({ place, onPlace }: { place: Place; onPlace: (place: Place) => void }) {
  const places = useResource('places', async signal => {
    const [{ agencies }, { sites }] = await Promise.all([call('agencies', { signal }), call('sites', { signal })])
    return { agencies, sites }
  })
  const { agencies, sites } = places.data ?? { agencies: [], sites: [] }
  if (agencies.length === 0 && sites.length === 0) return null
  const chosen = (value: string) => (value === '' ? null : value)
  const choices = (options: readonly { id: string; name: string }[]) => [
    { value: '', label: t('places.none') },
    ...options.map(({ id, name }) => ({ value: id, label: name })),
  ]
  return (
    <fieldset class="add-place">
      <legend class="visually-hidden">{t('add.place')}</legend>
      <div class="form-row">
        <SelectField
          label={t('place.agency')}
          value={place.agencyId ?? ''}
          onValue={value => onPlace({ ...place, agencyId: chosen(value) })}
          choices={choices(agencies)}
        />
        <SelectField
          label={t('place.site')}
          value={place.siteId ?? ''}
          onValue={value => onPlace({ ...place, siteId: chosen(value) })}
          choices={choices(sites)}
        />
      </div>
      <p class="faint">{t('add.place.text')}</p>
    </fieldset>
  )
}
