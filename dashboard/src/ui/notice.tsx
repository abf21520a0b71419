import type { ComponentChildren } from 'preact'
import type { ApiError } from '../api/api-error.ts'
import { problemText } from '../api/problem-text.ts'
import { language, t } from '../i18n/translate.ts'
import { Button } from './button.tsx'
import './notice.css'

/** To ask again for these would answer the same. */
const FINAL: readonly string[] = ['not-found', 'forbidden']

/** An error at the place where it happened, with a way to try again where trying again is harmless. */
export function ErrorNotice({ error, onRetry }: { error: ApiError | null; onRetry?: () => void }) {
  if (error === null) return null
  return (
    <div class="notice notice-error" role="alert">
      <span>{problemText(error, language.value)}</span>
      {onRetry !== undefined && !FINAL.includes(error.code) && (
        <Button size="small" onClick={onRetry}>
          {t('common.retry')}
        </Button>
      )}
    </div>
  )
}

/** What a list says when it has nothing, and what to do about it. */
export function EmptyState({ title, children }: { title: string; children?: ComponentChildren }) {
  return (
    <div class="empty">
      <h3>{title}</h3>
      {children}
    </div>
  )
}
