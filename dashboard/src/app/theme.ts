import { effect, signal } from '@preact/signals'
import { keepThemeChoice, readThemeChoice, type ThemeChoice } from './preferences.ts'

/** Wider than this (CSS px) is a wall, and a wall is dark unless someone says otherwise: a NOC is a dim room. */
const WALL_WIDTH_PX = 2_400

export function resolveTheme(choice: ThemeChoice, prefersLight: boolean, widthPx: number): 'dark' | 'light' {
  if (choice !== 'auto') return choice
  return prefersLight && widthPx < WALL_WIDTH_PX ? 'light' : 'dark'
}

export const themeChoice = signal<ThemeChoice>('auto')
/** The theme on the screen; charts read it to take up their colours anew. */
export const theme = signal<'dark' | 'light'>('dark')

export function chooseTheme(choice: ThemeChoice): void {
  themeChoice.value = choice
  keepThemeChoice(choice)
}

export function startTheme(): void {
  const media = window.matchMedia('(prefers-color-scheme: light)')
  themeChoice.value = readThemeChoice()
  const apply = () => {
    const resolved = resolveTheme(themeChoice.value, media.matches, window.innerWidth)
    // The attribute goes first, so that whoever reads the signal finds the new colours in place.
    document.documentElement.dataset.theme = resolved
    theme.value = resolved
  }
  effect(apply)
  media.addEventListener('change', apply)
  window.addEventListener('resize', apply)
}
