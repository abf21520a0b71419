import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { BATCH_LIMITS, batch } from '../../../protocol/batch.ts'
import { parseLines } from '../../../server/ingest/line-protocol.ts'
import { mapLines, seriesLists } from '../../../server/ingest/map-lines.ts'
import { DAY_MS, WEDNESDAY } from '../../contract/series-store/support.ts'
import { SPOOL } from './support.ts'
import { lineOf, linePoint } from './written-lines.ts'

const NOW = WEDNESDAY
const mapped = (text: string) => mapLines(parseLines(text, 'ms').points, NOW)
const reason = (text: string) => {
  const { lines, problems } = mapped(text)
  expect(lines).toEqual([])
  return problems[0]?.message ?? ''
}

describe('a line in the words of the house', () => {
  it('names the host, each field as a metric, the other tags as labels', () => {
    expect(mapped(`cpu,host=srv-01,core=0 busy=0.5,idle=12i,on=t ${NOW - 5}`).lines).toEqual([
      {
        line: 1,
        host: 'srv-01',
        at: NOW - 5,
        labels: { core: '0' },
        values: [
          { metric: 'cpu_busy', value: 0.5 },
          { metric: 'cpu_idle', value: 12 },
          { metric: 'cpu_on', value: 1 },
        ],
        textFields: 0,
      },
    ])
  })

  it('takes "hostname" where there is no "host"; where both are, that one is a label', () => {
    expect(mapped('m,hostname=a v=1').lines[0]).toMatchObject({ host: 'a', labels: {} })
    expect(mapped('m,hostname=a,host=b v=1').lines[0]).toMatchObject({ host: 'b', labels: { hostname: 'a' } })
  })

  it('makes other letters an underscore', () => {
    expect(mapped('1\\ net.if,host=a,if-name=x byte\\ s=1').lines[0]).toMatchObject({
      labels: { if_name: 'x' },
      values: [{ metric: '_1_net_if_byte_s', value: 1 }],
    })
  })

  it('keeps every digit of a large integer', () => {
    expect(mapped('m,host=a v=9223372036854775807i').lines[0]?.values).toEqual([
      { metric: 'm_v', value: '9223372036854775807' },
    ])
  })

  it('counts texts, which are no numbers', () => {
    expect(mapped('m,host=a v=1,t="x",u="y"').lines[0]).toMatchObject({ textFields: 2, values: [{ metric: 'm_v' }] })
  })

  it('without a time happened when it came', () => {
    expect(mapped('m,host=a v=1').lines[0]?.at).toBe(NOW)
  })

  it('may be 30 days late and 10 minutes early', () => {
    expect(mapped(`m,host=a v=1 ${NOW - 30 * DAY_MS}\nm,host=a v=1 ${NOW + 600_000}`).lines).toHaveLength(2)
    expect(reason(`m,host=a v=1 ${NOW - 30 * DAY_MS - 1}`)).toContain('30 days ago')
    expect(reason(`m,host=a v=1 ${NOW + 600_001}`)).toContain('10 minutes ahead')
    expect(reason('m,host=a v=1 -5')).toContain('precision')
  })

  it.each([
    ['m v=1', 'no tag "host"'],
    ['m,host=\\  v=1', 'no tag "host"'],
    [`m,host=${'x'.repeat(254)} v=1`, 'no host name'],
    ['m,host=a\u001b[2J v=1', 'no host name'],
    ['m,host=a,__proto__=x v=1', '__proto__'],
    ['m,host=a,x-y=1,x.y=2 v=1', 'two tags'],
    ['m,host=a x-y=1,x.y=2', 'two fields'],
    [`m,host=a,t=${'x'.repeat(1025)} v=1`, 'longer than 1024'],
    [`m,host=a,${'x'.repeat(101)}=t v=1`, 'longer than 100'],
    [`${'m'.repeat(200)},host=a v=1`, 'longer than 200'],
  ])('%.30s is refused', (text, why) => {
    expect(reason(text)).toContain(why)
  })
})

describe('the lines of a host as batches', () => {
  it('follow the contract, whatever was written, and lose nothing', () => {
    const text = fc.array(linePoint, { maxLength: 30 }).map(points =>
      points
        .map(point => ({ ...point, tags: [['host', 'h'], ...point.tags.filter(([name]) => name !== 'host')] }))
        .map(point => lineOf({ ...point, tags: point.tags as [string, string][], at: NOW }))
        .join('\n'),
    )
    fc.assert(
      fc.property(text, written => {
        const { lines } = mapped(written)
        const lists = seriesLists(lines)
        for (const [index, series] of lists.entries()) {
          const body = { wire: 1, agentVersion: 'x', spool: SPOOL, number: index + 1, intervalMs: 60_000, series }
          expect(batch.safeParse(JSON.parse(JSON.stringify(body))).error).toBeUndefined()
        }
        const points = lists.flat().reduce((sum, series) => sum + series.points.length, 0)
        expect(points).toBe(lines.reduce((sum, { values }) => sum + values.length, 0))
      }),
    )
  })

  it('are cut where one would be too large', () => {
    const one = (index: number) => `m,host=h,n=${index} v=1 ${NOW}`
    const many = mapped(Array.from({ length: BATCH_LIMITS.series + 3 }, (_, index) => one(index)).join('\n'))
    expect(seriesLists(many.lines).map(list => list.length)).toEqual([BATCH_LIMITS.series, 3])
    const long = Array.from({ length: 2_500 }, (_, index) => `m,host=h v=1 ${NOW - index}`).join('\n')
    expect(seriesLists(mapped(long).lines)[0]?.map(({ points }) => points.length)).toEqual([1000, 1000, 500])
  })
})
