import { FILTER_ATTRIBUTE } from '../app/keyboard.ts'

/** The one field of a screen that finds by a word; the key "/" leads to it and Escape empties it. */
export function FilterField({ label, text, onText }: { label: string; text: string; onText: (text: string) => void }) {
  const marked = { [FILTER_ATTRIBUTE]: '' }
  return (
    <search class="filter-field">
      <input
        {...marked}
        class="input"
        type="search"
        aria-label={label}
        placeholder={label}
        value={text}
        onInput={event => onText(event.currentTarget.value)}
        onKeyDown={event => {
          if (event.key === 'Escape') onText('')
        }}
      />
    </search>
  )
}
