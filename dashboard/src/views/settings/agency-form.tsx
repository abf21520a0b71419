import { useState } from 'preact/hooks'
import type { AgencyView } from '../../../../protocol/places.ts'
import { AGENCY_KINDS } from '../../../../protocol/vocabulary.ts'
import { issueOf } from '../../api/api-error.ts'
import { call } from '../../api/call.ts'
import { useAction } from '../../api/use-action.ts'
import { t } from '../../i18n/translate.ts'
import { SelectField, TextField } from '../../ui/field.tsx'
import { Form, NameField } from '../../ui/form.tsx'

type AgencyFormProps = { agency: AgencyView | null; onSaved: (name: string) => void; onCancel: () => void }

/** A new agency, or a change of one that is there. */
export function AgencyForm({ agency, onSaved, onCancel }: AgencyFormProps) {
  const [name, setName] = useState(agency?.name ?? '')
  const [shortName, setShortName] = useState(agency?.shortName ?? '')
  const [kind, setKind] = useState(agency?.kind ?? 'agency')
  const [decree, setDecree] = useState(agency?.independentDecree ?? '')
  const save = useAction(async () => {
    const body = { name, shortName, kind, independentDecree: decree.trim() === '' ? null : decree }
    await (agency === null ? call('createAgency', { body }) : call('updateAgency', { params: { id: agency.id }, body }))
    onSaved(name.trim())
  })
  return (
    <Form save={save} onCancel={onCancel}>
      <NameField save={save} label={t('agencies.name')} value={name} onValue={setName} autofocus />
      <TextField
        label={t('agencies.short-name')}
        placeholder={t('agencies.short-name.placeholder')}
        issue={issueOf(save.error, 'shortName')}
        value={shortName}
        onValue={setShortName}
        maxLength={50}
        required
      />
      <SelectField
        label={t('agencies.kind')}
        value={kind}
        onValue={value => setKind(AGENCY_KINDS.find(one => one === value) ?? 'agency')}
        choices={AGENCY_KINDS.map(one => ({ value: one, label: t(`agencies.kind.${one}`) }))}
      />
      <TextField
        label={t('agencies.decree')}
        help={t('agencies.decree.help')}
        issue={issueOf(save.error, 'independentDecree')}
        value={decree}
        onValue={setDecree}
        maxLength={200}
      />
    </Form>
  )
}
