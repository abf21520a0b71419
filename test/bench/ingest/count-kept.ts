// What is found in the data directory of a collector that was stopped.
import { join } from 'node:path'
import { openRecords } from '../../../server/stores/records/records.ts'
import { createEmbeddedSeriesStore } from '../../../server/stores/series/embedded/embedded-series-store.ts'

const HOUR_MS = 3_600_000

/** Samples of each device, of the last hours. */
export async function countKept(data: string, deviceIds: readonly string[]): Promise<number[]> {
  const store = await createEmbeddedSeriesStore({ directory: join(data, 'series'), now: Date.now })
  try {
    const names = await store.listSeries()
    const metrics = [...new Set(names.map(({ metric }) => metric))]
    const to = Date.now() + HOUR_MS
    const counts: number[] = []
    for (const subjectId of deviceIds) {
      const found = await store.raw({ subjectId, metric: metrics, from: to - 4 * HOUR_MS, to })
      counts.push(found.reduce((sum, { samples }) => sum + samples.length, 0))
    }
    return counts
  } finally {
    await store.close()
  }
}

/** How many servers stand where, by rule. */
export async function countVerdicts(data: string): Promise<Record<string, number>> {
  const records = await openRecords({ directory: data })
  try {
    const rows = await records
      .selectFrom('verdict')
      .select(['rule_id', 'verdict', eb => eb.fn.count<number>('subject_id').distinct().as('servers')])
      .groupBy(['rule_id', 'verdict'])
      .execute()
    return Object.fromEntries(rows.map(row => [`servers "${row.verdict}" in ${row.rule_id}`, row.servers]))
  } finally {
    await records.destroy()
  }
}
