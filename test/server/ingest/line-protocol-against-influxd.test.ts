// A real InfluxDB reads the same lines: what it takes we take, with the same names, times and values.
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type FieldValue, type LinePoint, parseLines } from '../../../server/ingest/line-protocol.ts'
import { type Influxd, startInfluxd } from '../../support/influxd.ts'
import { lineOf, linePoint } from './written-lines.ts'

let influxd: Influxd
let databases = 0
beforeAll(async () => {
  influxd = await startInfluxd()
})
afterAll(() => influxd.remove())

async function freshDatabase(): Promise<string> {
  databases += 1
  const database = `lines_${databases}`
  await influxd.query('', `CREATE DATABASE ${database}`)
  return database
}

const quoted = (name: string) => `"${name.replace(/["\\]/g, '\\$&')}"`

/** Everything in a database as points, each field with its value as InfluxDB tells it. */
async function contentOf(database: string, points: readonly LinePoint[]): Promise<Record<string, unknown>[]> {
  const content: Record<string, unknown>[] = []
  for (const measurement of new Set(points.map(point => point.measurement))) {
    for (const rows of await influxd.query(database, `SELECT * FROM ${quoted(measurement)} GROUP BY *`)) {
      const tags = Object.fromEntries(Object.entries(rows.tags ?? {}).filter(([, value]) => value !== ''))
      for (const values of rows.values) {
        const fields = rows.columns.flatMap((column, i) =>
          column === 'time' || values[i] === null ? [] : [[column, values[i]]],
        )
        content.push({ measurement: rows.name, tags, at: values[0], fields: Object.fromEntries(fields) })
      }
    }
  }
  return content.sort(byText)
}

const byText = (left: unknown, right: unknown) => (JSON.stringify(left) < JSON.stringify(right) ? -1 : 1)

/** InfluxDB answers integers as JSON numbers, so large ones are compared as the nearest double. */
function asTold(value: FieldValue): unknown {
  return typeof value === 'bigint' ? Number(value) : value
}

function asContent(points: readonly LinePoint[]): Record<string, unknown>[] {
  return points
    .map(({ measurement, tags, at, fields }) => ({
      measurement,
      tags: Object.fromEntries([...tags].sort(byText)),
      at,
      fields: Object.fromEntries(fields.map(([name, value]): [string, unknown] => [name, asTold(value)]).sort(byText)),
    }))
    .sort(byText)
}

/** A field has one type in InfluxDB, and no field may be called like a tag: here each line has names of its own. */
function apart(points: Omit<LinePoint, 'line'>[]): Omit<LinePoint, 'line'>[] {
  return points.map((point, index) => ({
    measurement: `${point.measurement}${index}`,
    tags: point.tags.map(([name, value]): [string, string] => [`t${name}`, value]),
    fields: point.fields.map(([name, value]): [string, FieldValue] => [`f${name}`, value]),
    at: point.at ?? 1_000,
  }))
}

describe('line protocol, as InfluxDB 1.6 reads it', () => {
  it('means the same to us, whatever is written', { timeout: 60_000 }, async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(linePoint, { minLength: 1, maxLength: 25 }), async generated => {
        const lines = apart(generated).map(lineOf).join('\n')
        const database = await freshDatabase()
        expect(await influxd.write(database, lines, 'ms')).toEqual({ status: 204, text: '' })
        const parsed = parseLines(lines, 'ms')
        expect(parsed.problems).toEqual([])
        const told = (await contentOf(database, parsed.points)).map(point => ({
          ...point,
          fields: Object.fromEntries(Object.entries(point.fields as object).sort(byText)),
        }))
        expect(told.sort(byText)).toEqual(asContent(parsed.points))
      }),
      { numRuns: 12, interruptAfterTimeLimit: 30_000, markInterruptAsFailure: false },
    )
  })

  const DAMAGE = [
    'm v=1 1000',
    ' m v=1 1000',
    'm v=1',
    'm\\ x v=1 1000',
    'm,a=1,b=2 v=1 1000',
    'm,a=1 v=1,w=2 1000',
    '# m v=1',
    'm v=1i 1000',
    'm v=-1i 1000',
    'm v=t 1000',
    'm v=TRUE 1000',
    'm v="" 1000',
    'm v="a\\"b" 1000',
    'm v=1e5 1000',
    'm v=.5 1000',
    'm',
    'm ',
    'm,a=1',
    'm, v=1',
    'm,a v=1',
    'm,a= v=1',
    'm,a=1, v=1',
    'm,a=b=c v=1',
    'm,a=1,a=1 v=1',
    ',a=1 v=1',
    'm v',
    'm v=',
    'm v=1,',
    'm v=1,w',
    'm v=1,w=',
    'm v="x',
    'm v=x',
    'm v=tr',
    'm v=1.2.3',
    'm v=--1',
    'm v=-',
    'm v=NaN',
    'm v=inf',
    'm v=1.5i',
    'm v=9223372036854775808i',
    'm v=1 x',
    'm v=1 1.5',
    'm v=1 5 6',
    'm =1',
    'm v=0x10',
  ]

  it.each(DAMAGE)('%j is taken by both or by neither', async line => {
    const database = await freshDatabase()
    const { status } = await influxd.write(database, line, 'ms')
    expect(parseLines(line, 'ms').problems.length > 0).toBe(status !== 204)
  })

  it('keeps the good lines around a bad one, in both', async () => {
    const database = await freshDatabase()
    const lines = 'a v=1 1000\nb v=x 1000\nc v="1\n2" 1000\nd v=4 1000'
    const answer = await influxd.write(database, lines, 'ms')
    expect(answer.status).toBe(400)
    expect(answer.text).toMatch(/"error":"partial write: .* dropped=0/)
    const parsed = parseLines(lines, 'ms')
    expect(parsed.problems.map(({ line }) => line)).toEqual([2])
    expect(await contentOf(database, parsed.points)).toEqual(asContent(parsed.points))
  })
})
