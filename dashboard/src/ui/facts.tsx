import type { ComponentChildren } from 'preact'
import './facts.css'

type Fact = readonly [label: string, value: ComponentChildren]

const CLASSES = { facts: 'facts', figures: 'figures', list: 'fact-list' } as const

/** What is known of one thing, side by side, `figures` larger; or a `list`, one below the other. */
export function Facts({ facts, kind = 'facts' }: { facts: readonly Fact[]; kind?: keyof typeof CLASSES }) {
  return (
    <dl class={CLASSES[kind]}>
      {facts.map(([label, value]) => (
        <div key={label}>
          <dt>{label}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  )
}
