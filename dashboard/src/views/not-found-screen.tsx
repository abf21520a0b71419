import { Link } from '../app/link.tsx'
import { useTitle } from '../app/use-title.ts'
import { t } from '../i18n/translate.ts'
import { EmptyState } from '../ui/notice.tsx'

export function NotFoundScreen() {
  useTitle(t('not-found.title'))
  return (
    <div class="page">
      <EmptyState title={t('not-found.title')}>
        <p>{t('not-found.text')}</p>
        <Link to="/">{t('not-found.back')}</Link>
      </EmptyState>
    </div>
  )
}
