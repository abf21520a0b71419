import type { Language } from '../../../protocol/vocabulary.ts'
import { formatNumber } from './number.ts'

/** How long an answer took: milliseconds below one second, else seconds with a digit. */
export function formatSeconds(seconds: number, language: Language): string {
  if (seconds < 1) return `${formatNumber(seconds * 1000, language, seconds < 0.01 ? 1 : 0)} ms`
  return `${formatNumber(seconds, language, 1, 1)} ${language === 'id' ? 'dtk' : 's'}`
}
