import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { BATCH_LIMITS, batch } from '../../../protocol/batch.ts'
import { isTooDeep, MAX_ISSUES, parseBatch } from '../../../server/ingest/parse-batch.ts'
import { WEDNESDAY } from '../../contract/series-store/support.ts'
import { bodyOf, validBatch } from './support.ts'

function issuesOf(body: Uint8Array) {
  const parsed = parseBatch(body)
  if (parsed.kind === 'batch') throw new Error('the batch was taken')
  return parsed.issues
}

describe('strict parsing of a batch', () => {
  it('takes what follows the contract, as it is', () => {
    expect(parseBatch(bodyOf(validBatch()))).toEqual({ kind: 'batch', batch: validBatch() })
    const { facts, ...withoutFacts } = validBatch()
    expect(facts).toBeDefined()
    expect(parseBatch(bodyOf(withoutFacts))).toEqual({ kind: 'batch', batch: withoutFacts })
  })

  it('names the place of each mistake', () => {
    const good = { kind: 'gauge', metric: 'x', points: [[WEDNESDAY, 1]] }
    const wrong = {
      ...validBatch(),
      series: [
        good,
        {
          ...good,
          points: [
            [WEDNESDAY, 1],
            ['yesterday', 2],
          ],
        },
        { ...good, kind: 'delta', points: [[WEDNESDAY, 1, 0]], metric: 'x_total' },
        { ...good, labels: { '1st': 'x' } },
        { ...good, colour: 'red' },
        { ...good, kind: 'histogram' },
        7,
      ],
      facts: [{ at: WEDNESDAY, name: 'os.distro', value: null }],
    }
    expect(issuesOf(bodyOf(wrong)).map(({ path }) => path)).toEqual([
      'series.1.points.1.0',
      'series.2.points.0.2',
      'series.3.labels.1st',
      'series.4',
      'series.5.kind',
      'series.6',
      'facts.0.value',
    ])
    expect(
      issuesOf(bodyOf({ ...validBatch(), number: 0, wire: 9 }))
        .map(({ path }) => path)
        .sort(),
    ).toEqual(['number', 'wire'])
  })

  it.each([
    ['nothing', ''],
    ['half a batch', JSON.stringify(validBatch()).slice(0, 50)],
    ['a list', '[]'],
    ['a text', '"batch"'],
    ['null', 'null'],
    ['a byte order mark', `\uFEFF${JSON.stringify(validBatch())}`],
    ['a number beyond all', JSON.stringify(validBatch()).replace('0.25', '1e999')],
    ['NaN', JSON.stringify(validBatch()).replace('0.25', 'NaN')],
  ])('refuses %s', (_, text) => {
    expect(issuesOf(Buffer.from(text)).length).toBeGreaterThan(0)
  })

  it('refuses bytes that are no UTF-8', () => {
    const body = bodyOf(validBatch())
    body[body.indexOf('cpu')] = 0xff
    expect(issuesOf(body)).toEqual([{ path: '', message: 'Not valid JSON in UTF-8' }])
  })

  it('never repeats in a message what a broken body held', () => {
    const issues = issuesOf(Buffer.from('{"key": hunter2}'))
    expect(JSON.stringify(issues)).not.toContain('hunter2')
  })

  it('stops at 20 issues, each told once, however wrong the body is', () => {
    const wrong = { ...validBatch(), series: Array.from({ length: 5000 }, () => ({})) }
    const issues = issuesOf(bodyOf(wrong))
    expect(issues).toHaveLength(MAX_ISSUES)
    expect(new Set(issues.map(issue => JSON.stringify(issue))).size).toBe(MAX_ISSUES)
  })

  it('keeps issues short when names are long', () => {
    const name = 'x'.repeat(1_000_000)
    const issues = issuesOf(bodyOf({ ...validBatch(), [name]: 1, series: [] }))
    expect(JSON.stringify(issues).length).toBeLessThan(1000)
  })

  it('lets no body reach a prototype', () => {
    const text = JSON.stringify(validBatch({ facts: [] }))
    const asLabel = text.replace('"device":"eth0"', '"__proto__":"eth0"')
    expect(issuesOf(Buffer.from(asLabel)).map(({ path }) => path)).toEqual(['series.1.labels.__proto__'])
    const escaped = text.replace('"device":"eth0"', '"__proto\\u005f_":"eth0"')
    expect(issuesOf(Buffer.from(escaped)).map(({ path }) => path)).toEqual(['series.1.labels.__proto__'])
    const onTop = text.replace('{"wire"', '{"__proto__":{"polluted":1},"wire"')
    expect(issuesOf(Buffer.from(onTop))).toHaveLength(1)
    const inSeries = text.replace('{"kind":"gauge"', '{"__proto__":{"polluted":1},"kind":"gauge"')
    expect(issuesOf(Buffer.from(inSeries))).toHaveLength(1)
    expect(Object.hasOwn(Object.prototype, 'polluted')).toBe(false)
    const harmless = parseBatch(Buffer.from(text.replace('"device":"eth0"', '"constructor":"x","toString":"y"')))
    expect(harmless.kind).toBe('batch')
  })

  it.each([
    ['depth', '['.repeat(BATCH_LIMITS.bodyBytes)],
    ['objects in objects', '{"a":'.repeat(800_000)],
    ['very many empty series', `{"series":[${'{},'.repeat(1_300_000)}{}]}`],
    ['very many broken points', `{"series":[{"points":[${'0,'.repeat(2_000_000)}0]}]}`],
    ['very many broken facts', `{"series":[],"facts":[${'0,'.repeat(2_000_000)}0]}`],
  ])('has an end with a bomb of %s, and complains briefly', (_, text) => {
    const envelope = JSON.stringify({ ...validBatch(), series: undefined, facts: undefined })
    const body = Buffer.from(text.startsWith('{"series"') ? `${envelope.slice(0, -1)},${text.slice(1)}` : text)
    expect(body.byteLength).toBeLessThanOrEqual(BATCH_LIMITS.bodyBytes)
    expect(issuesOf(body).length).toBeLessThanOrEqual(MAX_ISSUES)
  })

  it('refuses what is nested deep, also in a small body', () => {
    const deep = `${'['.repeat(20_000)}${']'.repeat(20_000)}`
    expect(issuesOf(Buffer.from(deep)).length).toBeGreaterThan(0)
    const inside = JSON.stringify(validBatch()).replace('0.25', deep)
    expect(issuesOf(Buffer.from(inside)).map(({ path }) => path)).toEqual(['series.0.points.0.1'])
  })

  it('looks at brackets only outside of texts', () => {
    expect(isTooDeep(Buffer.from('["[[[[[[[[[[","\\"[[[[[[[[[[[","\\\\"]'))).toBe(false)
    expect(isTooDeep(Buffer.from('[[[[[[[[[]]]]]]]]]'))).toBe(true)
    expect(isTooDeep(Buffer.from('[[[[[[[[]]]]]]]]'))).toBe(false)
    expect(isTooDeep(Buffer.from('[[],[],[],[],[],[],[],[],[],[]]'))).toBe(false)
  })

  it('agrees with the contract on every batch, right or wrong', () => {
    const oddValue = fc.oneof(
      fc.integer(),
      fc.double(),
      fc.constantFrom('12345678901234567890', '1.5', '', null, true, 'x', WEDNESDAY, [], {}),
    )
    const mostly = <T>(right: fc.Arbitrary<T>, wrong: fc.Arbitrary<unknown> = oddValue) =>
      fc.oneof({ weight: 12, arbitrary: right }, { weight: 1, arbitrary: wrong })
    const instant = mostly(fc.constant(WEDNESDAY))
    const digits = fc.constantFrom('12345678901234567890', '-1')
    const number = mostly(fc.oneof(fc.integer(), fc.double({ noNaN: true, noDefaultInfinity: true }), digits))
    const labels = fc.dictionary(fc.constantFrom('a', 'b', 'constructor', 'b c'), mostly(fc.string()))
    const gauge = fc.record(
      {
        kind: mostly(fc.constant('gauge')),
        metric: mostly(fc.constantFrom('a', 'b_total'), fc.constantFrom('9', '')),
        labels,
        points: fc.array(fc.tuple(instant, number), { minLength: 1, maxLength: 3 }),
      },
      { requiredKeys: ['kind', 'metric', 'points'] },
    )
    const delta = fc.record({
      kind: mostly(fc.constant('delta')),
      metric: mostly(fc.constantFrom('a_total'), fc.constantFrom('a')),
      points: fc.array(fc.tuple(instant, number, mostly(fc.integer({ min: 1, max: 9999 }))), {
        minLength: 1,
        maxLength: 3,
      }),
    })
    const fact = fc.record({
      at: instant,
      name: mostly(fc.constant('a.b')),
      value: mostly(fc.oneof(fc.string(), fc.boolean())),
    })
    const change = fc.record(
      {
        number: mostly(fc.integer({ min: 1 })),
        intervalMs: mostly(fc.integer({ min: 100, max: 3_600_000 })),
        spool: mostly(fc.uuid()),
        series: mostly(fc.array(fc.oneof(gauge, delta), { maxLength: 3 })),
        facts: mostly(fc.array(fact, { maxLength: 2 })),
      },
      { requiredKeys: ['series'] },
    )
    let taken = 0
    fc.assert(
      fc.property(change, differently => {
        const body = bodyOf({ ...validBatch(), ...differently })
        const expected = batch.safeParse(JSON.parse(body.toString()))
        const parsed = parseBatch(body)
        expect(parsed.kind).toBe(expected.success ? 'batch' : 'issues')
        if (parsed.kind === 'batch') {
          taken++
          expect(parsed.batch).toEqual(expected.data)
        }
      }),
      { numRuns: 500 },
    )
    expect(taken).toBeGreaterThan(50)
    expect(taken).toBeLessThan(450)
  })
})
