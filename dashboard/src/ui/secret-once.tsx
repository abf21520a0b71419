import type { ComponentChildren } from 'preact'
import { t } from '../i18n/translate.ts'
import { Button } from './button.tsx'
import { CopyText } from './copy-text.tsx'

/** A secret the collector told once. When this is closed nobody can read it again. */
export function SecretOnce({
  title,
  secret,
  onClose,
  children,
}: {
  title: string
  secret: string
  onClose: () => void
  children?: ComponentChildren
}) {
  return (
    <section class="card secret-once" aria-label={title}>
      <h3>{title}</h3>
      <p class="soft">{t('secret.once')}</p>
      <CopyText label={t('secret.label')} text={secret} />
      {children}
      <div class="form-actions">
        <Button onClick={onClose}>{t('secret.kept')}</Button>
      </div>
    </section>
  )
}
