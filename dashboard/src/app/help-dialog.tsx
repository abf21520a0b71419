import { t } from '../i18n/translate.ts'
import { Button } from '../ui/button.tsx'
import { Dialog } from '../ui/dialog.tsx'
import { helpOpen } from './keyboard.ts'

const KEYS = [
  ['/', 'help.filter'],
  ['f', 'help.full-screen'],
  ['?', 'help.help'],
  ['Tab', 'help.tab'],
  ['Enter', 'help.enter'],
  ['← →', 'help.arrows'],
  ['Esc', 'help.escape'],
] as const

export function HelpDialog() {
  const close = () => {
    helpOpen.value = false
  }
  return (
    <Dialog title={t('help.title')} onClose={close}>
      <dl class="keys">
        {KEYS.map(([key, text]) => (
          <div key={key}>
            <dt>
              <kbd>{key}</kbd>
            </dt>
            <dd>{t(text)}</dd>
          </div>
        ))}
      </dl>
      <div class="form-actions">
        <Button onClick={close}>{t('common.close')}</Button>
      </div>
    </Dialog>
  )
}
