// Samples as files: read back by readers that know nothing of us, and never more of them in memory than a slice.
import fc from 'fast-check'
import { parquetMetadata, parquetReadObjects } from 'hyparquet'
import { describe, expect, it } from 'vitest'
import { csvExport, csvLine } from '../../../server/reports/csv-export.ts'
import { type ExportQuestion, type ExportRow, exportColumns, exportRows } from '../../../server/reports/export-rows.ts'
import { parquetExport } from '../../../server/reports/parquet-export.ts'
import { StorageError } from '../../../server/stores/durable/storage-error.ts'
import { createMemorySeriesStore } from '../../../server/stores/series/memory.ts'
import type { SeriesStore } from '../../../server/stores/series/series-store.ts'
import { DAY_MS, entry, HOUR_MS, pushedClock, seriesKey, WEDNESDAY } from '../../contract/series-store/support.ts'

const { subjectId, metric, agentId } = seriesKey()
const question = (change: Partial<ExportQuestion> = {}): ExportQuestion => ({
  ...{ subjectId, subjectName: 'srv-01', metric, from: WEDNESDAY - 20 * DAY_MS, to: WEDNESDAY },
  ...change,
})

async function allRows(store: SeriesStore, asked: ExportQuestion): Promise<ExportRow[]> {
  const rows: ExportRow[] = []
  for await (const slice of exportRows(store, asked)) rows.push(...slice)
  return rows
}

async function whole(parts: AsyncIterable<string | Uint8Array>): Promise<Buffer> {
  const all: Buffer[] = []
  for await (const part of parts) all.push(Buffer.from(part))
  return Buffer.concat(all)
}

async function csvOf(store: SeriesStore, asked: ExportQuestion): Promise<string> {
  return (await whole(csvExport(await exportColumns(store, asked), asked, exportRows(store, asked)))).toString('utf8')
}

async function parquetOf(store: SeriesStore, asked: ExportQuestion): Promise<ArrayBuffer> {
  const file = await whole(parquetExport(await exportColumns(store, asked), asked, exportRows(store, asked)))
  return new Uint8Array(file).buffer
}

function storeWith(...entries: Parameters<SeriesStore['append']>[0]) {
  const store = createMemorySeriesStore({ now: pushedClock().now })
  return store.append(entries).then(() => store)
}

describe('rows of an export', () => {
  it('are every sample of the window once, oldest slice first', async () => {
    const instants = fc.uniqueArray(fc.integer({ min: 0, max: 25 * 24 * 60 }), { minLength: 1, maxLength: 60 })
    await fc.assert(
      fc.asyncProperty(instants, fc.integer({ min: 0, max: 24 * 60 }), async (minutes, startMinute) => {
        const samples = minutes.map((minute): [number, number] => [WEDNESDAY - 25 * DAY_MS + minute * 60_000, minute])
        const store = await storeWith(entry(samples))
        const asked = question({ from: WEDNESDAY - 24 * DAY_MS + startMinute * 60_000, to: WEDNESDAY - 30_000 })
        const rows = await allRows(store, asked)
        const expected = samples.filter(([at]) => at >= asked.from && at < asked.to).sort(([a], [b]) => a - b)
        expect(rows.map(({ at, value }) => [at, value])).toEqual(expected)
      }),
    )
  })

  it('are one a step that has data, when steps are asked for; no step is cut in two', async () => {
    const samples = [0, 1, 7, 400].map((minute): [number, number] => [WEDNESDAY - DAY_MS + minute * 60_000, minute])
    const store = await storeWith(entry(samples))
    const rows = await allRows(store, question({ step: { stepMs: 600_000, aggregate: 'sum' } }))
    expect(rows.map(({ at, value }) => [at - (WEDNESDAY - DAY_MS), value])).toEqual([
      [0, 8],
      [400 * 60_000, 400],
    ])
  })

  it('come in shorter slices where the store has too many at once', async () => {
    const samples = Array.from({ length: 100 }, (_, i): [number, number] => [WEDNESDAY - 10 * DAY_MS + i * HOUR_MS, i])
    const store = await storeWith(entry(samples))
    const tight: SeriesStore = {
      ...store,
      async raw(query) {
        const found = await store.raw(query)
        if ((found[0]?.samples.length ?? 0) > 3) throw new StorageError('query-too-large', 'too many')
        return found
      },
    }
    expect((await allRows(tight, question())).map(({ value }) => value)).toEqual(samples.map(([, value]) => value))
    const never: SeriesStore = { ...store, raw: () => Promise.reject(new StorageError('query-too-large', 'too many')) }
    await expect(allRows(never, question())).rejects.toMatchObject({ code: 'query-too-large' })
  })

  it('are read only when they are wanted', async () => {
    const store = await storeWith(entry([[WEDNESDAY - DAY_MS, 1]]))
    let asked = 0
    const counting: SeriesStore = {
      ...store,
      raw: async query => {
        asked += 1
        return [{ key: seriesKey(), samples: Array.from({ length: 60_000 }, (_, i) => [query.from + i, i]) }]
      },
    }
    const parts = csvExport({ labels: [] }, question(), exportRows(counting, question()))
    await parts.next()
    expect(asked).toBe(0)
    await parts.next()
    expect(asked).toBe(1)
    await parts.return(undefined)
    expect(asked).toBe(1)
  })
})

describe('an export as CSV', () => {
  it('has open columns, one for each label, and times in UTC', async () => {
    const store = await storeWith(
      entry([[WEDNESDAY - 1, 0.1]], { labels: { device: 'sda', value: 'x' } }),
      entry([[WEDNESDAY - 1, 1e-7]], { labels: { device: 'sdb' } }),
    )
    expect(await csvOf(store, question())).toBe(
      'time,server,server_id,agent_id,metric,device,label_value,value\r\n' +
        `2026-11-18T09:59:59.999Z,srv-01,${subjectId},${agentId},${metric},sda,x,0.1\r\n` +
        `2026-11-18T09:59:59.999Z,srv-01,${subjectId},${agentId},${metric},sdb,,1e-7\r\n`,
    )
  })

  it('has its head also when there is nothing', async () => {
    const store = await storeWith()
    expect(await csvOf(store, question())).toBe('time,server,server_id,agent_id,metric,value\r\n')
  })

  it('quotes what must be quoted, and never hands a formula to a spreadsheet', () => {
    expect(csvLine(['a,b', 'say "hi"', 'x\ny', -1.5, 'plain'])).toBe('"a,b","say ""hi""","x\ny",-1.5,plain\r\n')
    expect(csvLine(['=cmd|x', '+1', '-1', '@a', '\tb'])).toBe("'=cmd|x,'+1,'-1,'@a,'\tb\r\n")
  })
})

describe('an export as Parquet', () => {
  it('is read back by another reader, to the last bit and with its types', async () => {
    const value = fc.double({ noNaN: true, noDefaultInfinity: true }).map(one => one + 0)
    const label = fc.string({ unit: 'grapheme', maxLength: 6 })
    await fc.assert(
      fc.asyncProperty(fc.array(fc.tuple(label, value), { minLength: 1, maxLength: 30 }), async written => {
        const entries = written.map(([device, one], index) =>
          entry([[WEDNESDAY - index * 1000 - 1, one]], { labels: index % 3 === 0 ? {} : { device } }),
        )
        const store = await storeWith(...entries)
        const read = await parquetReadObjects({ file: await parquetOf(store, question()) })
        const told = (await allRows(store, question())).map(({ at, key, value: one }) => ({
          ...{ time: new Date(at), server: 'srv-01', server_id: subjectId, agent_id: agentId, metric },
          ...(written.length > 1 ? { device: key.labels.device } : {}),
          value: one,
        }))
        const nothing = (row: object) =>
          Object.fromEntries(Object.entries(row).map(([name, cell]) => [name, cell ?? null]))
        expect(read.map(nothing)).toEqual(told.map(nothing))
      }),
      { numRuns: 30 },
    )
  })

  it('is written in row groups as they fill, and is whole without rows too', async () => {
    const samples = Array.from({ length: 230_000 }, (_, i): [number, number] => [WEDNESDAY - 8 * DAY_MS + i * 1000, i])
    const store = await storeWith(entry(samples))
    const sizes: number[] = []
    const columns = await exportColumns(store, question())
    const parts: Uint8Array[] = []
    for await (const part of parquetExport(columns, question(), exportRows(store, question()))) {
      sizes.push(part.length)
      parts.push(part)
    }
    expect(sizes).toHaveLength(4)
    const file = new Uint8Array(Buffer.concat(parts)).buffer
    expect(parquetMetadata(file).row_groups.map(({ num_rows: rows }) => Number(rows))).toEqual([
      100_000, 100_000, 30_000,
    ])
    const read = await parquetReadObjects({ file, columns: ['value'] })
    expect(read.map(row => row.value)).toEqual(samples.map(([, one]) => one))
    expect(await parquetReadObjects({ file: await parquetOf(await storeWith(), question()) })).toEqual([])
  })
})
