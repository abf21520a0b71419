import type { ComponentChildren } from 'preact'
import { useEffect, useId, useRef } from 'preact/hooks'
import type { ApiError } from '../api/api-error.ts'
import { t } from '../i18n/translate.ts'
import { Button } from './button.tsx'
import { ErrorNotice } from './notice.tsx'
import './dialog.css'

type DialogProps = { title: string; onClose: () => void; children: ComponentChildren }

/** The browser's own modal dialog: focus stays inside, Escape closes, focus returns to where it was. */
export function Dialog({ title, onClose, children }: DialogProps) {
  const element = useRef<HTMLDialogElement>(null)
  const titleId = useId()
  useEffect(() => {
    const dialog = element.current
    const opener = document.activeElement
    dialog?.showModal()
    return () => {
      dialog?.close()
      // The browser gives it back only where the dialog still stands when it is closed; who went on meanwhile stays there.
      const at = document.activeElement
      const isFree = at === null || at === document.body || dialog?.contains(at) === true
      if (isFree && opener instanceof HTMLElement && opener.isConnected) opener.focus({ preventScroll: true })
    }
  }, [])
  return (
    <dialog class="dialog" ref={element} aria-labelledby={titleId} onClose={onClose}>
      <div class="dialog-body">
        <h2 id={titleId}>{title}</h2>
        {children}
      </div>
    </dialog>
  )
}

type ConfirmProps = {
  title: string
  text: string
  action: string
  busy: boolean
  error: ApiError | null
  onConfirm: () => void
  onClose: () => void
}

/** Asks before something that cannot be taken back. */
export function ConfirmDialog({ title, text, action, busy, error, onConfirm, onClose }: ConfirmProps) {
  return (
    <Dialog title={title} onClose={onClose}>
      <p>{text}</p>
      <ErrorNotice error={error} />
      <div class="form-actions">
        <Button kind="danger" busy={busy} onClick={onConfirm}>
          {action}
        </Button>
        <Button onClick={onClose}>{t('common.cancel')}</Button>
      </div>
    </Dialog>
  )
}
