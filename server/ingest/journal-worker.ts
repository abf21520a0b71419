// The worker thread of the journal: its fsync never holds up the main thread.
import { parentPort, workerData } from 'node:worker_threads'
import { createGroupCommit } from '../stores/durable/group-commit.ts'
import { storageError } from '../stores/durable/sqlite.ts'
import { serveWorker } from '../stores/durable/worker-serve.ts'
import type { Damage } from '../stores/series/embedded/damage.ts'
import type { JournalCalls, JournalWorkerData } from './journal-calls.ts'
import { type JournalOrder, type JournalOutcome, openJournalFile } from './journal-file.ts'

const MAX_ORDERS_A_GROUP = 512
const MAX_BYTES_A_READ = 8 * 1024 * 1024

if (parentPort === null) throw new Error('this file runs as a worker thread only')

serveWorker<JournalCalls>(parentPort, () => {
  const { directory, consumers, limits, groupMs } = workerData as JournalWorkerData
  const journal = openJournalFile(directory, consumers, limits)
  const group = createGroupCommit<JournalOrder, JournalOutcome>({
    windowMs: groupMs,
    maxItems: MAX_ORDERS_A_GROUP,
    commit: orders => journal.commit(orders),
  })
  return {
    commit: order => group.add(order),
    read: ({ afterId, limit }) => journal.read(afterId, limit, MAX_BYTES_A_READ),
    cursor: name => journal.cursor(name),
    depth: name => journal.depth(name),
    trim: () => {
      journal.trim()
      return null
    },
    backup: async folder => {
      await journal.backup(folder)
      return null
    },
    check: () => {
      const problems: Damage[] = journal.damages()
      try {
        journal.tryWrite()
      } catch (error) {
        const { code, message } = storageError(error, directory)
        problems.push({ code, message })
      }
      return { ok: problems.length === 0, problems }
    },
    close: () => {
      group.flush()
      journal.close()
    },
  }
})
