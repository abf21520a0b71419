// Line protocol as it is written, good and bad: https://docs.influxdata.com/influxdb/v1/write_protocols/
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { LINE_PRECISIONS } from '../../../protocol/vocabulary.ts'
import { type FieldValue, type LinePoint, parseLines } from '../../../server/ingest/line-protocol.ts'
import { lineOf, linePoint } from './written-lines.ts'

function only(text: string, precision: (typeof LINE_PRECISIONS)[number] = 'n'): LinePoint {
  const { points, problems } = parseLines(text, precision)
  expect(problems).toEqual([])
  expect(points).toHaveLength(1)
  return points[0] as LinePoint
}

function problemOf(text: string): string {
  const { points, problems } = parseLines(text, 'n')
  expect(points).toEqual([])
  expect(problems).toHaveLength(1)
  return problems[0]?.message ?? ''
}

describe('a line', () => {
  it('has a measurement, tags, fields and a time', () => {
    expect(only('cpu,host=srv-01,core=0 busy=0.5,cores=8i,ok=t,note="so so" 1465839830100400200')).toEqual({
      line: 1,
      measurement: 'cpu',
      tags: [
        ['host', 'srv-01'],
        ['core', '0'],
      ],
      fields: [
        ['busy', 0.5],
        ['cores', 8],
        ['ok', true],
        ['note', 'so so'],
      ],
      at: 1_465_839_830_100,
    })
  })

  it('may do without tags and without a time', () => {
    expect(only('load value=1')).toEqual({ line: 1, measurement: 'load', tags: [], fields: [['value', 1]], at: null })
  })

  it.each([
    ['n', '1465839830100400200', 1_465_839_830_100],
    ['ns', '999999', 0],
    ['u', '1465839830100400', 1_465_839_830_100],
    ['ms', '1465839830100', 1_465_839_830_100],
    ['s', '1465839830', 1_465_839_830_000],
    ['m', '24430663', 1_465_839_780_000],
    ['h', '407177', 1_465_837_200_000],
    ['n', '-1', -1],
    ['s', '-5', -5_000],
  ] as const)('in %s has its time %s in ms', (precision, time, at) => {
    expect(only(`m v=1 ${time}`, precision).at).toBe(at)
  })

  it.each<[string, FieldValue]>([
    ['1', 1],
    ['-1.5', -1.5],
    ['.5', 0.5],
    ['1.', 1],
    ['1e3', 1000],
    ['1.5E-3', 0.0015],
    ['1e+2', 100],
    ['42i', 42],
    ['-42i', -42],
    ['7u', 7],
    ['9007199254740991i', 9_007_199_254_740_991],
    ['9007199254740993i', 9_007_199_254_740_993n],
    ['9223372036854775807i', 9_223_372_036_854_775_807n],
    ['-9223372036854775808i', -9_223_372_036_854_775_808n],
    ['18446744073709551615u', 18_446_744_073_709_551_615n],
    ...['t', 'T', 'true', 'True', 'TRUE'].map((word): [string, FieldValue] => [word, true]),
    ...['f', 'F', 'false', 'False', 'FALSE'].map((word): [string, FieldValue] => [word, false]),
  ])('has the value %s', (text, value) => {
    expect(only(`m v=${text}`).fields).toEqual([['v', value]])
  })

  it('has escapes where a comma, a blank or an equals sign is meant', () => {
    const point = only(String.raw`my\ cpu\,x=y,a\,b=c\ d\=e,path=C:\dir fi\=eld="say \"hi\" \\ \n, =",n=1 5`)
    expect(point.measurement).toBe('my cpu,x=y')
    expect(point.tags).toEqual([
      ['a,b', 'c d=e'],
      ['path', 'C:\\dir'],
    ])
    expect(point.fields).toEqual([
      ['fi=eld', 'say "hi" \\ \\n, ='],
      ['n', 1],
    ])
  })

  it('may hold line ends in a text; what follows is counted on', () => {
    const { points, problems } = parseLines('m t="one\ntwo\r\nthree",v=1\nm v=\nm v=2', 'n')
    expect(points.map(({ line, fields }) => [line, fields])).toEqual([
      [
        1,
        [
          ['t', 'one\ntwo\r\nthree'],
          ['v', 1],
        ],
      ],
      [5, [['v', 2]]],
    ])
    expect(problems).toEqual([{ line: 4, message: 'the field "v" has no value' }])
  })
})

describe('a body', () => {
  it('may have comments, empty lines, blanks around lines and CRLF', () => {
    const text = '# made by hand\r\n\r\n  \r\n  a v=1   7  \r\nb v=2\r\n\tc  v=t\r\n#end'
    const { points, problems } = parseLines(text, 'ms')
    expect(problems).toEqual([])
    expect(points.map(({ line, measurement, at }) => [line, measurement, at])).toEqual([
      [4, 'a', 7],
      [5, 'b', null],
      [6, 'c', null],
    ])
  })

  it('loses a bad line and keeps the good ones around it', () => {
    const { points, problems } = parseLines('a v=1\nb v=one\nc v=3\n,x=1 v=4\ne v=5 tomorrow\nf v=6', 'n')
    expect(points.map(({ line }) => line)).toEqual([1, 3, 6])
    expect(problems.map(({ line }) => line)).toEqual([2, 4, 5])
  })

  it('never takes what stands inside of a bad line for a line', () => {
    const { points, problems } = parseLines('log text="x\nadmin,host=a v=1\n",n=oops\ngood v=1', 'n')
    expect(points.map(({ measurement }) => measurement)).toEqual(['good'])
    expect(problems).toEqual([{ line: 1, message: expect.stringContaining('"n"') }])
    const open = parseLines('good v=1\nlog text="x\nadmin v=1\n', 'n')
    expect(open.points.map(({ measurement }) => measurement)).toEqual(['good'])
    expect(open.problems).toEqual([{ line: 2, message: 'the quotation mark of the field "text" is never closed' }])
  })

  it('of nothing is nothing', () => {
    for (const text of ['', '\n', ' \t\r\n', '# nothing']) {
      expect(parseLines(text, 'n')).toEqual({ points: [], problems: [] })
    }
  })
})

describe('a line is refused', () => {
  it.each<[string, string]>([
    [',a=1 v=1', 'name of the measurement'],
    ['m', 'no fields'],
    ['m ', 'no fields'],
    ['m,a=1', 'no fields'],
    ['m, v=1', 'name of a tag'],
    ['m,=1 v=1', 'name of a tag'],
    ['m,a v=1', '"a" has no value'],
    ['m,a= v=1', '"a" has no value'],
    ['m,a=,b=1 v=1', '"a" has no value'],
    ['m,a=b=c v=1', 'not escaped'],
    ['m,a=1,a=2 v=1', 'twice'],
    ['m v', '"v" has no value'],
    ['m v=', '"v" has no value'],
    ['m =1', 'name of a field'],
    ['m v=1,', 'name of a field'],
    ['m v=1,v=2', 'twice'],
    ['m v="x', 'never closed'],
    ['m v="x"y', 'closing quotation mark'],
    ...['1.2.3', '--1', '1e', '1e400', '0x10', 'NaN', 'inf', '1_000', '1,5', 'yes', '-', '.', '1.5i', '1i2', '-1u'].map(
      value => [`m v=${value}`, value === '1,5' ? 'has no value' : 'is no number'] satisfies [string, string],
    ),
    ['m v=9223372036854775808i', 'is no number'],
    ['m v=1 1.5', 'not a whole number'],
    ['m v=1 12345678901234567890', 'not a whole number'],
    ['m v=1 5 6', 'follows the time'],
    ['m v=1 5 x=2', 'follows the time'],
  ])('%s', (text, reason) => {
    expect(problemOf(text)).toContain(reason)
  })

  it('however long the number in it: reading it twice as long takes no four times as long', () => {
    // A pattern that tries each digit with each other would take half an hour here.
    for (const end of ['', 'i', 'u', 'e', '.', 'x']) {
      expect(problemOf(`m v=${'9'.repeat(1_000_000)}${end}`)).toContain('is no number')
    }
  })

  it('without repeating more of it than a short name', () => {
    expect(problemOf(`m ${'x'.repeat(500)}\u001b[31m`).length).toBeLessThan(120)
    expect(problemOf('m a\u001b[2Jb').includes('\u001b')).toBe(false)
  })
})

describe('whatever is written', () => {
  it('is read back as it was meant', () => {
    fc.assert(
      fc.property(fc.array(linePoint, { maxLength: 8 }), fc.constantFrom('\n', '\r\n'), (points, lineEnd) => {
        const parsed = parseLines(points.map(point => lineOf(point)).join(lineEnd), 'ms')
        expect(parsed.problems).toEqual([])
        expect(parsed.points.map(({ line: _, ...point }) => point)).toEqual(points)
      }),
    )
  })

  it('ends, and costs no more lines than it has', () => {
    const piece = fc.constantFrom(
      'm',
      ',',
      '=',
      ' ',
      '\\',
      '"',
      '\n',
      '\r',
      '#',
      '1',
      'i',
      'é',
      '\0',
      'a=1',
      ' v=1',
      '-',
    )
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 60 }), pieces => {
        const text = pieces.join('')
        const { points, problems } = parseLines(text, 'n')
        const lines = [...points, ...problems].map(({ line }) => line)
        expect(new Set(lines).size).toBe(lines.length)
        expect(lines.every(line => line >= 1 && line <= text.split('\n').length)).toBe(true)
      }),
      { numRuns: 2_000 },
    )
  })
})
