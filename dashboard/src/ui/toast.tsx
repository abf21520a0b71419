import { signal } from '@preact/signals'
import './notice.css'

const SHOWN_MS = 4_000
const toasts = signal<{ id: number; text: string }[]>([])
let lastId = 0

/** A short word that something was done. Errors do not go here: they stay where they occurred. */
export function toast(text: string): void {
  lastId += 1
  const id = lastId
  toasts.value = [...toasts.value, { id, text }]
  setTimeout(() => {
    toasts.value = toasts.value.filter(shown => shown.id !== id)
  }, SHOWN_MS)
}

export function Toasts() {
  return (
    <div class="toasts" role="status" aria-live="polite">
      {toasts.value.map(shown => (
        <div class="toast" key={shown.id}>
          {shown.text}
        </div>
      ))}
    </div>
  )
}
