import { existsSync } from 'node:fs'
import { readdir, stat } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { spokenLanguage } from '../../protocol/spoken-language.ts'
import type { Language } from '../../protocol/vocabulary.ts'
import { loadConfig } from '../config.ts'
import { askDoor } from '../own-copies/door.ts'
import { RECORDS, VAULT_KEY } from '../own-copies/layout.ts'
import type { CopyMade, CopyProgress } from '../own-copies/make-copy.ts'
import { OwnCopyError } from '../own-copies/own-copy-error.ts'
import { keyFingerprint } from '../stores/vault.ts'
import { copyStopped } from './copy-stopped.ts'
import { BACKUP_HELP, COPY_STEP_WORDS, FLAWED, mib, refuseCall } from './own-copy-words.ts'

const COMMAND = 'pantau backup-self'
const KEPT = 7
/** There is a copy, and somebody must look. */
const FLAWED_EXIT = 3
const SHOW_GROWTH_EVERY_MS = 5_000

export async function backupSelfCommand(argv: readonly string[], env: NodeJS.ProcessEnv): Promise<number> {
  const { language, rest } = spokenLanguage(argv, env)
  const { values } = parseArgs({
    args: rest,
    options: {
      ...{ to: { type: 'string' }, keep: { type: 'string' }, data: { type: 'string' }, config: { type: 'string' } },
      help: { type: 'boolean', short: 'h' },
    },
  })
  const keep = values.keep === undefined ? KEPT : Number(values.keep)
  if (values.help === true) {
    console.log(BACKUP_HELP[language ?? 'en'])
    return 0
  }
  if (language === null) return refuseCall(COMMAND, 'lang', language)
  if (values.to === undefined || values.to === '') return refuseCall(COMMAND, 'to', language)
  if (!Number.isInteger(keep) || keep < 1) return refuseCall(COMMAND, 'keep', language)
  const flags = Object.entries({ config: values.config, data: values.data })
  const config = loadConfig(
    flags.flatMap(([name, value]) => (value === undefined ? [] : [`--${name}`, value])),
    env,
  )
  const directory = resolve(config.data)
  const progress = showProgress(language)
  try {
    requireCollector(directory)
    const request = { to: resolve(values.to), keep }
    const signal = abortOnSignal()
    const made =
      (await askDoor(directory, request, progress.show)) ??
      (await copyStopped({ ...config, data: directory }, request, { now: Date.now, signal, onProgress: progress.show }))
    console.log(shownCopy(made, directory)[language])
    if (made.flaws.length === 0) return 0
    console.error(FLAWED[language])
    for (const flaw of made.flaws) console.error(`  ${flaw}`)
    return FLAWED_EXIT
  } catch (error) {
    if (!(error instanceof OwnCopyError)) throw error
    console.error(`${COMMAND}: ${error.text[language]}`)
    return 1
  } finally {
    progress.stop()
  }
}

function requireCollector(directory: string): void {
  if (existsSync(join(directory, RECORDS))) return
  throw new OwnCopyError({
    en: `${directory} holds no records of a collector`,
    id: `${directory} tidak berisi catatan kolektor`,
  })
}

function shownCopy(made: CopyMade, directory: string): Record<Language, string> {
  const { path, files, bytes, removed, series } = made
  const seconds = ((made.endedAt - made.begunAt) / 1_000).toFixed(1)
  const key = join(directory, VAULT_KEY)
  const fingerprint = keyFingerprint(key)
  const lines = {
    en: [
      `${path}: ${files} files, ${mib(bytes)}, made and checked in ${seconds} s`,
      ...(removed.length === 0 ? [] : [`older copies removed: ${removed.join(', ')}`]),
      ...(series === 'embedded'
        ? []
        : ['samples are not in it: they are in InfluxDB, which needs a backup of its own']),
      `restoring it needs the key ${key} (fingerprint ${fingerprint}): keep that file elsewhere, not beside the copies`,
    ],
    id: [
      `${path}: ${files} berkas, ${mib(bytes)}, dibuat dan diperiksa dalam ${seconds} detik`,
      ...(removed.length === 0 ? [] : [`salinan lama dihapus: ${removed.join(', ')}`]),
      ...(series === 'embedded' ? [] : ['sampel tidak termasuk: ada di InfluxDB, yang perlu cadangan sendiri']),
      `pemulihan memerlukan kunci ${key} (sidik jari ${fingerprint}): simpan berkas itu di tempat lain, jangan bersama salinan`,
    ],
  }
  return { en: lines.en.join('\n'), id: lines.id.join('\n') }
}

/** A line a step, and how much there is of a step that takes long. To standard error: the outcome alone is for pipes. */
function showProgress(language: Language): { show: (progress: CopyProgress) => void; stop: () => void } {
  let timer: NodeJS.Timeout | undefined
  const stop = () => clearInterval(timer)
  return {
    stop,
    show({ step, folder, expectedBytes }) {
      stop()
      console.error(`  ${COPY_STEP_WORDS[step][language]}`)
      timer = setInterval(async () => {
        const bytes = await bytesIn(folder).catch(() => null)
        if (bytes !== null) console.error(`    ${mib(bytes)} / ${mib(expectedBytes)}`)
      }, SHOW_GROWTH_EVERY_MS)
    },
  }
}

async function bytesIn(folder: string): Promise<number> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true })
  const sizes = entries.map(async entry => (entry.isFile() ? (await stat(join(entry.parentPath, entry.name))).size : 0))
  return (await Promise.all(sizes)).reduce((sum, size) => sum + size, 0)
}

function abortOnSignal(): AbortSignal {
  const ending = new AbortController()
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => ending.abort())
  return ending.signal
}
