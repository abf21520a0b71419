import type { ComponentChildren } from 'preact'
import { navigate } from './navigation.ts'

type LinkProps = {
  to: string
  class?: string
  title?: string
  'aria-label'?: string
  'aria-current'?: 'page' | undefined
  children: ComponentChildren
}

/** A real anchor (opens in a new tab, can be copied) that changes the screen without loading the page again. */
export function Link({ to, children, class: className = '', ...rest }: LinkProps) {
  return (
    <a
      {...rest}
      class={className}
      href={to}
      onClick={event => {
        if (event.defaultPrevented || event.button !== 0) return
        if (event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return
        event.preventDefault()
        navigate(to)
      }}
    >
      {children}
    </a>
  )
}
