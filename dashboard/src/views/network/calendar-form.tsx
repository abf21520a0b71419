import { useState } from 'preact/hooks'
import type { CalendarView } from '../../../../protocol/links.ts'
import { WEEKDAYS, type Weekday } from '../../../../protocol/vocabulary.ts'
import { call } from '../../api/call.ts'
import { useAction } from '../../api/use-action.ts'
import { t } from '../../i18n/translate.ts'
import { Field, SelectField, TextField } from '../../ui/field.tsx'
import { Form, NameField } from '../../ui/form.tsx'
import { holidaysOf, openingsOf, openingsText } from './calendar-text.ts'

type CalendarFormProps = { calendar: CalendarView | null; onSaved: (name: string) => void; onCancel: () => void }
type Kind = CalendarView['definition']['kind']

const OFFICE_HOURS: Record<Weekday, string> = {
  ...{ monday: '07:30-16:00', tuesday: '07:30-16:00', wednesday: '07:30-16:00', thursday: '07:30-16:00' },
  ...{ friday: '07:30-16:30', saturday: '', sunday: '' },
}

/** A new service calendar, or a change of one; holidays are typed, pasted or read from a file. */
export function CalendarForm({ calendar, onSaved, onCancel }: CalendarFormProps) {
  const before = calendar?.definition.kind === 'hours' ? calendar.definition : null
  const [name, setName] = useState(calendar?.name ?? '')
  const [kind, setKind] = useState<Kind>(calendar?.definition.kind ?? 'hours')
  const [hours, setHours] = useState<Record<Weekday, string>>(() =>
    before === null
      ? OFFICE_HOURS
      : { ...OFFICE_HOURS, ...Object.fromEntries(WEEKDAYS.map(day => [day, openingsText(before.hours[day])])) },
  )
  const [holidays, setHolidays] = useState((before?.holidays ?? []).join('\n'))
  const unreadable = WEEKDAYS.filter(day => openingsOf(hours[day]) === null)
  const isReadable = kind === 'always' || unreadable.length === 0
  const days = holidaysOf(holidays)
  const save = useAction(async () => {
    const definition: CalendarView['definition'] =
      kind === 'always'
        ? { kind }
        : {
            ...{ kind, holidays: days },
            hours: Object.fromEntries(
              WEEKDAYS.flatMap(day => {
                const openings = openingsOf(hours[day]) ?? []
                return openings.length === 0 ? [] : [[day, openings]]
              }),
            ),
          }
    const body = { name, definition }
    await (calendar === null
      ? call('createCalendar', { body })
      : call('updateCalendar', { params: { id: calendar.id }, body }))
    onSaved(name.trim())
  })
  return (
    <Form save={{ ...save, run: isReadable ? save.run : async () => false }} onCancel={onCancel}>
      <NameField save={save} label={t('links.name')} value={name} onValue={setName} autofocus />
      <SelectField
        label={t('calendars.kind')}
        value={kind}
        onValue={value => setKind(value === 'always' ? 'always' : 'hours')}
        choices={(['hours', 'always'] as const).map(one => ({ value: one, label: t(`calendars.kind.${one}`) }))}
      />
      {kind === 'hours' && (
        <>
          <p class="soft">{t('calendars.hours.help')}</p>
          <div class="calendar-days">
            {WEEKDAYS.map(day => (
              <TextField
                key={day}
                label={t(`weekday.${day}`)}
                issue={unreadable.includes(day) ? t('calendars.hours.issue') : null}
                value={hours[day]}
                onValue={text => setHours({ ...hours, [day]: text })}
                placeholder={t('calendars.closed')}
              />
            ))}
          </div>
          <Field label={t('calendars.holidays')} help={t('calendars.holidays.help', { n: days.length })}>
            {wiring => (
              <textarea
                class="input"
                rows={5}
                id={wiring.id}
                aria-describedby={wiring.describedBy}
                value={holidays}
                onInput={event => setHolidays(event.currentTarget.value)}
              />
            )}
          </Field>
          <Field label={t('calendars.import')} help={t('calendars.import.help')}>
            {wiring => (
              <input
                type="file"
                class="input"
                accept=".csv,.txt,.ics,text/csv,text/calendar,text/plain"
                id={wiring.id}
                aria-describedby={wiring.describedBy}
                onChange={event => {
                  const [file] = event.currentTarget.files ?? []
                  // Beside what stands there: one file a year is usual.
                  void file
                    ?.text()
                    .then(text => setHolidays([...holidaysOf(`${days.join('\n')}`), ...holidaysOf(text)].join('\n')))
                }}
              />
            )}
          </Field>
        </>
      )}
    </Form>
  )
}
