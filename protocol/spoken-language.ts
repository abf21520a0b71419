// In which language a command speaks. One way for all of them.
import type { Language } from './vocabulary.ts'

/** `--lang id|en`, else what the machine speaks (LC_ALL, LC_MESSAGES, LANG), else English; null for a language that is not ours. */
export function spokenLanguage(
  argv: readonly string[],
  env: Readonly<Record<string, string | undefined>>,
): { language: Language | null; rest: string[] } {
  const end = argv.indexOf('--')
  const own = end < 0 ? argv : argv.slice(0, end)
  const at = own.findIndex(argument => argument === '--lang' || argument.startsWith('--lang='))
  if (at < 0) {
    const spoken = env.LC_ALL || env.LC_MESSAGES || env.LANG || ''
    return { language: spoken.startsWith('id') ? 'id' : 'en', rest: [...argv] }
  }
  const [, inside] = (argv[at] ?? '').split('=')
  const wanted = inside ?? argv[at + 1]
  const language = wanted === 'id' || wanted === 'en' ? wanted : null
  return { language, rest: argv.toSpliced(at, inside === undefined ? 2 : 1) }
}
