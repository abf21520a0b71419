import type { Action } from '../../api/use-action.ts'
import { t } from '../../i18n/translate.ts'
import { Button } from '../../ui/button.tsx'
import { ErrorNotice } from '../../ui/notice.tsx'

/** What went wrong, and the two ways out of a form. */
export function FormEnd({ save, onCancel }: { save: Pick<Action<[]>, 'busy' | 'error'>; onCancel: () => void }) {
  return (
    <>
      <ErrorNotice error={save.error} />
      <div class="form-actions">
        <Button type="submit" kind="primary" busy={save.busy}>
          {t('common.save')}
        </Button>
        <Button onClick={onCancel}>{t('common.cancel')}</Button>
      </div>
    </>
  )
}
