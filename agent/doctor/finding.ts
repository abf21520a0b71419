import type { Language } from '../../protocol/vocabulary.ts'

/** One thing the doctor looked at. Texts carry no secret. */
export type Finding = {
  /** Short name, the same in both languages: people search for it. */
  name: string
  state: 'ok' | 'warning' | 'problem'
  text: Record<Language, string>
}

export const finding = (state: Finding['state'], name: string, en: string, id: string): Finding => ({
  ...{ name, state, text: { en, id } },
})

const MARKS = { ok: 'ok     ', warning: 'WARNING', problem: 'PROBLEM' } as const
const MARKS_ID = { ok: 'baik   ', warning: 'AWAS   ', problem: 'MASALAH' } as const

export function shown({ name, state, text }: Finding, language: Language): string {
  const mark = language === 'id' ? MARKS_ID[state] : MARKS[state]
  return `${mark}  ${name.padEnd(10)}  ${text[language]}\n`
}

/** What an error code of the system means; undefined for one that needs no special word. */
export function codeOf(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error ? String(error.code) : undefined
}
