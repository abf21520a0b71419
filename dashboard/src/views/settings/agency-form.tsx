import { useState } from 'preact/hooks'
import type { AgencyView } from '../../../../protocol/places.ts'
import { AGENCY_KINDS } from '../../../../protocol/vocabulary.ts'
import { issueOf } from '../../api/api-error.ts'
import { call } from '../../api/call.ts'
import { useAction } from '../../api/use-action.ts'
import { t } from '../../i18n/translate.ts'
import { Button } from '../../ui/button.tsx'
import { SelectField, TextField } from '../../ui/field.tsx'
import { ErrorNotice } from '../../ui/notice.tsx'

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
    <form
      class="form"
      onSubmit={event => {
        event.preventDefault()
        void save.run()
      }}
    >
      <TextField
        label={t('agencies.name')}
        issue={issueOf(save.error, 'name')}
        value={name}
        onValue={setName}
        maxLength={200}
        required
        autofocus
      />
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
      <ErrorNotice error={save.error} />
      <div class="form-actions">
        <Button type="submit" kind="primary" busy={save.busy}>
          {t('common.save')}
        </Button>
        <Button onClick={onCancel}>{t('common.cancel')}</Button>
      </div>
    </form>
  )
}
