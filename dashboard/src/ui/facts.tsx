import type { ComponentChildren } from 'preact'
import './facts.css'

type Fact = readonly [label: string, value: ComponentChildren]

/** What is known of one thing, side by side; `figures` are larger. */
export function Facts({ facts, kind = 'facts' }: { facts: readonly Fact[]; kind?: 'facts' | 'figures' }) {
  return (
    <dl class={kind}>
      {facts.map(([label, value]) => (
        <div key={label}>
          <dt>{label}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  )
}
