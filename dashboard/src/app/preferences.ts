import type { Language } from '../../../protocol/vocabulary.ts'
import { LANGUAGES } from '../../../protocol/vocabulary.ts'

export const THEME_CHOICES = ['auto', 'dark', 'light'] as const
export type ThemeChoice = (typeof THEME_CHOICES)[number]

// A browser may forbid storage; then the choice lasts as long as the page.
function read(key: string): string | null {
  try {
    return localStorage.getItem(key)
  } catch {
    return null
  }
}

function write(key: string, value: string): void {
  try {
    localStorage.setItem(key, value)
  } catch {
    return
  }
}

export function readThemeChoice(): ThemeChoice {
  const kept = read('pantau.theme')
  return THEME_CHOICES.find(choice => choice === kept) ?? 'auto'
}

export function keepThemeChoice(choice: ThemeChoice): void {
  write('pantau.theme', choice)
}

/** The language that a person chose here, or null: then the place's own counts. */
export function readLanguage(): Language | null {
  const kept = read('pantau.language')
  return LANGUAGES.find(language => language === kept) ?? null
}

export function keepLanguage(language: Language): void {
  write('pantau.language', language)
}
