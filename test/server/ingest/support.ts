// Batches as agents send them, for the tests of the way in.
import type { Batch } from '../../../protocol/batch.ts'
import type { JournalFile } from '../../../server/ingest/journal-file.ts'
import type { JournalBatch } from '../../../server/ingest/journal-record.ts'
import { temporaryDirectory, WEDNESDAY } from '../../contract/series-store/support.ts'

export const AGENT = '01938f6e-0000-7000-8000-00000000000a'
export const SUBJECT = '01938f6e-0000-7000-8000-000000000001'
export const SPOOL = '01938f6e-0000-4000-8000-0000000000aa'

export function validBatch(change: Partial<Batch> = {}): Batch {
  return {
    wire: 1,
    agentVersion: '0.1.0',
    spool: SPOOL,
    number: 1,
    intervalMs: 10_000,
    series: [
      { kind: 'gauge', metric: 'cpu_busy_ratio', points: [[WEDNESDAY, 0.25]] },
      {
        kind: 'delta',
        metric: 'network_receive_bytes_total',
        labels: { device: 'eth0' },
        points: [[WEDNESDAY, 125_000, 10_000]],
      },
    ],
    facts: [{ at: WEDNESDAY, name: 'os.distro', value: 'Debian 12' }],
    ...change,
  }
}

export function bodyOf(value: unknown): Buffer {
  return Buffer.from(JSON.stringify(value))
}

export function journalBatch(number: number, change: Partial<JournalBatch> = {}): JournalBatch {
  return {
    agentId: AGENT,
    spool: SPOOL,
    number,
    lane: 'fresh',
    sentAt: WEDNESDAY,
    receivedAt: WEDNESDAY + 3,
    body: bodyOf(validBatch({ number })),
    ...change,
  }
}

/** A directory whose journals are closed and which is gone with `remove`. */
export function journalPlace(open: (path: string, segmentBytes?: number) => JournalFile) {
  const directory = temporaryDirectory()
  const opened: JournalFile[] = []
  return {
    ...{ path: directory.path, opened },
    openAt(path: string, segmentBytes?: number): JournalFile {
      const journal = open(path, segmentBytes)
      opened.push(journal)
      return journal
    },
    remove() {
      for (const journal of opened) journal.close()
      directory.remove()
    },
  }
}
