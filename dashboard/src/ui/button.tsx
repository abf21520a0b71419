import type { ComponentChildren, JSX } from 'preact'
import { t } from '../i18n/translate.ts'
import './button.css'

type ButtonProps = Omit<JSX.IntrinsicElements['button'], 'class' | 'disabled' | 'onClick'> & {
  onClick?: () => void
  kind?: 'plain' | 'primary' | 'danger' | 'quiet'
  size?: 'normal' | 'small' | 'icon'
  busy?: boolean
  disabled?: boolean
  children: ComponentChildren
}

/** A button; while `busy` it says that it waits and cannot be pressed again. It keeps the focus, as a disabled one would not. */
export function Button({
  kind = 'plain',
  size = 'normal',
  busy = false,
  disabled = false,
  onClick,
  children,
  ...rest
}: ButtonProps) {
  return (
    <button
      type="button"
      {...rest}
      class={`button button-${kind} button-${size}`}
      disabled={disabled}
      aria-disabled={busy}
      aria-busy={busy}
      onClick={event => {
        if (busy) event.preventDefault()
        else onClick?.()
      }}
    >
      {busy && <Spinner />}
      {children}
    </button>
  )
}

export function Spinner() {
  return <span class="spinner" role="img" aria-label={t('common.waiting')} />
}

/** Grey blocks where content will be, so that nothing jumps when it comes. */
export function Skeleton({ rows = 3 }: { rows?: number }) {
  return (
    <div class="skeletons" role="status" aria-label={t('common.loading')}>
      {Array.from({ length: rows }, (_, row) => (
        <span class="skeleton" key={row} />
      ))}
    </div>
  )
}
