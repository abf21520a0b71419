import { signal } from '@preact/signals'
import type { Bilingual, Language } from '../../../protocol/vocabulary.ts'
import { en } from './en.ts'
import { id, type MessageKey } from './id.ts'

const MESSAGES: Record<Language, Record<MessageKey, string>> = { id, en }

export type MessageValues = Record<string, string | number>

/**
 * The text of a key. `{name}` is filled from `values`; where a text reads "one|many", `values.n` decides (English needs
 * it, Indonesian does not).
 */
export function translate(language: Language, key: MessageKey, values: MessageValues = {}): string {
  const text = MESSAGES[language][key]
  const [one, many] = text.split('|')
  const chosen = many === undefined || values.n === 1 ? (one ?? text) : many
  return chosen.replace(/\{(\w+)\}/g, (whole, name: string) => String(values[name] ?? whole))
}

/** The language on the screen; a view that reads it is drawn anew when it changes. */
export const language = signal<Language>('id')

export function t(key: MessageKey, values?: MessageValues): string {
  return translate(language.value, key, values)
}

/** The present language's side of a text that the collector sends in both. */
export function pick(text: Bilingual): string {
  return text[language.value]
}
