// A text that was had before with other numbers is read as numbers only: it must say what the strict parser says, or leave
// it to that one.
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Batch } from '../../../protocol/batch.ts'
import { createBatchReader } from '../../../server/ingest/batch-reader.ts'
import { packBatch, unpackBatch } from '../../../server/ingest/decode-batch.ts'
import { createFamiliarTexts } from '../../../server/ingest/familiar-text.ts'
import { parseBatch } from '../../../server/ingest/parse-batch.ts'
import { createSeriesShapes, shapeOf } from '../../../server/ingest/series-shapes.ts'
import { WEDNESDAY } from '../../contract/series-store/support.ts'
import { AGENT, bodyOf, SUBJECT, validBatch } from './support.ts'

const speaker = { subjectId: SUBJECT, agentId: AGENT }
const { facts: _, ...bare } = validBatch()

/** What the strict parser and the packer of objects make of a body. */
function strictly(body: Buffer, skewMs: number) {
  const parsed = parseBatch(body)
  if (parsed.kind === 'issues') return parsed
  const packed = packBatch(parsed.batch, shapeOf(parsed.batch.series), skewMs)
  return { rest: packed.rest, ...unpackBatch(packed, speaker) }
}

function read(reader: ReturnType<typeof createBatchReader>, body: Buffer, skewMs: number) {
  const found = reader.read(AGENT, body, skewMs)
  return found.kind === 'issues' ? found : { rest: found.packed.rest, ...unpackBatch(found.packed, speaker) }
}

/** Whether the text was read as numbers, after the first one was learnt. */
function isFamiliar(first: string, second: string): boolean {
  const texts = createFamiliarTexts()
  const parsed = parseBatch(Buffer.from(first))
  if (parsed.kind === 'issues') throw new Error(JSON.stringify(parsed.issues))
  texts.learn(AGENT, Buffer.from(first), parsed.batch, createSeriesShapes().of(AGENT, parsed.batch.series))
  return texts.read(AGENT, Buffer.from(second)) !== null
}

/** Numbers as they may be written, good and bad ones. */
const written = fc.oneof(
  fc.double({ noDefaultInfinity: true, noNaN: true }).map(value => JSON.stringify(value)),
  fc.integer().map(String),
  fc.bigInt({ min: -(2n ** 70n), max: 2n ** 70n }).map(String),
  fc.tuple(fc.maxSafeNat(), fc.stringMatching(/^\d{1,20}$/)).map(([whole, part]) => `${whole}.${part}`),
  fc.constantFrom(
    '0',
    '-0',
    '0.0',
    '-0.5',
    '1e3',
    '1E-7',
    '1e400',
    '2.5e+2',
    '9007199254740993',
    '0.1',
    '123456789.123456',
  ),
  fc.constantFrom(
    '01',
    '1.',
    '.5',
    '+1',
    '--1',
    '1e',
    '1.e5',
    '-',
    '',
    '0x1',
    'NaN',
    'null',
    '"5"',
    '1 ',
    ' 1',
    '1,2',
    '[1]',
  ),
)
const instant = fc.oneof(
  { weight: 8, arbitrary: fc.integer({ min: WEDNESDAY - 1e9, max: WEDNESDAY + 1e9 }).map(String) },
  written,
)
const points = fc.array(
  fc.tuple(instant, written, fc.oneof(fc.integer({ min: 1, max: 60_000 }).map(String), written)),
  {
    minLength: 4,
    maxLength: 4,
  },
)

function textOf(rows: readonly (readonly [string, string, string])[], head = JSON.stringify(bare)): string {
  const series = rows.map(([at, value, overMs], place) =>
    place % 2 === 0
      ? `{"kind":"gauge","metric":"load","labels":{"of \\"7\\" [8]":"${place}"},"points":[[${at},${value}]]}`.replace(
          'of \\"7\\" [8]',
          'of',
        )
      : `{"kind":"delta","metric":"octets_total","labels":{"device":"eth\\"${place}]}"},"points":[[${at},${value},${overMs}]]}`,
  )
  return head.replace(/"series":\[.*\]\}$/, `"series":[${series.join(',')}]}`)
}

describe('reading a batch', () => {
  it('says the same of numbers in familiar letters as the strict parser, and refuses what that one refuses', () => {
    const usual = textOf([0, 1, 2, 3].map(place => [String(WEDNESDAY), String(place), '10000'] as const))
    fc.assert(
      fc.property(points, fc.integer({ min: -100_000, max: 100_000 }), (rows, skewMs) => {
        const reader = createBatchReader()
        reader.read(AGENT, Buffer.from(usual), 0)
        const body = Buffer.from(textOf(rows))
        expect(read(reader, body, skewMs)).toEqual(strictly(body, skewMs))
      }),
      { numRuns: 2_000 },
    )
  })

  it('says the same of a body with any byte changed, left out or put in', () => {
    const usual = textOf([0, 1, 2, 3].map(place => [String(WEDNESDAY), String(place), '10000'] as const))
    fc.assert(
      fc.property(
        fc.nat(usual.length - 1),
        fc.oneof(fc.constantFrom(...'"[]{},:.-0159eE\\ \u0000'), fc.string({ minLength: 1, maxLength: 1 })),
        fc.constantFrom('change', 'leave out', 'put in', 'cut off'),
        (at, letter, what) => {
          const reader = createBatchReader()
          reader.read(AGENT, Buffer.from(usual), 0)
          const text =
            what === 'cut off'
              ? usual.slice(0, at)
              : usual.slice(0, at) + (what === 'leave out' ? '' : letter) + usual.slice(what === 'put in' ? at : at + 1)
          const body = Buffer.from(text)
          expect(read(reader, body, 0)).toEqual(strictly(body, 0))
        },
      ),
      { numRuns: 3_000 },
    )
  })

  it('reads the next batch of an agent as numbers, whatever number, version and rhythm it has', () => {
    const first = JSON.stringify(bare)
    const second = JSON.stringify({ ...bare, number: 2, agentVersion: '0.2.0', intervalMs: 60_000 })
    expect(isFamiliar(first, second)).toBe(true)
    expect(isFamiliar(first, second.replace('0.25', '-17.5e-3'))).toBe(true)
  })

  it.each<[string, Partial<Batch>]>([
    ['facts', { facts: [{ at: WEDNESDAY, name: 'os.distro', value: 'Debian 12' }] }],
    ['another series', { series: [...bare.series, { kind: 'gauge', metric: 'more', points: [[WEDNESDAY, 1]] }] }],
    [
      'another name',
      { series: bare.series.map(one => ({ ...one, metric: one.metric.replace('receive', 'transmit') })) },
    ],
    [
      'two points of a series',
      {
        series: [
          {
            kind: 'gauge',
            metric: 'cpu_busy_ratio',
            points: [
              [1, 1],
              [2, 2],
            ],
          },
        ],
      },
    ],
    ['an integer as text', { series: [{ kind: 'gauge', metric: 'cpu_busy_ratio', points: [[1, '1']] }] }],
    ['no rhythm that is allowed', { intervalMs: 1 }],
  ])('leaves one with %s to the parser', (_what, change) => {
    expect(isFamiliar(JSON.stringify(bare), JSON.stringify({ ...bare, ...change }))).toBe(false)
  })

  it('learns nothing from one with fields behind its list', () => {
    const withFacts = JSON.stringify(validBatch())
    expect(isFamiliar(withFacts, withFacts)).toBe(false)
  })

  it('keeps agents apart that write the same series in other letters', () => {
    const reader = createBatchReader()
    const spaced = Buffer.from(JSON.stringify(bare, null, 1))
    for (const [agent, body] of [
      ['one', bodyOf(bare)],
      ['two', spaced],
      ['one', bodyOf(bare)],
      ['two', spaced],
    ] as const) {
      expect(reader.read(agent, body, 0)).toMatchObject({ kind: 'batch', packed: { rest: { number: 1 } } })
    }
  })
})
