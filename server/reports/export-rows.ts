// Samples of one metric as rows in columns that speak for themselves: slice by slice, so that a year needs no more
// memory than a day.
import type { Aggregate } from '../../protocol/vocabulary.ts'
import { StorageError } from '../stores/durable/storage-error.ts'
import type { SeriesKey, SeriesStore } from '../stores/series/series-store.ts'

export type ExportQuestion = {
  subjectId: string
  /** Name of the server, for the rows. */
  subjectName: string
  metric: string
  labels?: Record<string, string>
  from: number
  to: number
  /** A row for each step that has data; left out, a row a sample. */
  step?: { stepMs: number; aggregate: Aggregate }
}

/** A label has a column of its own, beside those that every export has. */
export type ExportColumns = { labels: { label: string; column: string }[] }

export type ExportRow = { at: number; key: SeriesKey; value: number }

type Store = Pick<SeriesStore, 'listSeries' | 'raw' | 'range'>

export const FIXED_COLUMNS = ['time', 'server', 'server_id', 'agent_id', 'metric', 'value'] as const

const FIRST_SLICE_MS = 24 * 3_600_000
const LEAST_SLICE_MS = 1_000
const STEPS_A_SLICE = 5_000
/** A slice with fewer rows makes the next one longer. */
const FEW_ROWS = 50_000

/** Which labels the series of the metric have, as columns; a label called like a column of ours gets a prefix. */
export async function exportColumns(store: Store, { subjectId, metric }: ExportQuestion): Promise<ExportColumns> {
  const series = await store.listSeries({ subjectIds: [subjectId], metrics: [metric] })
  const names = [...new Set(series.flatMap(key => Object.keys(key.labels)))].sort()
  const taken = (name: string) => FIXED_COLUMNS.some(column => column === name) || names.includes(`label_${name}`)
  return { labels: names.map(label => ({ label, column: taken(label) ? `label_${label}` : label })) }
}

/**
 * Rows in slices of time, oldest slice first; within a slice series by series, each in the order of time. Nothing is
 * asked of the store before it is wanted. Errors: StorageError.
 */
export async function* exportRows(store: Store, question: ExportQuestion): AsyncGenerator<ExportRow[]> {
  const { to, step } = question
  const atOnceMs = step === undefined ? FIRST_SLICE_MS : step.stepMs * STEPS_A_SLICE
  let lengthMs = atOnceMs
  let from = question.from
  while (from < to) {
    const end = sliceEnd(from, lengthMs, to, step?.stepMs)
    let rows: ExportRow[]
    try {
      rows = await readSlice(store, question, from, end)
    } catch (error) {
      if (!(error instanceof StorageError) || error.code !== 'query-too-large') throw error
      const least = step?.stepMs ?? LEAST_SLICE_MS
      if (lengthMs <= least) throw error
      lengthMs = Math.max(least, Math.floor(lengthMs / 4))
      continue
    }
    from = end
    if (rows.length > 0) yield rows
    if (rows.length < FEW_ROWS) lengthMs = Math.min(lengthMs * 2, step === undefined ? 64 * atOnceMs : atOnceMs)
  }
}

/** Slices of steps end where a step ends, so that no step is cut in two. */
function sliceEnd(from: number, lengthMs: number, to: number, stepMs: number | undefined): number {
  const end = from + lengthMs
  return Math.min(to, stepMs === undefined ? end : Math.max(from + 1, Math.floor(end / stepMs) * stepMs))
}

async function readSlice(store: Store, question: ExportQuestion, from: number, to: number): Promise<ExportRow[]> {
  const { subjectId, metric, labels, step } = question
  const selection = { subjectId, metric, ...(labels === undefined ? {} : { labels }), from, to }
  if (step === undefined) {
    const series = await store.raw(selection)
    return series.flatMap(({ key, samples }) => samples.map(([at, value]) => ({ at, key, value })))
  }
  const series = await store.range({ ...selection, ...step })
  return series.flatMap(({ key, points }) =>
    points.flatMap(([at, value]) => (value === null ? [] : [{ at, key, value }])),
  )
}
