// From the words of a program that failed to what is wrong, by a table of signs.
import { BACKUP_LIMITS, type BackupTrouble } from '../../../protocol/backup-words.ts'
import type { ProgramEnd } from './run-program.ts'
import { lastWords } from './without-secrets.ts'

export type Trouble = { trouble: BackupTrouble; detail: string }
/** The first one that fits counts; a tool's own come before those that any program may say. */
export type Signs = readonly (readonly [sign: RegExp, trouble: BackupTrouble])[]

/** What a full disk does to files looks like damage to the tool. */
const BEFORE_ALL: Signs = [[/no space left on device|disk quota exceeded/i, 'disk-full']]
const EVERYWHERE: Signs = [
  [/permission denied|operation not permitted|access ?denied|read-only file system/i, 'permission-denied'],
  [
    /connection (refused|reset|closed|timed out)|no such host|name or service not known|could not resolve|(network|host) is unreachable|no route to host|i\/o timeout|x509: |certificate verify failed/i,
    'unreachable',
  ],
]

export type TroubleWords = {
  signs: Signs
  /** Exit codes that mean one thing, in versions that have them. */
  codes?: Readonly<Record<number, BackupTrouble>>
  secrets?: readonly string[]
  /** The complaint in a program's standard error, where it is packed into something. */
  complaint?: (stderr: string) => string
}

/**
 * What it means that a program ended so; for an exit code of 0 too, where the caller found that it did not do its work. What
 * no sign fits is `command-failed`: never taken for good.
 */
export function troubleOf(end: ProgramEnd, { signs, codes = {}, secrets, complaint = same }: TroubleWords): Trouble {
  const detail = lastWords(complaint(end.stderr), BACKUP_LIMITS.detail, secrets)
  if (end.ended === 'missing') return { trouble: 'tool-missing', detail }
  if (end.ended === 'too-long') return { trouble: 'answer-unreadable', detail: 'the answer never came to an end' }
  const found = signIn(end.stderr, signs)
  // What could not be reached is tried again and again by some programs: our patience ends before theirs.
  if (end.ended === 'aborted') return { trouble: found === 'unreachable' ? found : 'timeout', detail }
  return { trouble: codes[end.code] ?? found ?? 'command-failed', detail: detail || `ended with code ${end.code}` }
}

/** The same of words that a program put into its answer; `otherwise` where no sign fits. */
export function wordsTrouble(words: string, signs: Signs, otherwise: BackupTrouble): Trouble {
  return { trouble: signIn(words, signs) ?? otherwise, detail: lastWords(words, BACKUP_LIMITS.detail) }
}

function signIn(words: string, signs: Signs): BackupTrouble | undefined {
  return [...BEFORE_ALL, ...signs, ...EVERYWHERE].find(([sign]) => sign.test(words))?.[1]
}

const same = (text: string): string => text
