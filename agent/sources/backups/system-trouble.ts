import type { BackupTrouble } from '../../../protocol/backup-words.ts'
import type { Trouble } from './program-trouble.ts'

/** What an error of the system means for copies. */
export function troubleOfError(error: unknown): Trouble {
  const code = error instanceof Error && 'code' in error ? String(error.code) : ''
  return {
    trouble: BY_CODE[code] ?? 'answer-unreadable',
    detail: error instanceof Error ? error.message : String(error),
  }
}

const BY_CODE: Readonly<Record<string, BackupTrouble>> = {
  ...{ ENOSPC: 'disk-full', EDQUOT: 'disk-full' },
  ...{ EACCES: 'permission-denied', EPERM: 'permission-denied', EROFS: 'permission-denied' },
  ...{ ENOENT: 'repository-missing', ENOTDIR: 'repository-missing' },
  ...{ EIO: 'unreachable', ESTALE: 'unreachable', ENOTCONN: 'unreachable', EHOSTDOWN: 'unreachable' },
}
