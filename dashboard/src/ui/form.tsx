import type { ComponentChildren } from 'preact'
import { issueOf } from '../api/api-error.ts'
import type { Action } from '../api/use-action.ts'
import { t } from '../i18n/translate.ts'
import { Button } from './button.tsx'
import { TextField } from './field.tsx'
import { ErrorNotice } from './notice.tsx'

type Save = Pick<Action<[]>, 'run' | 'busy' | 'error'>

type FormProps = {
  save: Save
  /** What the button says; "save" where nothing else is said. */
  action?: string
  /** On the page itself it has a frame of its own; in a dialog it has that of the dialog. */
  frame?: 'card' | 'none'
  /** Something in it contradicts itself: `button` says so before anything was typed, `submit` only holds it back. */
  held?: 'no' | 'submit' | 'button'
  onCancel?: (() => void) | undefined
  children: ComponentChildren
}

/** Fields, what went wrong, and the ways out. */
export function Form({ save, action, frame = 'none', held = 'no', onCancel, children }: FormProps) {
  return (
    <form
      class={frame === 'card' ? 'card form' : 'form'}
      onSubmit={event => {
        event.preventDefault()
        if (held === 'no') void save.run()
      }}
    >
      {children}
      <ErrorNotice error={save.error} />
      <div class="form-actions">
        <Button type="submit" kind="primary" busy={save.busy} disabled={held === 'button'}>
          {action ?? t('common.save')}
        </Button>
        {onCancel !== undefined && <Button onClick={onCancel}>{t('common.cancel')}</Button>}
      </div>
    </form>
  )
}

type NameFieldProps = {
  save: Save
  label: string
  value: string
  onValue: (value: string) => void
  /** Of the field in the body. */
  path?: 'name' | 'label' | 'title'
  placeholder?: string
  maxLength?: number
  autofocus?: boolean
}

/** What the thing is called: the first field of most forms. */
export function NameField({ save, path = 'name', maxLength = 200, ...rest }: NameFieldProps) {
  return <TextField {...rest} issue={issueOf(save.error, path)} maxLength={maxLength} required />
}
