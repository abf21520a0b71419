import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type { Response } from 'express'
import type { ExportFormat } from '../../../protocol/vocabulary.ts'
import { ProblemError } from '../../platform/problem-error.ts'
import { csvExport } from '../../reports/csv-export.ts'
import { type ExportQuestion, exportColumns, exportRows } from '../../reports/export-rows.ts'
import { parquetExport } from '../../reports/parquet-export.ts'
import { type Route, readRoute } from '../route.ts'

const MEDIA_TYPES: Record<ExportFormat, string> = {
  csv: 'text/csv; charset=utf-8; header=present',
  parquet: 'application/vnd.apache.parquet',
}

export const exportRoutes: readonly Route[] = [
  readRoute('exportSeries', async (services, { query, response }) => {
    const { subject, metric, labels, from, to, format, stepMs, aggregate } = query
    if (to <= from) throw new ProblemError('bad-request', 'to: must be later than from')
    const server = services.roster.get(subject)
    if (server === undefined) throw new ProblemError('not-found', 'There is no server with this id')
    const question: ExportQuestion = {
      ...{ subjectId: subject, subjectName: server.name, metric, from, to },
      ...(labels === undefined ? {} : { labels }),
      ...(stepMs === undefined ? {} : { step: { stepMs, aggregate } }),
    }
    const columns = await exportColumns(services.series, question)
    const slices = exportRows(services.series, question)
    const parts = format === 'csv' ? csvExport(columns, question, slices) : parquetExport(columns, question, slices)
    const name = `${server.slug}-${metric.replaceAll(':', '-')}-${dayOf(from)}-${dayOf(to)}.${format}`
    response.set('content-type', MEDIA_TYPES[format]).set('cache-control', 'no-store')
    response.set('content-disposition', `attachment; filename="${name}"`)
    await sent(parts, response)
    return {}
  }),
]

function dayOf(at: number): string {
  return new Date(at).toISOString().slice(0, 10)
}

/** What comes after the first byte can't be a problem document any more: then the connection breaks, and so it is seen. */
async function sent(parts: AsyncGenerator<string | Uint8Array>, response: Response): Promise<void> {
  const first = await parts.next()
  if (first.done !== true) response.write(first.value)
  try {
    await pipeline(Readable.from(parts, { objectMode: true }), response)
  } catch (error) {
    if (isGone(error)) return
    throw error
  }
}

/** Whoever asked went away. */
function isGone(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ERR_STREAM_PREMATURE_CLOSE'
}
