import { signal } from '@preact/signals'

export const helpOpen = signal(false)
export const fullScreen = signal(false)

export async function toggleFullScreen(): Promise<void> {
  // A browser may refuse (a frame, a phone); then nothing changes and nothing is lost.
  if (document.fullscreenElement === null) await document.documentElement.requestFullscreen?.().catch(() => {})
  else await document.exitFullscreen().catch(() => {})
}

/** The filter of the present screen carries this attribute. */
export const FILTER_ATTRIBUTE = 'data-filter'

function isTyping(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName))
}

export function startKeyboard(): void {
  window.addEventListener('keydown', event => {
    if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return
    if (document.querySelector('dialog[open]') !== null) return
    if (event.key === '?') helpOpen.value = true
    else if (event.key === 'f') void toggleFullScreen()
    else if (event.key === '/') {
      const filter = document.querySelector<HTMLInputElement>(`[${FILTER_ATTRIBUTE}]`)
      if (filter === null) return
      filter.focus()
      filter.select()
    } else return
    event.preventDefault()
  })
  document.addEventListener('fullscreenchange', () => {
    fullScreen.value = document.fullscreenElement !== null
    document.documentElement.dataset.fullScreen = fullScreen.value ? 'on' : 'off'
  })
}
