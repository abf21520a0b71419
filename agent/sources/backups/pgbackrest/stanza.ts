// What `pgbackrest info --output=json` says. It ends with 0 also when the repository is gone or can't be opened: what is wrong
// stands inside. https://pgbackrest.org/command.html#command-info
import type { BackupTrouble } from '../../../../protocol/backup-words.ts'
import { type Signs, type Trouble, wordsTrouble } from '../program-trouble.ts'

export type StanzaBackup = {
  label: string
  takenAt: number
  tookMs: number | null
  bytes: number | null
  trouble: BackupTrouble | null
}

/** Newest first, at least one. */
export type Stanza = { trouble: null; backups: StanzaBackup[]; version: string }

type Told = {
  name?: unknown
  cipher?: unknown
  status?: { code?: unknown; message?: unknown }
  repo?: { key?: unknown; status?: { code?: unknown; message?: unknown } }[]
  db?: { id?: unknown; 'repo-key'?: unknown; version?: unknown }[]
  archive?: { id?: unknown; min?: unknown; max?: unknown; database?: Database }[]
  backup?: ToldBackup[]
}
type Database = { id?: unknown; 'repo-key'?: unknown }
type ToldBackup = {
  label?: unknown
  error?: unknown
  timestamp?: { start?: unknown; stop?: unknown }
  info?: { size?: unknown }
  archive?: { start?: unknown; stop?: unknown }
  database?: Database
}

const STATUS: Readonly<Record<number, BackupTrouble>> = {
  1: 'repository-missing',
  2: 'nothing-there',
  3: 'repository-missing',
  // The database was replaced by another one under the same stanza.
  5: 'content-wrong',
}

export function readStanza(answer: string, stanza: string, signs: Signs): Stanza | Trouble {
  const told = stanzaIn(answer, stanza)
  if (told === undefined) return { trouble: 'answer-unreadable', detail: 'info gave something else than its list' }
  const bad = [told.status, ...(told.repo ?? []).map(({ status }) => status)].filter(status => status?.code !== 0)
  // The status of the whole says "other" or "mixed", that of a repository says why.
  const status = bad.findLast(one => one !== undefined)
  if (bad.length > 0) {
    const message = typeof status?.message === 'string' ? status.message : 'no status was told'
    const found = wordsTrouble(message, signs, STATUS[Number(status?.code)] ?? 'answer-unreadable')
    // What can't be deciphered looks like what is no text any more; without a cipher it can only be the latter.
    return found.trouble === 'wrong-password' && told.cipher === 'none' ? { ...found, trouble: 'damaged' } : found
  }
  const backups = (told.backup ?? []).map(backup => backupOf(backup, told.archive ?? []))
  if (!backups.every(one => one !== undefined))
    return { trouble: 'answer-unreadable', detail: 'a backup without a label or a time' }
  if (backups.length === 0) return { trouble: 'nothing-there', detail: 'the stanza has no backup' }
  const version = told.db?.at(-1)?.version
  return {
    trouble: null,
    backups: backups.sort((a, b) => b.takenAt - a.takenAt),
    version: typeof version === 'string' ? version : '',
  }
}

function stanzaIn(answer: string, stanza: string): Told | undefined {
  try {
    // With a wrong passphrase what it deciphered stands inside, as it came.
    const list: unknown = JSON.parse(answer.replace(/\p{Cc}/gu, ' '))
    return Array.isArray(list) ? list.find(one => one?.name === stanza) : undefined
  } catch {
    return undefined
  }
}

function backupOf(told: ToldBackup, archives: NonNullable<Told['archive']>): StanzaBackup | undefined {
  const { label, timestamp, info, error } = told
  const [startS, stopS] = [timestamp?.start, timestamp?.stop]
  if (typeof label !== 'string' || typeof startS !== 'number' || typeof stopS !== 'number') return undefined
  const size = info?.size
  return {
    label,
    // Restored it is what the database was when the backup stopped.
    takenAt: stopS * 1_000,
    tookMs: stopS >= startS ? (stopS - startS) * 1_000 : null,
    bytes: typeof size === 'number' ? size : null,
    // "error" says that pages of the database had wrong checksums already when they were read.
    trouble: error === true ? 'damaged' : hasItsWal(told, archives) ? null : 'incomplete',
  }
}

/** A backup that was taken online is nothing without the WAL from its start to its stop. */
function hasItsWal({ archive, database }: ToldBackup, archives: NonNullable<Told['archive']>): boolean {
  const [start, stop] = [archive?.start, archive?.stop]
  if (typeof start !== 'string' || typeof stop !== 'string') return true
  return archives.some(({ min, max, database: its }) => {
    const isSame = its?.id === database?.id && its?.['repo-key'] === database?.['repo-key']
    // Names of WAL segments sort as they were written.
    return isSame && typeof min === 'string' && typeof max === 'string' && min <= start && max >= stop
  })
}
