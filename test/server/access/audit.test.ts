import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { auditEntryView } from '../../../protocol/settings-views.ts'
import type { Actor } from '../../../server/access/actor.ts'
import { verifyAudit } from '../../../server/access/audit.ts'
import { listAudit } from '../../../server/access/audit-queries.ts'
import { createApiToken } from '../../../server/access/create-api-token.ts'
import { CHAIN_START, chainHash } from '../../../server/stores/chain.ts'
import { write } from './audit-log.ts'
import { openCity } from './city.ts'

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
