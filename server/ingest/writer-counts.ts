// What each writer did since the collector started: for its page, and for the collector's own metrics.
import type { WriterActivity } from '../inventory/writer-queries.ts'
import type { Metrics } from '../platform/metrics.ts'
import type { LinesAcceptance } from './accept-lines.ts'

export type WriterCounts = {
  count(writerId: string, answer: LinesAcceptance): void
  of(writerId: string): WriterActivity
}

const NOTHING: WriterActivity = { keptLines: 0, refusedLines: 0, textFields: 0, lastRefusal: null }

export function createWriterCounts({ metrics, now }: { metrics: Metrics; now: () => number }): WriterCounts {
  const lines = metrics.counter('pantau_write_lines_total', 'Lines of the line protocol by outcome.')
  const texts = metrics.counter('pantau_write_text_fields_total', 'Fields with text, which no series can hold.')
  const refusedRequests = metrics.counter('pantau_write_refused_total', 'Requests of writers refused whole, by code.')
  const byWriter = new Map<string, WriterActivity>()

  return {
    count(writerId, answer) {
      const before = byWriter.get(writerId) ?? NOTHING
      if (answer.kind === 'problem') {
        refusedRequests.add({ code: answer.code })
        byWriter.set(writerId, { ...before, lastRefusal: { at: now(), message: answer.code } })
        return
      }
      const { kept, problems, textFields } = answer
      const [first] = problems
      lines.add({ outcome: 'kept' }, kept)
      lines.add({ outcome: 'refused' }, problems.length)
      texts.add({}, textFields)
      byWriter.set(writerId, {
        keptLines: before.keptLines + kept,
        refusedLines: before.refusedLines + problems.length,
        textFields: before.textFields + textFields,
        lastRefusal: first === undefined ? before.lastRefusal : { at: now(), message: first.message },
      })
    },
    of: writerId => byWriter.get(writerId) ?? NOTHING,
  }
}
