import type { ProblemCode } from '../../protocol/problem.ts'
import { StorageError } from '../stores/durable/storage-error.ts'
import { JournalFullError } from './journal.ts'

/** Consumers catch up within seconds or not at all. */
const JOURNAL_FULL_RETRY_S = 10
const STOPPED_RETRY_S = 2

/** Why the journal did not take a batch, for whoever delivered it. Throws what a person must look at. */
export function journalProblem(error: unknown): { kind: 'problem'; code: ProblemCode; retryAfterS?: number } {
  if (error instanceof JournalFullError) {
    return { kind: 'problem', code: 'too-many-requests', retryAfterS: JOURNAL_FULL_RETRY_S }
  }
  if (!(error instanceof StorageError)) throw error
  switch (error.code) {
    case 'storage-full':
      return { kind: 'problem', code: 'storage-full' }
    case 'worker-stopped':
    case 'closed':
    case 'in-use':
      return { kind: 'problem', code: 'unavailable', retryAfterS: STOPPED_RETRY_S }
    default:
      // A person must look: the caller's error handler logs it and answers `internal`.
      throw error
  }
}
