import { computed, signal } from '@preact/signals'
import { matchRoute } from './router.ts'

export type Place = { path: string; query: string; hash: string }

function here(): Place {
  return { path: location.pathname, query: location.search, hash: location.hash }
}

export const place = signal<Place>(here())
export const route = computed(() => matchRoute(place.value.path))
export const query = computed(() => new URLSearchParams(place.value.query))

/** Goes to an address of this site. A new screen starts at its top; `replace` leaves no trace in the history. */
export function navigate(to: string, mode: 'push' | 'replace' = 'push'): void {
  if (mode === 'push') history.pushState(null, '', to)
  else history.replaceState(null, '', to)
  const samePath = location.pathname === place.value.path
  place.value = here()
  if (!samePath) {
    window.scrollTo(0, 0)
    // Keyboard and screen reader start at the new screen, not at the link that is gone.
    requestAnimationFrame(() => document.getElementById('main')?.focus({ preventScroll: true }))
  }
}

export function startNavigation(): void {
  window.addEventListener('popstate', () => {
    place.value = here()
  })
}
