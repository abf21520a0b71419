import type { ComponentChildren } from 'preact'
import { useId } from 'preact/hooks'
import './panel.css'

/** A titled part of a screen. */
export function Panel({
  title,
  aside,
  children,
}: {
  title: string
  aside?: ComponentChildren
  children: ComponentChildren
}) {
  const id = useId()
  return (
    <section class="panel" aria-labelledby={id}>
      <div class="panel-head">
        <h2 id={id}>{title}</h2>
        {aside}
      </div>
      {children}
    </section>
  )
}
