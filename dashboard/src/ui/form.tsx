import type { ComponentChildren } from 'preact'
import type { Action } from '../api/use-action.ts'
import { t } from '../i18n/translate.ts'
import { Button } from './button.tsx'
import { ErrorNotice } from './notice.tsx'

type FormProps = {
  save: Pick<Action<[]>, 'run' | 'busy' | 'error'>
  /** What the button says; "save" where nothing else is said. */
  action?: string
  onCancel: () => void
  children: ComponentChildren
}

/** Fields, what went wrong, and the two ways out. */
export function Form({ save, action, onCancel, children }: FormProps) {
  return (
    <form
      class="form"
      onSubmit={event => {
        event.preventDefault()
        void save.run()
      }}
    >
      {children}
      <ErrorNotice error={save.error} />
      <div class="form-actions">
        <Button type="submit" kind="primary" busy={save.busy}>
          {action ?? t('common.save')}
        </Button>
        <Button onClick={onCancel}>{t('common.cancel')}</Button>
      </div>
    </form>
  )
}
