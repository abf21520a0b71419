import type { ComponentChildren } from 'preact'
import { Link } from '../../app/link.tsx'
import { route } from '../../app/navigation.ts'
import { pathOf } from '../../app/router.ts'
import { t } from '../../i18n/translate.ts'

const PAGES = [
  ['duties', 'duties.list'],
  ['duty-calendar', 'duties.calendar'],
  ['exemptions', 'duties.exemptions'],
  ['registers', 'registers.title'],
] as const

/** Title of a page on duties, with the ways to its neighbours. */
export function DutiesHead({ title, children }: { title: string; children?: ComponentChildren }) {
  return (
    <div class="page-head">
      <h1>{title}</h1>
      <nav class="duties-nav" aria-label={t('duties.pages')}>
        {PAGES.map(([screen, label]) => (
          <Link key={screen} to={pathOf({ screen })} aria-current={route.value.screen === screen ? 'page' : undefined}>
            {t(label)}
          </Link>
        ))}
      </nav>
      {children}
    </div>
  )
}
