// A writer at the door: its hosts become servers of its own, good lines are on disk when it hears so, bad ones are named.
import { gzipSync } from 'node:zlib'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { WriterIdentity } from '../../../server/access/writer-keys.ts'
import { createAcceptLines } from '../../../server/ingest/accept-lines.ts'
import { readStoredBatch } from '../../../server/ingest/decode-batch.ts'
import { createJournal, type Journal, JournalFullError } from '../../../server/ingest/journal.ts'
import type { Delivered } from '../../../server/ingest/journal-entry.ts'
import { createSeriesAllowance } from '../../../server/ingest/series-allowance.ts'
import { createThrottle } from '../../../server/ingest/throttle.ts'
import { createRoster, type Roster } from '../../../server/inventory/roster.ts'
import { createWriterHosts, type WriterHosts } from '../../../server/inventory/writer-hosts.ts'
import { type ChangeFeed, createChangeFeed } from '../../../server/stores/change-feed.ts'
import { StorageError } from '../../../server/stores/durable/storage-error.ts'
import { openRecords, type Records } from '../../../server/stores/records/records.ts'
import { DAY_MS, pushedClock, temporaryDirectory } from '../../contract/series-store/support.ts'

const ID = '01938f6e-0000-7000-8000-0000000000'
const writer = (number: number, maxHosts = 10): WriterIdentity => ({
  ...{ id: `${ID}${number}0`, name: `writer ${number}`, intervalMs: 60_000, maxHosts, revoked: false },
})

let directory: ReturnType<typeof temporaryDirectory>
let journal: Journal
let records: Records
let roster: Roster
let changes: ChangeFeed
let hosts: WriterHosts
let clock: ReturnType<typeof pushedClock>

beforeEach(async () => {
  directory = temporaryDirectory()
  clock = pushedClock()
  journal = await createJournal({ directory: directory.path, consumers: ['series'], groupMs: 1 })
  records = await openRecords({ directory: directory.path })
  for (const number of [1, 2]) {
    const { id, name } = writer(number)
    const times = { interval_ms: 60_000, max_hosts: 10, created_at: 1, created_by: 'test', revoked_at: null }
    await records
      .insertInto('writer')
      .values({ id, name, key_hash: id, ...times })
      .execute()
  }
  roster = await createRoster({ records })
  changes = createChangeFeed()
  hosts = createWriterHosts({ records, roster, changes, now: clock.now })
})
afterEach(async () => {
  await journal.close()
  await records.destroy()
  directory.remove()
})

type Deps = Parameters<typeof createAcceptLines>[0]

function door(more: Partial<Deps> = {}) {
  const allowance = createSeriesAllowance({ seriesOf: () => [] })
  // Read as after a restart: from the text that is on the disk.
  const onDisk = { append: ({ packed, ...delivered }: Delivered) => journal.append(delivered) }
  const accept = createAcceptLines({
    journal: onDisk,
    hosts,
    throttle: createThrottle(),
    allowance,
    now: clock.now,
    ...more,
  })
  return (text: string | Buffer, change: Partial<Parameters<typeof accept>[0]> = {}) =>
    accept({
      ...{
        writer: writer(1),
        body: Buffer.from(text),
        contentEncoding: undefined,
        precision: 'ms',
        client: 'Telegraf/1',
      },
      ...change,
    })
}

const journalled = async () =>
  (await journal.read(0, 100)).map(({ agentId, body }) => ({ agentId, ...readStoredBatch(body ?? Buffer.alloc(0)) }))

describe('a writer that delivers', () => {
  it('has each host on the wall at first sight, and its numbers in the journal', async () => {
    const at = clock.now() - 1_000
    const text = `cpu,host=a busy=0.5 ${at}\ncpu,host=b busy=0.25 ${at}\ncpu,host=a busy=0.75 ${at + 500}`
    expect(await door()(text)).toEqual({ kind: 'accepted', kept: 3, problems: [], textFields: 0 })

    const servers = roster.all().map(({ id, name, agent }) => ({ id, name, agent }))
    expect(servers.map(({ name, agent }) => [name, agent?.kind, agent?.intervalMs])).toEqual([
      ['a', 'writer', 60_000],
      ['b', 'writer', 60_000],
    ])
    const entries = await journalled()
    expect(entries.map(({ agentId }) => agentId).sort()).toEqual(servers.map(({ agent }) => agent?.id).sort())
    expect(entries.find(({ agentId }) => agentId === servers[0]?.agent?.id)).toMatchObject({
      agentVersion: 'Telegraf/1',
      intervalMs: 60_000,
      series: [
        {
          kind: 'gauge',
          metric: 'cpu_busy',
          labels: {},
          points: [
            [at, 0.5],
            [at + 500, 0.75],
          ],
        },
      ],
    })
    expect(await records.selectFrom('audit').select('action').execute()).toHaveLength(2)
  })

  it('finds its hosts again, also after a restart', async () => {
    await door()('m,host=a v=1')
    const again = createWriterHosts({ records, roster, changes, now: clock.now })
    await door({ hosts: again })('m,host=a v=2')
    await Promise.all([door({ hosts: again })('m,host=z v=2'), door({ hosts: again })('m,host=z v=3')])
    expect(roster.all().map(({ name }) => name)).toEqual(['a', 'z'])
    expect(new Set((await journalled()).map(({ agentId }) => agentId)).size).toBe(2)
  })

  it('cannot write into the server of anybody else, even under its name', async () => {
    await door()('m,host=a v=1')
    await door()('m,host=a v=666', { writer: writer(2) })
    expect(roster.all().map(({ name, slug }) => [name, slug])).toEqual([
      ['a', 'a'],
      ['a', 'a-2'],
    ])
    const [mine, theirs] = await journalled()
    expect(mine?.agentId).not.toBe(theirs?.agentId)
  })

  it('is told each bad line by its number; the good ones are kept', async () => {
    const text = `m,host=a v=1\nbroken\nm v=2\nm,host=a v=3 ${clock.now() - 31 * DAY_MS}\nm,host=a w=4,t="text"`
    const answer = await door()(text)
    expect(answer).toMatchObject({ kind: 'accepted', kept: 2, textFields: 1 })
    expect(answer.kind === 'accepted' && answer.problems.map(({ line }) => line)).toEqual([2, 3, 4])
    expect((await journalled())[0]?.series.map(({ metric }) => metric)).toEqual(['m_v', 'm_w'])
  })

  it('may send gzip, and is refused what is none, too much of it, or another packing', async () => {
    const accept = door()
    const zip = (body: Buffer) => ({ body, contentEncoding: 'gzip' })
    expect(await accept('', zip(gzipSync('m,host=a v=1')))).toMatchObject({ kind: 'accepted', kept: 1 })
    expect(await accept('', zip(Buffer.from('no')))).toMatchObject({ code: 'bad-request' })
    expect(await accept('', zip(gzipSync(Buffer.alloc(64 << 20, 'm,host=a v=1\n'))))).toMatchObject({
      code: 'too-large',
    })
    expect(await accept('x', { contentEncoding: 'br' })).toMatchObject({ code: 'unsupported-media-type' })
  })

  it('loses only the line that is not UTF-8', async () => {
    const body = Buffer.concat([Buffer.from('m,host=a,t='), Buffer.from([0xff]), Buffer.from(' v=1\nm,host=a v=2')])
    expect(await door()(body)).toMatchObject({ kept: 1, problems: [{ line: 1, message: 'it is not valid UTF-8' }] })
  })
})

describe('the limits of a writer', () => {
  it('are hosts: one more is refused by name of the limit, the others go on', async () => {
    const answer = await door()('m,host=a v=1\nm,host=b v=1\nm,host=c v=1\nm,host=a v=1', { writer: writer(1, 2) })
    expect(answer).toMatchObject({ kept: 3, problems: [{ line: 3, message: expect.stringContaining('2 hosts') }] })
    expect(roster.all()).toHaveLength(2)
  })

  it('are series: a tag that is always new is stopped, known series go on', async () => {
    const allowance = createSeriesAllowance({ seriesOf: () => [], mostPerWriter: 3 })
    const accept = door({ allowance })
    const lines = (from: number) => [0, 1].map(n => `m,host=a,request=${from + n} v=1`).join('\n')
    expect(await accept(lines(0))).toMatchObject({ kept: 2, problems: [] })
    expect(await accept(lines(2))).toMatchObject({ kept: 1, problems: [{ line: 2 }] })
    expect(await accept(lines(0))).toMatchObject({ kept: 2, problems: [] })
    expect(await accept(lines(9), { writer: writer(2) })).toMatchObject({ kept: 2 })
    clock.push(DAY_MS + 1)
    expect(await accept(lines(5))).toMatchObject({ kept: 2, problems: [] })
  })

  it('are requests: it is told how long to wait', async () => {
    const accept = door({ throttle: createThrottle({ ratePerS: 0.5, burst: 1 }) })
    expect(await accept('m,host=a v=1')).toMatchObject({ kind: 'accepted' })
    expect(await accept('m,host=a v=1')).toEqual({ kind: 'problem', code: 'too-many-requests', retryAfterS: 2 })
    expect(await accept('m,host=a v=1', { writer: writer(2) })).toMatchObject({ kind: 'accepted' })
  })

  it('are people: what was taken off the wall does not come back by itself', async () => {
    const accept = door()
    await accept('m,host=a v=1')
    const [server] = roster.all()
    await records
      .updateTable('device')
      .set({ removed_at: 5 })
      .where('id', '=', server?.id ?? '')
      .execute()
    hosts.forget(server?.id ?? '')
    expect(await accept('m,host=a v=1\nm,host=b v=1')).toMatchObject({
      kept: 1,
      problems: [{ line: 1, message: 'this host was taken off the wall by a person' }],
    })
  })
})

describe('a journal that takes nothing', () => {
  it.each([
    [new JournalFullError(), { code: 'too-many-requests', retryAfterS: 10 }],
    [new StorageError('storage-full', 'full'), { code: 'storage-full' }],
    [new StorageError('worker-stopped', 'gone'), { code: 'unavailable', retryAfterS: 2 }],
  ])('refuses all of the body: %s', async (error, expected) => {
    const failing = { append: () => Promise.reject(error) }
    expect(await door({ journal: failing })('m,host=a v=1\nbroken')).toEqual({ kind: 'problem', ...expected })
  })

  it('that is broken is a matter for people', async () => {
    const failing = { append: () => Promise.reject(new StorageError('damaged', 'journal.db')) }
    await expect(door({ journal: failing })('m,host=a v=1')).rejects.toMatchObject({ code: 'damaged' })
  })
})
