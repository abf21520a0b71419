import { useState } from 'preact/hooks'
import type { LinkView } from '../../../../protocol/links.ts'
import { LINK_PEERS } from '../../../../protocol/vocabulary.ts'
import { issueOf } from '../../api/api-error.ts'
import { call } from '../../api/call.ts'
import { useAction } from '../../api/use-action.ts'
import { t } from '../../i18n/translate.ts'
import { SelectField, TextField } from '../../ui/field.tsx'
import { Form, NameField } from '../../ui/form.tsx'
import type { Owners } from './use-owners.ts'

type LinkFormProps = {
  link: LinkView | null
  owners: Owners | null
  onSaved: (name: string) => void
  onCancel: () => void
}

const choicesOf = (list: readonly { id: string; name: string }[] | undefined) => [
  { value: '', label: t('links.none') },
  ...(list ?? []).map(one => ({ value: one.id, label: one.name })),
]
const orNull = (text: string) => (text.trim() === '' ? null : text.trim())

/** A new link, or a change of one that is there. What the form does not show stays as it was. */
export function LinkForm({ link, owners, onSaved, onCancel }: LinkFormProps) {
  const [name, setName] = useState(link?.name ?? '')
  const [peer, setPeer] = useState<LinkView['peer']>(link?.peer ?? 'site')
  const [agencyId, setAgencyId] = useState(link?.agencyId ?? '')
  const [providerId, setProviderId] = useState(link?.providerId ?? '')
  const [contractNumber, setContract] = useState(link?.contractNumber ?? '')
  const [committed, setCommitted] = useState(link?.committedBps ? String(link.committedBps / 1e6) : '')
  const [siteId, setSiteId] = useState(link?.far.siteId ?? '')
  const [calendarId, setCalendarId] = useState(link?.calendarId ?? '')
  const [address, setAddress] = useState(link?.address ?? '')
  const save = useAction(async () => {
    const body = {
      ...{ name, peer, agencyId: orNull(agencyId), providerId: orNull(providerId), contractNumber },
      committedBps: orNull(committed) === null ? null : Math.round(Number(committed.replace(',', '.')) * 1e6),
      ...{ address: orNull(address), peerName: link?.peerName ?? '', calendarId: orNull(calendarId) },
      ...(link === null ? {} : { near: link.near }),
      far: {
        ...{ deviceId: link?.far.deviceId ?? null, interface: link?.far.interface ?? null, siteId: orNull(siteId) },
      },
    }
    await (link === null ? call('createLink', { body }) : call('updateLink', { params: { id: link.id }, body }))
    onSaved(name.trim())
  })
  return (
    <Form save={save} onCancel={onCancel}>
      <NameField save={save} label={t('links.name')} value={name} onValue={setName} autofocus />
      <div class="form-row">
        <SelectField
          label={t('links.agency')}
          value={agencyId}
          onValue={setAgencyId}
          choices={choicesOf(owners?.agencies)}
        />
        <SelectField
          label={t('links.provider')}
          value={providerId}
          onValue={setProviderId}
          choices={choicesOf(owners?.providers)}
        />
      </div>
      <div class="form-row">
        <TextField label={t('links.contract')} value={contractNumber} onValue={setContract} maxLength={200} />
        <TextField
          label={t('links.committed')}
          help={t('links.committed.help')}
          issue={issueOf(save.error, 'committedBps')}
          value={committed}
          onValue={setCommitted}
          pattern="\s*\d+([.,]\d+)?\s*"
        />
      </div>
      <div class="form-row">
        <SelectField
          label={t('links.peer')}
          value={peer}
          onValue={value => setPeer(LINK_PEERS.find(one => one === value) ?? 'site')}
          choices={LINK_PEERS.map(one => ({ value: one, label: t(`links.peer.${one}`) }))}
        />
        <SelectField
          label={t('links.far-site')}
          value={siteId}
          onValue={setSiteId}
          choices={choicesOf(owners?.sites)}
        />
      </div>
      <TextField
        label={t('links.address')}
        help={t('links.address.help')}
        issue={issueOf(save.error, 'address')}
        value={address}
        onValue={setAddress}
        maxLength={45}
      />
      <SelectField
        label={t('links.calendar')}
        help={t('links.calendar.help')}
        value={calendarId}
        onValue={setCalendarId}
        choices={[
          { value: '', label: t('calendars.kind.always') },
          ...(owners?.calendars ?? []).map(one => ({ value: one.id, label: one.name })),
        ]}
      />
    </Form>
  )
}
