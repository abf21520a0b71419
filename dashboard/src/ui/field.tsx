import type { ComponentChildren } from 'preact'
import { useId } from 'preact/hooks'
import './field.css'

type FieldProps = {
  label: string
  help?: string | null
  issue?: string | null
  children: (wiring: { id: string; describedBy: string | undefined; invalid: boolean }) => ComponentChildren
}

/** Label, help and complaint around one control, tied together for a screen reader. */
export function Field({ label, help = null, issue = null, children }: FieldProps) {
  const id = useId()
  const described = [help === null ? null : `${id}-help`, issue === null ? null : `${id}-issue`].filter(
    part => part !== null,
  )
  return (
    <div class="field">
      <label class="field-label" for={id}>
        {label}
      </label>
      {children({ id, describedBy: described.length === 0 ? undefined : described.join(' '), invalid: issue !== null })}
      {help !== null && (
        <span class="field-help" id={`${id}-help`}>
          {help}
        </span>
      )}
      {issue !== null && (
        <span class="field-issue" id={`${id}-issue`}>
          {issue}
        </span>
      )}
    </div>
  )
}

type TextFieldProps = Omit<FieldProps, 'children'> & {
  value: string
  onValue: (value: string) => void
  type?: 'text' | 'email' | 'url' | 'number' | 'password'
  required?: boolean
  autocomplete?: string
  placeholder?: string
  minLength?: number
  maxLength?: number
  min?: number
  max?: number
  pattern?: string
  autofocus?: boolean
}

export function TextField({
  label,
  help = null,
  issue = null,
  value,
  onValue,
  type = 'text',
  autofocus = false,
  ...rest
}: TextFieldProps) {
  // Preact types each kind of input apart; these five differ in nothing that is set here.
  const kind = { type } as { type: 'password' }
  return (
    <Field label={label} help={help} issue={issue}>
      {wiring => (
        <input
          {...rest}
          {...kind}
          class="input"
          id={wiring.id}
          aria-describedby={wiring.describedBy}
          aria-invalid={wiring.invalid}
          autocapitalize="none"
          spellcheck={false}
          value={value}
          ref={element => {
            if (autofocus && element !== null && element.dataset.focused === undefined) {
              element.dataset.focused = ''
              element.focus()
            }
          }}
          onInput={event => onValue(event.currentTarget.value)}
        />
      )}
    </Field>
  )
}

type SelectFieldProps = Omit<FieldProps, 'children'> & {
  value: string
  onValue: (value: string) => void
  choices: readonly { value: string; label: string }[]
}

export function SelectField({ label, help = null, issue = null, value, onValue, choices }: SelectFieldProps) {
  return (
    <Field label={label} help={help} issue={issue}>
      {wiring => (
        <select
          class="input"
          id={wiring.id}
          aria-describedby={wiring.describedBy}
          aria-invalid={wiring.invalid}
          value={value}
          onChange={event => onValue(event.currentTarget.value)}
        >
          {choices.map(choice => (
            <option key={choice.value} value={choice.value}>
              {choice.label}
            </option>
          ))}
        </select>
      )}
    </Field>
  )
}

export function CheckField({
  label,
  checked,
  onChecked,
}: {
  label: string
  checked: boolean
  onChecked: (checked: boolean) => void
}) {
  return (
    <label class="check">
      <input type="checkbox" checked={checked} onChange={event => onChecked(event.currentTarget.checked)} />
      <span>{label}</span>
    </label>
  )
}

/** Several lines. */
export function LongTextField({
  label,
  help = null,
  issue = null,
  value,
  onValue,
  rows = 5,
  maxLength,
}: Omit<FieldProps, 'children'> & {
  value: string
  onValue: (value: string) => void
  rows?: number
  maxLength: number
}) {
  return (
    <Field label={label} help={help} issue={issue}>
      {wiring => (
        <textarea
          class="input"
          id={wiring.id}
          aria-describedby={wiring.describedBy}
          aria-invalid={wiring.invalid}
          rows={rows}
          maxLength={maxLength}
          required
          value={value}
          onInput={event => onValue(event.currentTarget.value)}
        />
      )}
    </Field>
  )
}

/** A day of the calendar, "2026-11-22"; empty for none. */
export function DayField({
  label,
  help = null,
  issue = null,
  value,
  onValue,
}: Omit<FieldProps, 'children'> & { value: string; onValue: (value: string) => void }) {
  return (
    <Field label={label} help={help} issue={issue}>
      {wiring => (
        <input
          class="input"
          type="date"
          id={wiring.id}
          aria-describedby={wiring.describedBy}
          aria-invalid={wiring.invalid}
          value={value}
          onInput={event => onValue(event.currentTarget.value)}
        />
      )}
    </Field>
  )
}
