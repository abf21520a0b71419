import { useState } from 'preact/hooks'
import type { ReminderView, SupervisionView } from '../../../../protocol/backup-views.ts'
import { issueOf } from '../../api/api-error.ts'
import { call } from '../../api/call.ts'
import { useAction } from '../../api/use-action.ts'
import { pick, t } from '../../i18n/translate.ts'
import { DayField, LongTextField } from '../../ui/field.tsx'
import { Form } from '../../ui/form.tsx'

const LONGEST = 500

/** A first draft of the letter, as far as it fits. */
function draftOf({ gaps }: SupervisionView['agencies'][number]): string {
  const lines = gaps.map(({ words }) => `- ${pick(words)}`)
  let text = t('supervision.draft')
  for (const line of lines) {
    if (text.length + line.length + 1 > LONGEST - 20) return `${text}\n…`
    text = `${text}\n${line}`
  }
  return text
}

export function RemindForm({
  one,
  onSaved,
  onCancel,
}: {
  one: SupervisionView['agencies'][number]
  onSaved: () => void
  onCancel: () => void
}) {
  const [text, setText] = useState(() => draftOf(one))
  const save = useAction(async () => {
    await call('remindAgency', { body: { agencyId: one.agency.id, text } })
    onSaved()
  })
  return (
    <Form save={save} action={t('supervision.remind')} onCancel={onCancel}>
      <p class="soft">
        {one.contact === null ? t('supervision.no-contact.text') : t('supervision.contact', { contact: one.contact })}
      </p>
      <LongTextField
        label={t('supervision.letter')}
        help={t('supervision.letter.help')}
        issue={issueOf(save.error, 'text')}
        value={text}
        onValue={setText}
        rows={8}
        maxLength={LONGEST}
      />
    </Form>
  )
}

export function AnswerForm({
  reminder,
  onSaved,
  onCancel,
}: {
  reminder: ReminderView
  onSaved: () => void
  onCancel: () => void
}) {
  const [text, setText] = useState('')
  const [promisedOn, setPromised] = useState('')
  const save = useAction(async () => {
    await call('answerReminder', {
      params: { id: reminder.id },
      body: { text, promisedOn: promisedOn === '' ? null : promisedOn },
    })
    onSaved()
  })
  return (
    <Form save={save} onCancel={onCancel}>
      <p class="soft supervision-letter">{reminder.text}</p>
      <LongTextField
        label={t('supervision.answer.text')}
        issue={issueOf(save.error, 'text')}
        value={text}
        onValue={setText}
        maxLength={4_000}
      />
      <DayField
        label={t('supervision.promise')}
        help={t('supervision.promise.help')}
        issue={issueOf(save.error, 'promisedOn')}
        value={promisedOn}
        onValue={setPromised}
      />
    </Form>
  )
}
