import { useState } from 'preact/hooks'
import { WEEKDAYS, type Weekday } from '../../../../protocol/vocabulary.ts'
import { issueOf } from '../../api/api-error.ts'
import { call } from '../../api/call.ts'
import { useAction } from '../../api/use-action.ts'
import { useResource } from '../../api/use-resource.ts'
import { now } from '../../app/clock.ts'
import { timeZone } from '../../app/session.ts'
import { zoneName, zoneOffsetMs } from '../../format/time.ts'
import { language, t } from '../../i18n/translate.ts'
import { Field, SelectField, TextField } from '../../ui/field.tsx'
import { Form, NameField } from '../../ui/form.tsx'
import { useOwners } from './use-owners.ts'

type Kind = 'once' | 'weekly'
const HOUR_MS = 3_600_000

/** Planned work on one thing: a link, a device, a site, an agency or all links of a provider. */
export function MaintenanceForm({ onSaved, onCancel }: { onSaved: () => void; onCancel: () => void }) {
  const owners = useOwners()
  const subjects = useResource('topology', signal => call('topology', { signal }))
  const [title, setTitle] = useState('')
  const [reason, setReason] = useState('')
  const [subject, setSubject] = useState('')
  const [kind, setKind] = useState<Kind>('once')
  const [from, setFrom] = useState(() => localText(now.peek() + HOUR_MS))
  const [to, setTo] = useState(() => localText(now.peek() + 2 * HOUR_MS))
  const [day, setDay] = useState<Weekday>('sunday')
  const [minutes, setMinutes] = useState('60')
  const save = useAction(async () => {
    const [subjectKind, id] = subject.split('/')
    const timing =
      kind === 'once'
        ? { kind, from: instantOf(from), to: instantOf(to) }
        : {
            ...{ kind, days: [day], from: from.slice(11, 16), lastsMinutes: Number(minutes) },
            firstDay: from.slice(0, 10),
          }
    await call('declareMaintenance', {
      body: { title, reason, timing, subjects: [{ kind: kindOf(subjectKind), id: id ?? '' }] },
    })
    onSaved()
  })
  const group = (prefix: string, list: readonly { id: string; name: string }[] | undefined) =>
    (list ?? []).map(one => ({ value: `${prefix}/${one.id}`, label: one.name }))
  const nodes = subjects.data?.subjects ?? []
  const choices = [
    { value: '', label: t('links.none') },
    ...nodes.map(one => ({ value: `${one.kind === 'link' ? 'link' : 'device'}/${one.id}`, label: one.name })),
    ...group('site', owners.data?.sites),
    ...group('agency', owners.data?.agencies),
    ...group('provider', owners.data?.providers),
  ]
  const zone = zoneName(timeZone.value, now.peek(), language.value)
  return (
    <Form save={save} onCancel={onCancel}>
      <NameField save={save} path="title" label={t('maintenance.title')} value={title} onValue={setTitle} autofocus />
      <SelectField
        label={t('maintenance.subject')}
        issue={issueOf(save.error, 'subjects.0.id')}
        value={subject}
        onValue={setSubject}
        choices={choices}
      />
      <SelectField
        label={t('maintenance.kind')}
        value={kind}
        onValue={value => setKind(value === 'weekly' ? 'weekly' : 'once')}
        choices={(['once', 'weekly'] as const).map(one => ({ value: one, label: t(`maintenance.kind.${one}`) }))}
      />
      <div class="form-row">
        <Moment
          label={t('maintenance.from')}
          help={t('maintenance.time.help', { zone })}
          value={from}
          onValue={setFrom}
        />
        {kind === 'once' ? (
          <Moment label={t('maintenance.to')} help={null} value={to} onValue={setTo} />
        ) : (
          <TextField
            label={t('maintenance.minutes')}
            type="number"
            min={1}
            max={1440}
            value={minutes}
            onValue={setMinutes}
            required
          />
        )}
      </div>
      {kind === 'weekly' && (
        <SelectField
          label={t('maintenance.day')}
          value={day}
          onValue={value => setDay(WEEKDAYS.find(one => one === value) ?? 'sunday')}
          choices={WEEKDAYS.map(one => ({ value: one, label: t(`weekday.${one}`) }))}
        />
      )}
      <TextField label={t('maintenance.reason')} value={reason} onValue={setReason} maxLength={2000} />
    </Form>
  )
}

type MomentProps = { label: string; help: string | null; value: string; onValue: (value: string) => void }

function Moment({ label, help, value, onValue }: MomentProps) {
  return (
    <Field label={label} help={help}>
      {wiring => (
        <input
          class="input"
          type="datetime-local"
          id={wiring.id}
          aria-describedby={wiring.describedBy}
          value={value}
          required
          onInput={event => onValue(event.currentTarget.value)}
        />
      )}
    </Field>
  )
}

/** The city's clock, as the browser's field wants it: "2026-11-22T14:00". */
function localText(at: number): string {
  return new Date(at + zoneOffsetMs(timeZone.value, at)).toISOString().slice(0, 16)
}

function instantOf(text: string): number {
  const asUtc = Date.parse(`${text}:00Z`)
  return asUtc - zoneOffsetMs(timeZone.value, asUtc)
}

function kindOf(text: string | undefined) {
  return (['device', 'link', 'site', 'agency', 'provider'] as const).find(one => one === text) ?? 'link'
}
