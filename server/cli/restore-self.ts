import { resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { spokenLanguage } from '../../protocol/spoken-language.ts'
import type { Language } from '../../protocol/vocabulary.ts'
import { OwnCopyError } from '../own-copies/own-copy-error.ts'
import { type Restored, restoreCopy } from '../own-copies/restore.ts'
import { mib, RESTORE_HELP, RESTORE_STEP_WORDS, refuseCall } from './own-copy-words.ts'

const COMMAND = 'pantau restore-self'

export async function restoreSelfCommand(argv: readonly string[], env: NodeJS.ProcessEnv): Promise<number> {
  const { language, rest } = spokenLanguage(argv, env)
  const { values } = parseArgs({
    args: rest,
    options: {
      ...{ from: { type: 'string' }, key: { type: 'string' }, data: { type: 'string' } },
      help: { type: 'boolean', short: 'h' },
    },
  })
  if (values.help === true) {
    console.log(RESTORE_HELP[language ?? 'en'])
    return 0
  }
  if (language === null) return refuseCall(COMMAND, 'lang', language)
  if (values.from === undefined || values.from === '') return refuseCall(COMMAND, 'from', language)
  const to = resolve(values.data ?? (env.PANTAU_DATA || './data'))
  const key = values.key === undefined ? null : resolve(values.key)
  try {
    const restored = await restoreCopy(
      { from: resolve(values.from), to, key },
      { now: Date.now, onStep: step => console.error(`  ${RESTORE_STEP_WORDS[step][language]}`) },
    )
    console.log(shownRestore(restored, to)[language])
    return 0
  } catch (error) {
    if (!(error instanceof OwnCopyError)) throw error
    console.error(`${COMMAND}: ${error.text[language]}`)
    return 1
  }
}

function shownRestore(
  { manifest, files, bytes, damage, configuration }: Restored,
  to: string,
): Record<Language, string> {
  const at = new Date(manifest.begunAt).toISOString()
  const isSound = manifest.flaws.length === 0
  const lines = {
    en: [
      `${to}: ${files} files, ${mib(bytes)}, as of ${at}; ${isSound ? 'databases, evidence and audit log hold' : 'all is as it was copied'}`,
      ...manifest.flaws.map(each => `did not hold when it was copied: ${each}`),
      ...damage.map(each => `damaged since before the copy: ${each}`),
      ...(configuration === null
        ? []
        : [`the configuration of that time is in ${configuration}: put it where it belongs`]),
      ...(manifest.series === 'embedded' ? [] : ['samples are in InfluxDB and were not touched']),
      'everybody signs in anew; tokens and keys that were revoked after that moment are valid again: look through them',
    ],
    id: [
      `${to}: ${files} berkas, ${mib(bytes)}, keadaan ${at}; ${isSound ? 'basis data, bukti, dan catatan audit utuh' : 'semuanya seperti saat disalin'}`,
      ...manifest.flaws.map(each => `sudah tidak utuh saat disalin: ${each}`),
      ...damage.map(each => `rusak sejak sebelum disalin: ${each}`),
      ...(configuration === null ? [] : [`pengaturan saat itu ada di ${configuration}: letakkan di tempatnya`]),
      ...(manifest.series === 'embedded' ? [] : ['sampel ada di InfluxDB dan tidak disentuh']),
      'semua orang masuk kembali; token dan kunci yang dicabut sesudah saat itu berlaku lagi: periksalah',
    ],
  }
  return { en: lines.en.join('\n'), id: lines.id.join('\n') }
}
