import { appendFileSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { auditEntryView } from '../../../protocol/views.ts'
import { type Actor, COLLECTOR } from '../../../server/access/actor.ts'
import { appendAudit, verifyAudit } from '../../../server/access/audit.ts'
import { readAuditHeads, recordAuditHead } from '../../../server/access/audit-heads.ts'
import { listAudit } from '../../../server/access/audit-queries.ts'
import { createApiToken } from '../../../server/access/create-api-token.ts'
import { CHAIN_START, chainHash } from '../../../server/stores/chain.ts'
import { type City, HOUR_MS, MONDAY, openCity } from './city.ts'

async function write(city: City, entries: number, text = 'entry'): Promise<void> {
  for (let entry = 0; entry < entries; entry += 1)
    await city.records.transaction().execute(tx =>
      appendAudit(tx, {
        at: city.clock.at,
        actor: COLLECTOR,
        action: 'test.write',
        subject: null,
        detail: { text: `${text} ${entry}` },
      }),
    )
}
const noteHead = (city: City) =>
  recordAuditHead({ records: city.records, directory: city.directory, at: city.clock.at })
const verify = async (city: City) => verifyAudit(city.records, await readAuditHeads(city.directory))

/** What somebody with the file and the source code would do: a whole chain that fits, made anew. */
async function forge(city: City, change: (detail: string, seq: number) => string): Promise<void> {
  const rows = await city.records.selectFrom('audit').selectAll().orderBy('seq').execute()
  let previousHash = CHAIN_START
  for (const { previous_hash: _previous, hash: _hash, ...content } of rows) {
    const forged = { ...content, detail: change(content.detail, content.seq) }
    const hash = chainHash(previousHash, forged)
    await city.records
      .updateTable('audit')
      .set({ ...forged, previous_hash: previousHash, hash })
      .where('seq', '=', content.seq)
      .execute()
    previousHash = hash
  }
}

describe('the audit log', () => {
  it('holds from the first entry to the last, and empty', async () => {
    const city = await openCity()
    expect(await verifyAudit(city.records)).toEqual({ entries: 0, head: CHAIN_START, broken: null })
    await write(city, 20)
    const check = await verifyAudit(city.records)
    expect(check).toMatchObject({ entries: 20, broken: null })
    expect(check.head).toBe((await listAudit(city.records, { limit: 1 }))[0]?.hash)
  })

  it('holds when many people change things at once', async () => {
    const city = await openCity()
    await Promise.all(Array.from({ length: 30 }, () => write(city, 1)))
    expect(await verifyAudit(city.records)).toMatchObject({ entries: 30, broken: null })
  })

  it.each([
    ['at', 1],
    ['actor_kind', 'user'],
    ['actor_id', 'somebody-else'],
    ['action', 'test.other'],
    ['subject', 'other'],
    ['detail', '{"text":"changed"}'],
  ])('shows that %s of an entry was changed', async (column, value) => {
    const city = await openCity()
    await write(city, 6)
    await city.records
      .updateTable('audit')
      .set({ [column]: value })
      .where('seq', '=', 4)
      .execute()
    expect((await verifyAudit(city.records)).broken).toEqual({ seq: 4, reason: 'changed' })
  })

  it('shows that an entry was changed together with its hash', async () => {
    const city = await openCity()
    await write(city, 6)
    const {
      previous_hash,
      hash: _hash,
      ...content
    } = await city.records.selectFrom('audit').selectAll().where('seq', '=', 4).executeTakeFirstOrThrow()
    const detail = '{"text":"changed"}'
    const hash = chainHash(previous_hash, { ...content, detail })
    await city.records.updateTable('audit').set({ detail, hash }).where('seq', '=', 4).execute()
    expect((await verifyAudit(city.records)).broken).toEqual({ seq: 5, reason: 'reordered' })
  })

  it.each([1, 3])('shows that entry %i was removed', async seq => {
    const city = await openCity()
    await write(city, 6)
    await city.records.deleteFrom('audit').where('seq', '=', seq).execute()
    expect((await verifyAudit(city.records)).broken).toEqual({ seq, reason: 'missing' })
  })

  it('shows that an entry was removed and the others moved up', async () => {
    const city = await openCity()
    await write(city, 6)
    await city.records.deleteFrom('audit').where('seq', '=', 3).execute()
    for (const seq of [4, 5, 6])
      await city.records
        .updateTable('audit')
        .set({ seq: seq - 1 })
        .where('seq', '=', seq)
        .execute()
    expect((await verifyAudit(city.records)).broken?.seq).toBe(3)
  })

  it('shows that two entries changed places', async () => {
    const city = await openCity()
    await write(city, 6)
    const move = (from: number, to: number) =>
      city.records.updateTable('audit').set({ seq: to }).where('seq', '=', from).execute()
    await move(3, 99)
    await move(4, 3)
    await move(99, 4)
    expect((await verifyAudit(city.records)).broken).toEqual({ seq: 3, reason: 'reordered' })
  })

  it('shows any single byte that was changed anywhere', async () => {
    const city = await openCity()
    await write(city, 5)
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 5 }),
        fc.constantFrom('detail', 'action', 'actor_id', 'hash', 'previous_hash'),
        fc.nat(),
        async (seq, column, place) => {
          const before = await city.records
            .selectFrom('audit')
            .selectAll()
            .where('seq', '=', seq)
            .executeTakeFirstOrThrow()
          const text = String(before[column as keyof typeof before])
          const index = place % text.length
          const changed = `${text.slice(0, index)}${text[index] === '0' ? '1' : '0'}${text.slice(index + 1)}`
          await city.records
            .updateTable('audit')
            .set({ [column]: changed })
            .where('seq', '=', seq)
            .execute()
          const { broken } = await verifyAudit(city.records)
          await city.records.updateTable('audit').set(before).where('seq', '=', seq).execute()
          // The last hash has no entry after it: it is held by the entry it belongs to.
          expect(broken?.seq).toBeGreaterThanOrEqual(seq)
        },
      ),
      { numRuns: 60 },
    )
    expect((await verifyAudit(city.records)).broken).toBeNull()
  })

  it('leaves the records usable after a check that stopped early', async () => {
    const city = await openCity()
    await write(city, 50)
    await city.records.deleteFrom('audit').where('seq', '=', 2).execute()
    expect((await verifyAudit(city.records)).entries).toBeLessThan(50)
    await write(city, 1)
    expect((await listAudit(city.records, { limit: 1 }))[0]?.seq).toBe(51)
  })
})

describe('heads noted beside the audit log', () => {
  it('are one private line an hour, which fit the log as it grows', async () => {
    const city = await openCity()
    await noteHead(city)
    expect(await readAuditHeads(city.directory)).toEqual({ heads: [], unreadableLines: [] })
    for (let hour = 0; hour < 4; hour += 1) {
      await write(city, 3)
      city.clock.at += HOUR_MS
      await noteHead(city)
    }
    const path = join(city.directory, 'audit-heads.log')
    expect(readFileSync(path, 'utf8')).toMatch(/^(2026-11-23T0\d:00:00\.000Z \d+ [0-9a-f]{64}\n){4}$/)
    expect(statSync(path).mode & 0o777).toBe(0o600)
    expect(await readAuditHeads(city.directory)).toMatchObject({
      heads: [3, 6, 9, 12].map((entries, hour) => ({ at: MONDAY + (hour + 1) * HOUR_MS, entries })),
    })
    await write(city, 2)
    expect(await verify(city)).toMatchObject({ entries: 14, broken: null })
  })

  it('show that the end was cut off, which the chain alone cannot', async () => {
    const city = await openCity()
    await write(city, 10)
    await noteHead(city)
    await city.records.deleteFrom('audit').where('seq', '=', 10).execute()
    expect((await verify(city)).broken).toEqual({ seq: 10, reason: 'cut' })
    await city.records.deleteFrom('audit').where('seq', '>', 7).execute()
    expect((await verifyAudit(city.records)).broken).toBeNull()
    expect((await verify(city)).broken).toEqual({ seq: 8, reason: 'cut' })
    await city.records.deleteFrom('audit').execute()
    expect((await verify(city)).broken).toEqual({ seq: 1, reason: 'cut' })
  })

  it('show that the end was cut off and the log went on', async () => {
    const city = await openCity()
    await write(city, 10)
    await noteHead(city)
    await city.records.deleteFrom('audit').where('seq', '>', 7).execute()
    await write(city, 5, 'after the cut')
    expect((await verifyAudit(city.records)).broken).toBeNull()
    expect((await verify(city)).broken).toEqual({ seq: 10, reason: 'rewritten' })
    await noteHead(city)
    expect((await verify(city)).broken).toEqual({ seq: 10, reason: 'rewritten' })
  })

  it('show that the whole chain was made anew, from the first noted head after the lie', async () => {
    const city = await openCity()
    for (let hour = 0; hour < 3; hour += 1) {
      await write(city, 4)
      await noteHead(city)
    }
    await forge(city, (detail, seq) => (seq === 6 ? '{"text":"never happened"}' : detail))
    expect((await verifyAudit(city.records)).broken).toBeNull()
    expect((await verify(city)).broken).toEqual({ seq: 8, reason: 'rewritten' })
  })

  it('that contradict each other show a log that was cut and filled up to the same length', async () => {
    const city = await openCity()
    await write(city, 5)
    await noteHead(city)
    await city.records.deleteFrom('audit').where('seq', '=', 5).execute()
    await write(city, 1, 'in its place')
    await noteHead(city)
    expect((await verify(city)).broken).toEqual({ seq: 5, reason: 'rewritten' })
  })

  it('may be torn by a power cut, and the next one begins on its own line', async () => {
    const city = await openCity()
    await write(city, 3)
    await noteHead(city)
    appendFileSync(join(city.directory, 'audit-heads.log'), '2026-11-23T01:00:00.000Z 4 abc')
    await write(city, 3)
    await noteHead(city)
    const { heads, unreadableLines } = await readAuditHeads(city.directory)
    expect(heads.map(head => head.entries)).toEqual([3, 6])
    expect(unreadableLines).toEqual([2])
    expect((await verify(city)).broken).toBeNull()
  })

  it('are not silently nothing when the file cannot be read', async () => {
    const city = await openCity()
    await expect(readAuditHeads(join(city.directory, 'records.db'))).rejects.toThrow(/ENOTDIR/)
    writeFileSync(join(city.directory, 'audit-heads.log'), 'nonsense\n')
    expect(await readAuditHeads(city.directory)).toEqual({ heads: [], unreadableLines: [1] })
  })
})

describe('a head on paper', () => {
  it('is found in the log it was taken from, however long that has grown, and not in another', async () => {
    const city = await openCity()
    await write(city, 5)
    const { head } = await verifyAudit(city.records)
    await write(city, 5)
    expect((await verifyAudit(city.records, { head })).broken).toBeNull()
    await forge(city, detail => detail.replace('entry', 'other'))
    expect((await verifyAudit(city.records, { head })).broken).toEqual({ seq: 11, reason: 'head-not-found' })
  })
})

describe('reading the audit log', () => {
  it('goes page by page from the newest, with names that are looked up now', async () => {
    const city = await openCity()
    const { actor } = await city.setUp()
    const adminToken: Actor = { kind: 'token', id: 'admin-token', permissions: ['tokens:write', 'read'] }
    const { token } = await createApiToken.perform(city.deps, adminToken, { label: 'robot', scopes: ['tokens:write'] })
    const robot: Actor = { kind: 'token', id: token.id, permissions: ['tokens:write'] }
    await createApiToken.perform(city.deps, robot, { label: 'child', scopes: ['tokens:write'] })
    await write(city, 1)
    const newest = await listAudit(city.records, { limit: 3 })
    expect(newest.map(entry => auditEntryView.parse(entry).actor)).toEqual(['collector', 'robot', 'PANTAU_ADMIN_TOKEN'])
    const older = await listAudit(city.records, { before: newest.at(-1)?.seq, limit: 3 })
    expect(older.map(entry => [entry.seq, entry.actor, entry.action])).toEqual([[1, 'Ayu Lestari', 'user.set-up']])
    await city.records.updateTable('user_account').set({ display_name: 'Ayu' }).where('id', '=', actor.id).execute()
    expect((await listAudit(city.records, { before: 2, limit: 1 }))[0]?.actor).toBe('Ayu')
    expect((await verifyAudit(city.records)).broken).toBeNull()
  })

  it('shows the id where the person was erased', async () => {
    const city = await openCity()
    const { actor } = await city.setUp()
    await city.records.deleteFrom('session').execute()
    await city.records.deleteFrom('user_account').execute()
    expect((await listAudit(city.records, { limit: 1 }))[0]?.actor).toBe(actor.id)
    expect((await verifyAudit(city.records)).broken).toBeNull()
  })
})
