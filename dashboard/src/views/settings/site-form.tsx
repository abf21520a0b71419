import { useState } from 'preact/hooks'
import type { AgencyView, SiteView } from '../../../../protocol/places.ts'
import { SITE_KINDS } from '../../../../protocol/vocabulary.ts'
import { issueOf } from '../../api/api-error.ts'
import { call } from '../../api/call.ts'
import { useAction } from '../../api/use-action.ts'
import { t } from '../../i18n/translate.ts'
import { SelectField, TextField } from '../../ui/field.tsx'
import { Form, NameField } from '../../ui/form.tsx'

type SiteFormProps = {
  site: SiteView | null
  agencies: readonly AgencyView[]
  onSaved: (name: string) => void
  onCancel: () => void
}

/** A new site, or a change of one that is there. */
export function SiteForm({ site, agencies, onSaved, onCancel }: SiteFormProps) {
  const [name, setName] = useState(site?.name ?? '')
  const [kind, setKind] = useState(site?.kind ?? 'office')
  const [agencyId, setAgencyId] = useState(site?.agencyId ?? '')
  const [address, setAddress] = useState(site?.address ?? '')
  const [powerFeed, setPowerFeed] = useState(site?.powerFeed ?? '')
  const [latitude, setLatitude] = useState(String(site?.coordinates?.latitude ?? ''))
  const [longitude, setLongitude] = useState(String(site?.coordinates?.longitude ?? ''))
  const half = (latitude.trim() === '') !== (longitude.trim() === '')
  const save = useAction(async () => {
    const coordinates =
      latitude.trim() === '' ? null : { latitude: degreesOf(latitude), longitude: degreesOf(longitude) }
    const body = { name, kind, agencyId: agencyId === '' ? null : agencyId, address, powerFeed, coordinates }
    await (site === null ? call('createSite', { body }) : call('updateSite', { params: { id: site.id }, body }))
    onSaved(name.trim())
  })
  return (
    <Form save={save} held={half ? 'submit' : 'no'} onCancel={onCancel}>
      <NameField save={save} label={t('sites.name')} value={name} onValue={setName} autofocus />
      <div class="form-row">
        <SelectField
          label={t('sites.kind')}
          value={kind}
          onValue={value => setKind(SITE_KINDS.find(one => one === value) ?? 'office')}
          choices={SITE_KINDS.map(one => ({ value: one, label: t(`sites.kind.${one}`) }))}
        />
        <SelectField
          label={t('sites.agency')}
          issue={issueOf(save.error, 'agencyId')}
          value={agencyId}
          onValue={setAgencyId}
          choices={[
            { value: '', label: t('places.none') },
            ...agencies.map(agency => ({ value: agency.id, label: agency.name })),
          ]}
        />
      </div>
      <TextField
        label={t('sites.address')}
        issue={issueOf(save.error, 'address')}
        value={address}
        onValue={setAddress}
        maxLength={500}
      />
      <TextField
        label={t('sites.power')}
        help={t('sites.power.help')}
        issue={issueOf(save.error, 'powerFeed')}
        value={powerFeed}
        onValue={setPowerFeed}
        maxLength={100}
      />
      <div class="form-row">
        <TextField
          label={t('sites.latitude')}
          help={t('sites.coordinates.help')}
          issue={half ? t('sites.coordinates.both') : issueOf(save.error, 'coordinates.latitude')}
          value={latitude}
          onValue={setLatitude}
          pattern={DEGREES}
        />
        <TextField
          label={t('sites.longitude')}
          issue={issueOf(save.error, 'coordinates.longitude')}
          value={longitude}
          onValue={setLongitude}
          pattern={DEGREES}
        />
      </div>
    </Form>
  )
}

const DEGREES = '\\s*-?\\d{1,3}([.,]\\d+)?\\s*'

/** Indonesians write a comma. */
function degreesOf(text: string): number {
  return Number(text.trim().replace(',', '.'))
}
