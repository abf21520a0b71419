import fc from 'fast-check'
import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { verifyAll } from '../../../server/rules/verify-all.ts'
import { type City, openCity } from './year.ts'

// One byte in any stored row of evidence, audit log or manifests: found, and its row named.
describe('a changed byte', () => {
  let city: City
  beforeAll(async () => {
    city = await openCity('depok-2021-40', '2025-07-01')
    await city.bind('2025-01-01')
    const agency = await city.agency('Dinas Kesehatan')
    await city.engine.pass(city.clock.at)
    await city.until('2025-07-04', () =>
      city.enter('contact', {
        subjects: [{ kind: 'agency', id: agency }],
        fields: { role: 'narahubung', person: 'Sari', reachedBy: '0811' },
      }),
    )
  })
  afterAll(() => city.close())

  it('is found wherever it lies, and its row is named', async () => {
    expect(await verifyAll({ records: city.records, blobs: city.deps.blobs })).toEqual([])
    const tables = await Promise.all(
      (['evidence', 'audit', 'manifest'] as const).map(async table => ({
        table,
        rows: (await sql.raw<Record<string, unknown>>(`select * from ${table} order by seq`).execute(city.records))
          .rows,
      })),
    )
    await fc.assert(
      fc.asyncProperty(fc.nat(), fc.nat(), fc.nat(), fc.nat(), async (whichTable, whichRow, whichColumn, whichByte) => {
        const { table, rows } = tables[whichTable % tables.length] ?? { table: 'audit', rows: [] }
        const row = rows[whichRow % rows.length] ?? {}
        const columns = Object.entries(row).filter(([name, value]) => name !== 'seq' && value !== null && value !== '')
        const [column, value] = columns[whichColumn % columns.length] ?? ['', '']
        const put = (content: unknown) =>
          sql`update ${sql.table(table)} set ${sql.ref(column)} = ${content} where seq = ${row.seq}`.execute(
            city.records,
          )
        const changed = changedAt(value, whichByte)
        // The tables themselves refuse a second row with the same id or day.
        fc.pre(!rows.some(other => other !== row && other[column] === changed))
        await put(changed)
        const faults = await verifyAll({ records: city.records, blobs: city.deps.blobs })
        await put(value)
        const name = table === 'manifest' ? 'manifest of ' : `${table} entry ${String(row.seq)}:`
        expect({ table, column, faults: faults.some(fault => fault.startsWith(name)) }).toEqual({
          table,
          column,
          faults: true,
        })
      }),
      { numRuns: 150 },
    )
    expect(await verifyAll({ records: city.records, blobs: city.deps.blobs })).toEqual([])
  })

  it('is found where a row was taken out, or put elsewhere', async () => {
    const taken = await city.records.selectFrom('evidence').selectAll().where('seq', '=', 3).executeTakeFirstOrThrow()
    await city.records.deleteFrom('evidence').where('seq', '=', 3).execute()
    expect(await verifyAll({ records: city.records, blobs: city.deps.blobs })).toEqual(
      expect.arrayContaining([expect.stringMatching(/^evidence entry 3: missing/)]),
    )
    await city.records.insertInto('evidence').values(taken).execute()
    expect(await verifyAll({ records: city.records, blobs: city.deps.blobs })).toEqual([])
  })

  it('is found where the end of the evidence was cut off: the manifest of the day still counts it', async () => {
    const last = await city.records.selectFrom('evidence').selectAll().orderBy('seq', 'desc').executeTakeFirstOrThrow()
    await city.engine.pass(city.clock.at + 86_400_000)
    await city.records.deleteFrom('verdict').where('evidence_id', '=', last.id).execute()
    await city.records.deleteFrom('evidence').where('id', '=', last.id).execute()
    const faults = await verifyAll({ records: city.records, blobs: city.deps.blobs })
    expect(faults).toEqual([expect.stringMatching(/^manifest of .*cut or rewritten/)])
    await city.records.insertInto('evidence').values(last).execute()
  })

  it('is found in a file that lies with a record', async () => {
    const file = await city.records.selectFrom('register_attachment').selectAll().executeTakeFirstOrThrow()
    await city.records
      .updateTable('register_attachment')
      .set({ sha256: `0${file.sha256.slice(1, 63)}f` })
      .execute()
    const faults = await verifyAll({ records: city.records, blobs: city.deps.blobs })
    expect(faults.some(fault => fault.startsWith('file "bukti.pdf"'))).toBe(true)
  })
})

function changedAt(value: unknown, whichByte: number): unknown {
  if (typeof value === 'number') return value + 1
  const bytes = Buffer.from(String(value))
  const index = whichByte % bytes.length
  bytes[index] = ((bytes[index] ?? 0) ^ 1) & 0x7f
  return bytes.toString('utf8')
}
