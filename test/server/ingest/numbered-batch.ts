// Batch number n: the same samples whoever makes it.
import type { JournalBatch } from '../../../server/ingest/journal-record.ts'
import { DAY_MS } from '../../contract/series-store/support.ts'
import { bodyOf, journalBatch, validBatch } from './support.ts'

export function numberedBatch(number: number, now: number): JournalBatch {
  const at = now - DAY_MS + number
  const series = ['a', 'b'].map(device => ({
    kind: 'gauge' as const,
    metric: 'numbered',
    labels: { device },
    points: [[at, number]] as [number, number][],
  }))
  return journalBatch(number, { sentAt: now, receivedAt: now, body: bodyOf(validBatch({ number, series })) })
}
