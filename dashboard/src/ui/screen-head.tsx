import type { ComponentChildren } from 'preact'
import type { SubjectState } from '../../../protocol/vocabulary.ts'
import { Link } from '../app/link.tsx'
import { Facts } from './facts.tsx'
import { BackIcon } from './icons.tsx'
import './screen-head.css'

type ScreenHeadProps = {
  /** Colours the edge, and the ground where it is bad. */
  tone: SubjectState | 'none'
  back: { to: string; label: string }
  title: string
  /** Beside the title. */
  mark?: ComponentChildren
  /** Below the title. */
  text?: ComponentChildren
  facts?: Parameters<typeof Facts>[0]['facts']
  children?: ComponentChildren
}

/** What a screen about one thing begins with: which it is, how it stands, and the way back. */
export function ScreenHead({ tone, back, title, mark, text, facts = [], children }: ScreenHeadProps) {
  return (
    <header class={`screen-head screen-head-${tone}`}>
      <BackLink {...back} />
      <div class="screen-title">
        <h1>
          <span class="cut">{title}</span>
          {mark}
        </h1>
        {text !== undefined && <span class="faint">{text}</span>}
      </div>
      {facts.length > 0 && <Facts kind="figures" facts={facts} />}
      {children}
    </header>
  )
}

export function BackLink({ to, label }: { to: string; label: string }) {
  return (
    <Link class="back" to={to} aria-label={label}>
      <BackIcon />
    </Link>
  )
}
