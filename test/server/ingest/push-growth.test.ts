import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type PushState, seriesOfPush } from '../../../server/ingest/push-growth.ts'
import { type PushReport, parsePush } from '../../../server/ingest/push-text.ts'

const AT = Date.UTC(2026, 10, 22)

function reportOf(text: string): PushReport {
  const parsed = parsePush(text)
  if (parsed.kind === 'issues') throw new Error(JSON.stringify(parsed.issues))
  return parsed.report
}

/** Growth of each metric after each of the pushes. */
function story(...texts: string[]): Record<string, number | string>[] {
  let state: PushState | null = null
  return texts.map(text => {
    const step = seriesOfPush(state, reportOf(text), AT)
    if (step.kind === 'again') return { again: 1 }
    state = step.state
    return Object.fromEntries(
      step.series.flatMap(series => (series.kind === 'delta' ? [[series.metric, series.points[0]?.[1] ?? '']] : [])),
    )
  })
}
const RX = 'node_network_receive_bytes_total'
const push = (uptime: number, bytes: number | bigint, index = '3') =>
  `uptime=${uptime}\nif:eth0:index=${index}\nif:eth0:rx_bytes=${bytes}`

describe('counters of a router', () => {
  it('grow from the second push on, over the time of the router itself', () => {
    expect(story(push(100, 5_000), push(160, 11_000))).toEqual([{}, { [RX]: 6_000 }])
    const second = seriesOfPush(
      { uptimeMs: 100_000, counters: { 'if:eth0:rx_bytes': { value: '0', index: '3' } } },
      reportOf(push(160.5, 60)),
      AT,
    )
    expect(second).toMatchObject({
      series: expect.arrayContaining([
        { kind: 'delta', metric: RX, labels: { device: 'eth0' }, points: [[AT, 60, 60_500]] },
      ]),
    })
  })

  it('begin anew after a restart: a gap, and no spike', () => {
    expect(story(push(9_000, 5_000_000_000), push(30, 70_000_000_000), push(90, 70_000_000_600))).toEqual([
      {},
      {},
      { [RX]: 600 },
    ])
  })

  it('of 32 bits wrap while the router runs on', () => {
    expect(story(push(100, 4_294_967_000), push(160, 704))).toEqual([{}, { [RX]: 1_000 }])
  })

  it('that shrink for another reason leave a gap', () => {
    expect(story(push(100, 1_000_000), push(160, 10)), 'cleared by hand').toEqual([{}, {}])
    expect(story(push(100, 4_294_967_000), push(160, 704, '4')), 'another interface of this name').toEqual([{}, {}])
    expect(story(push(100, 9_000_000_000), push(160, 10)), 'of 64 bits').toEqual([{}, {}])
  })

  it('beyond 2^53 lose no digit', () => {
    expect(story(push(100, 0n), push(160, 18_446_744_073_709_551_615n))).toEqual([{}, { [RX]: '18446744073709551615' }])
  })

  it('said twice count once', () => {
    expect(story(push(100, 1), push(160, 2), push(160, 2))).toEqual([{}, { [RX]: 1 }, { again: 1 }])
  })

  it('never grow by less than nothing, nor by more than they can have, whatever is pushed', () => {
    const pushes = fc.array(
      fc.tuple(
        fc.integer({ min: 1, max: 1_000 }),
        fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }),
        fc.constantFrom('3', '4'),
      ),
    )
    fc.assert(
      fc.property(pushes, steps => {
        for (const growth of story(...steps.map(([uptime, bytes, index]) => push(uptime, bytes, index)))) {
          for (const value of Object.values(growth)) expect(BigInt(value)).toBeGreaterThanOrEqual(0n)
        }
      }),
    )
  })
})

describe('what a router says', () => {
  it.each([
    ['12345.67', 12_345_670],
    ['00:05:10', 310_000],
    ['1w2d03:04:05', 788_645_000],
    ['2d3h4m5s', 183_845_000],
    ['3w', 1_814_400_000],
  ])('uptime %s is %i ms', (text, uptimeMs) => {
    expect(reportOf(`uptime=${text}`).uptimeMs).toBe(uptimeMs)
  })

  it('reads names with colons, blanks and equals signs', () => {
    const { interfaces } = reportOf('uptime=1\nif:eth0:1:rx_bytes=5\nif:pppoe out=1:tx_bytes=6')
    expect(interfaces.map(({ device, counters }) => [device, ...counters])).toEqual([
      ['eth0:1', ['rx_bytes', 5n]],
      ['pppoe out=1', ['tx_bytes', 6n]],
    ])
  })

  it.each([
    ['', 'uptime', 'is missing'],
    ['uptime=soon', 'line 1', 'must be seconds'],
    ['uptime=1\nnonsense', 'line 2', 'must be NAME=VALUE'],
    ['uptime=1\nload=3', 'line 2', 'no figure that a router sends'],
    ['uptime=1\ncpu_percent=101', 'line 2', 'between 0 and 100'],
    ['uptime=1\nif:eth0:rx_bytes=-1', 'line 2', 'must be a whole number'],
    ['uptime=1\nif:eth0:speed=1', 'line 2', 'no counter'],
    [`uptime=1\nif:${'x'.repeat(65)}:rx_bytes=1`, 'line 2', '1 to 64'],
    ['uptime=1\ncpu:dream=1', 'line 2', 'no figure'],
  ])('%j is refused at its place', (text, path, said) => {
    expect(parsePush(text)).toMatchObject({
      kind: 'issues',
      issues: [{ path, message: expect.stringContaining(said) }],
    })
  })

  it('any text is read or refused, never a crash', () => {
    fc.assert(fc.property(fc.string(), text => void parsePush(text)))
  })
})
