// Why a copy of the collector was not made or not brought back, for the person at the terminal, in both languages.
import type { Bilingual } from '../../protocol/vocabulary.ts'

export class OwnCopyError extends Error {
  readonly text: Bilingual

  constructor(text: Bilingual, options?: ErrorOptions) {
    super(text.en, options)
    this.name = 'OwnCopyError'
    this.text = text
  }
}

const FULL = ['ENOSPC', 'EDQUOT', 'storage-full']
const FORBIDDEN = ['EACCES', 'EPERM', 'EROFS']

/** Any error while `path` was written, in words that say what to do. */
export function writingProblem(error: unknown, path: string): OwnCopyError {
  if (error instanceof OwnCopyError) return error
  const code = error instanceof Error && 'code' in error ? String(error.code) : ''
  const reason = error instanceof Error ? error.message : String(error)
  const options = { cause: error }
  if (FULL.includes(code)) {
    return new OwnCopyError(
      { en: `the disk of ${path} is full: nothing of this counts`, id: `disk ${path} penuh: hasilnya tidak berlaku` },
      options,
    )
  }
  if (FORBIDDEN.includes(code)) {
    const user = process.getuid?.() ?? '?'
    return new OwnCopyError(
      {
        en: `user ${user}, under whom this runs, may not write to ${path} (${code})`,
        id: `pengguna ${user}, yang menjalankan ini, tidak boleh menulis ke ${path} (${code})`,
      },
      options,
    )
  }
  if (code === 'ENOTDIR' || code === 'EEXIST') {
    return new OwnCopyError({ en: `${path} is not a folder`, id: `${path} bukan folder` }, options)
  }
  return new OwnCopyError({ en: reason, id: `gagal: ${reason}` }, options)
}
