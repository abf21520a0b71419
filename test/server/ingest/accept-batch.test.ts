// A delivery at the door: acknowledged only when it is in the journal, and told exactly what is wrong otherwise.
import { gzipSync } from 'node:zlib'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { BATCH_LIMITS } from '../../../protocol/batch.ts'
import { createAcceptBatch, type Delivery } from '../../../server/ingest/accept-batch.ts'
import { createJournal, type Journal, JournalFullError } from '../../../server/ingest/journal.ts'
import type { Delivered } from '../../../server/ingest/journal-entry.ts'
import { createThrottle } from '../../../server/ingest/throttle.ts'
import { StorageError } from '../../../server/stores/durable/storage-error.ts'
import { pushedClock, temporaryDirectory, WEDNESDAY } from '../../contract/series-store/support.ts'
import { AGENT, bodyOf, SPOOL, SUBJECT, validBatch } from './support.ts'

describe('accepting a batch', () => {
  let directory: ReturnType<typeof temporaryDirectory>
  let journal: Journal
  let clock: ReturnType<typeof pushedClock>

  beforeEach(async () => {
    directory = temporaryDirectory()
    journal = await createJournal({ directory: directory.path, consumers: ['series'], groupMs: 1 })
    clock = pushedClock(WEDNESDAY + 250)
  })
  afterEach(async () => {
    await journal.close()
    directory.remove()
  })

  function door(more: Partial<Parameters<typeof createAcceptBatch>[0]> = {}) {
    return createAcceptBatch({
      journal,
      throttle: createThrottle({ ratePerS: 1, burst: 50 }),
      now: clock.now,
      ...more,
    })
  }
  function delivery(more: Partial<Delivery> = {}): Delivery {
    const headers = { 'pantau-sent-at': String(WEDNESDAY), 'pantau-lane': 'fresh', 'user-agent': 'pantau' }
    return { agentId: AGENT, headers, body: bodyOf(validBatch()), contentEncoding: undefined, ...more }
  }
  const stored = () => journal.read(0, 100)

  it('refuses by name what speaks for a device of others, and journals none of it', async () => {
    const OTHER = '01938f6e-0000-7000-8000-0000000000ff'
    const at = WEDNESDAY
    const body = bodyOf(
      validBatch({
        series: [
          { kind: 'gauge', subject: SUBJECT, metric: 'snmp_up', points: [[at, 1]] },
          { kind: 'gauge', subject: OTHER, metric: 'snmp_up', points: [[at, 1]] },
          { kind: 'gauge', subject: OTHER, metric: 'snmp_up', labels: { again: 'yes' }, points: [[at, 1]] },
        ],
        events: [{ at, subject: OTHER, kind: 'link-down', part: 'ether1' }],
      }),
    )
    const asked: [string, string[]][] = []
    const scope = (mine: string[]) => async (agentId: string, ids: Iterable<string>) => {
      asked.push([agentId, [...ids]])
      return new Set([...ids].filter(id => !mine.includes(id)))
    }
    expect(await door({ foreign: scope([SUBJECT]) })(delivery({ body }))).toEqual({
      kind: 'problem',
      code: 'bad-batch',
      issues: [{ path: 'series.1.subject', message: `This agent does not poll the device ${OTHER}` }],
    })
    expect(asked).toEqual([[AGENT, [SUBJECT, OTHER]]])
    expect(await stored()).toEqual([])
    const accepted = await door({ foreign: scope([SUBJECT, OTHER]) })(delivery({ body }))
    expect(accepted.kind).toBe('receipt')
  })

  it('journals it as it came and gives a receipt', async () => {
    const accepted = await door()(delivery())
    expect(accepted).toEqual({
      kind: 'receipt',
      receipt: { acknowledged: 1, duplicate: false, receivedAt: WEDNESDAY + 250 },
    })
    expect(await stored()).toEqual([
      {
        id: 1,
        agentId: AGENT,
        spool: SPOOL,
        number: 1,
        lane: 'fresh',
        sentAt: WEDNESDAY,
        receivedAt: WEDNESDAY + 250,
        packed: expect.objectContaining({ correctedByMs: 0, negativeGrowthPoints: 0 }),
      },
    ])
  })

  it('journals a packed one unpacked', async () => {
    // Read as after a restart: from what is on the disk.
    const onDisk = { append: ({ packed, ...delivered }: Delivered) => journal.append(delivered) }
    const accepted = await door({ journal: onDisk })(
      delivery({ body: gzipSync(bodyOf(validBatch())), contentEncoding: 'gzip' }),
    )
    expect(accepted.kind).toBe('receipt')
    expect((await stored())[0]?.body).toEqual(bodyOf(validBatch()))
  })

  it('acknowledges again what it has, and journals it once', async () => {
    const accept = door()
    await accept(delivery())
    clock.push(1000)
    const again = await accept(delivery())
    expect(again).toMatchObject({ receipt: { acknowledged: 1, duplicate: true, receivedAt: WEDNESDAY + 1250 } })
    expect(await stored()).toHaveLength(1)
  })

  it.each([
    ['without a time', { 'pantau-lane': 'fresh' }, 'pantau-sent-at'],
    ['with an empty time', { 'pantau-sent-at': '', 'pantau-lane': 'fresh' }, 'pantau-sent-at'],
    ['with two times', { 'pantau-sent-at': ['1', '2'], 'pantau-lane': 'fresh' }, 'pantau-sent-at'],
    ['with a time beyond all', { 'pantau-sent-at': '9000000000000000', 'pantau-lane': 'fresh' }, 'pantau-sent-at'],
    ['with another lane', { 'pantau-sent-at': '1', 'pantau-lane': 'fast' }, 'pantau-lane'],
  ])('refuses one %s and names the header', async (_, headers, name) => {
    const refused = await door()(delivery({ headers }))
    expect(refused).toMatchObject({ code: 'bad-batch', issues: [{ path: `header ${name}` }] })
    expect(await stored()).toEqual([])
  })

  it('refuses one that breaks the contract and names the places', async () => {
    const body = bodyOf(
      validBatch({
        series: [
          {
            kind: 'gauge',
            metric: 'x',
            points: [
              [WEDNESDAY, 1],
              [-1, 1],
            ],
          },
        ],
      }),
    )
    const refused = await door()(delivery({ body }))
    expect(refused).toMatchObject({ kind: 'problem', code: 'bad-batch', issues: [{ path: 'series.0.points.1.0' }] })
    expect(await stored()).toEqual([])
  })

  it.each([
    ['too large', { body: Buffer.alloc(BATCH_LIMITS.bodyBytes + 1, ' ') }, 'too-large'],
    ['a bomb', { body: gzipSync(Buffer.alloc(BATCH_LIMITS.bodyBytes * 20)), contentEncoding: 'gzip' }, 'too-large'],
    ['packed in an unknown way', { contentEncoding: 'br' }, 'unsupported-media-type'],
    ['no gzip though it says so', { contentEncoding: 'gzip' }, 'bad-batch'],
  ] as const)('refuses one that is %s', async (_, more, code) => {
    expect(await door()(delivery(more))).toMatchObject({ kind: 'problem', code })
    expect(await stored()).toEqual([])
  })

  it('holds back an agent that sends too many, before it looks at them', async () => {
    const accept = door({ throttle: createThrottle({ ratePerS: 0.4, burst: 2 }) })
    for (const number of [1, 2]) {
      expect((await accept(delivery({ body: bodyOf(validBatch({ number })) }))).kind).toBe('receipt')
    }
    const third = delivery({ body: bodyOf(validBatch({ number: 3 })) })
    expect(await accept(third)).toEqual({ kind: 'problem', code: 'too-many-requests', retryAfterS: 3 })
    expect((await accept({ ...third, agentId: 'another-agent' })).kind).toBe('receipt')
    clock.push(2500)
    expect((await accept(third)).kind).toBe('receipt')
  })

  it.each([
    [new StorageError('storage-full', 'full'), { kind: 'problem', code: 'storage-full' }],
    [new JournalFullError(), { kind: 'problem', code: 'too-many-requests', retryAfterS: 10 }],
    [new StorageError('worker-stopped', 'stopped'), { kind: 'problem', code: 'unavailable', retryAfterS: 2 }],
    [new StorageError('closed', 'closed'), { kind: 'problem', code: 'unavailable', retryAfterS: 2 }],
  ])('acknowledges nothing when the journal says %s', async (error, problem) => {
    expect(await door({ journal: { append: () => Promise.reject(error) } })(delivery())).toEqual(problem)
  })

  it('lets a broken journal be seen', async () => {
    const broken = new StorageError('damaged', 'journal.db: database disk image is malformed')
    await expect(door({ journal: { append: () => Promise.reject(broken) } })(delivery())).rejects.toBe(broken)
  })
})
