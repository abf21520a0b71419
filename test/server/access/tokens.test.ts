import { describe, expect, it } from 'vitest'
import { apiTokenView } from '../../../protocol/settings-views.ts'
import { PERMISSIONS, type Permission } from '../../../protocol/vocabulary.ts'
import type { Actor } from '../../../server/access/actor.ts'
import { checkAdminToken } from '../../../server/access/admin-token.ts'
import { authenticate } from '../../../server/access/authenticate.ts'
import { createApiToken } from '../../../server/access/create-api-token.ts'
import { revokeApiToken } from '../../../server/access/revoke-api-token.ts'
import { listApiTokens } from '../../../server/access/token-queries.ts'
import { updateUser } from '../../../server/access/update-user.ts'
import { newId } from '../../../server/platform/ids.ts'
import { type City, MINUTE_MS, MONDAY, openCity, problem, refusal } from './city.ts'

const ADMIN_TOKEN = 'a'.repeat(16) + 'b'.repeat(16)

function whoIs(city: City, authorizationHeader: string, more: { cookieHeader?: string; adminTokenHash?: string } = {}) {
  return authenticate(
    { records: city.records, adminTokenHash: more.adminTokenHash ?? null },
    { cookieHeader: more.cookieHeader, authorizationHeader, https: false, at: city.clock.at },
  )
}
const permissionsOf = async (city: City, secret: string) => (await whoIs(city, `Bearer ${secret}`)).actor.permissions
const makeToken = (city: City, actor: Actor, scopes: Permission[], validForS: number | null = null) =>
  createApiToken.perform(city.deps, actor, { label: 'prometheus', scopes, validForS })

describe('an API token', () => {
  it('may what its scopes say, and its secret is shown once', async () => {
    const city = await openCity()
    const { actor } = await city.setUp()
    const { token, secret } = await makeToken(city, actor, ['read', 'read', 'audit:read'])
    expect(secret).toMatch(/^pantau_api_[\w-]{43}$/)
    expect(apiTokenView.parse(token).scopes).toEqual(['read', 'audit:read'])
    const found = await whoIs(city, `bearer ${secret}`)
    expect(found.actor).toEqual({ kind: 'token', id: token.id, permissions: ['read', 'audit:read'] })
    expect(found.user).toBeNull()
    expect(await listApiTokens(city.records)).toEqual([{ ...token, lastUsedAt: city.clock.at }])
    const kept = JSON.stringify([
      await city.records.selectFrom('api_token').selectAll().execute(),
      await city.records.selectFrom('audit').selectAll().execute(),
    ])
    expect(kept).not.toContain(secret)
  })

  it('cannot be given a scope that its maker lacks, not even by another token', async () => {
    const city = await openCity()
    const keeper: Actor = { kind: 'token', id: newId(MONDAY), permissions: ['read', 'tokens:write'] }
    expect((await problem(makeToken(city, keeper, ['read', 'users:write']))).message).toContain('users:write')
    expect(await refusal(makeToken(city, { ...keeper, permissions: ['read'] }, ['read']))).toBe('forbidden')
  })

  it('is nobody once it is revoked or expired', async () => {
    const city = await openCity()
    const { actor } = await city.setUp()
    const revoked = await makeToken(city, actor, ['read'])
    const expiring = await makeToken(city, actor, ['read'], 60)
    await revokeApiToken.perform(city.deps, actor, { id: revoked.token.id })
    expect((await whoIs(city, `Bearer ${revoked.secret}`)).actor.kind).toBe('anonymous')
    city.clock.at += MINUTE_MS - 1
    expect(await permissionsOf(city, expiring.secret)).toEqual(['read'])
    city.clock.at += 1
    expect((await whoIs(city, `Bearer ${expiring.secret}`)).actor.kind).toBe('anonymous')
    const again = revokeApiToken.perform(city.deps, actor, { id: revoked.token.id })
    expect(await refusal(again)).toBe('wrong-state')
    expect(await refusal(revokeApiToken.perform(city.deps, actor, { id: newId(MONDAY) }))).toBe('not-found')
  })

  it('may no more than its maker may now', async () => {
    const city = await openCity()
    const { actor } = await city.setUp()
    const other = await city.addUser(actor, 'made', 'admin')
    const { secret } = await makeToken(city, other.actor, ['read', 'users:write'])
    await updateUser.perform(city.deps, actor, { id: other.id, role: 'operator' })
    expect(await permissionsOf(city, secret)).toEqual(['read'])
    await updateUser.perform(city.deps, actor, { id: other.id, disabled: true })
    expect((await whoIs(city, `Bearer ${secret}`)).actor.kind).toBe('anonymous')
    await updateUser.perform(city.deps, actor, { id: other.id, disabled: false, role: 'admin' })
    expect(await permissionsOf(city, secret)).toEqual(['read', 'users:write'])
  })

  it('ends with the token that made it', async () => {
    const city = await openCity()
    const { actor } = await city.setUp()
    const parent = await makeToken(city, actor, ['read', 'tokens:write'])
    const parentActor = (await whoIs(city, `Bearer ${parent.secret}`)).actor
    const child = await makeToken(city, parentActor, ['read'])
    expect(await permissionsOf(city, child.secret)).toEqual(['read'])
    await revokeApiToken.perform(city.deps, actor, { id: parent.token.id })
    expect((await whoIs(city, `Bearer ${child.secret}`)).actor.kind).toBe('anonymous')
  })

  it('has its use written down once a minute', async () => {
    const city = await openCity()
    const { actor } = await city.setUp()
    const { secret } = await makeToken(city, actor, ['read'])
    const lastUsed = async () => (await listApiTokens(city.records))[0]?.lastUsedAt
    await permissionsOf(city, secret)
    expect(await lastUsed()).toBe(MONDAY)
    city.clock.at += MINUTE_MS - 1
    await permissionsOf(city, secret)
    expect(await lastUsed()).toBe(MONDAY)
    city.clock.at += 1
    await permissionsOf(city, secret)
    expect(await lastUsed()).toBe(MONDAY + MINUTE_MS)
  })
})

describe('a request', () => {
  it.each([
    '',
    'Bearer',
    'Bearer ',
    'Basic YXl1OmtvcGk=',
    'Bearer pantau_api_x',
    'Bearer a b',
    `Bearer ${'x'.repeat(501)}`,
  ])('with the header "%s" is nobody, whatever its cookie says', async authorization => {
    const city = await openCity()
    const { sessionSecret } = await city.setUp()
    const cookieHeader = `pantau_session=${sessionSecret}`
    expect((await whoIs(city, authorization, { cookieHeader })).actor.kind).toBe('anonymous')
  })

  it('without any credentials is nobody, and so is one with a session of another place', async () => {
    const city = await openCity()
    const { sessionSecret } = await city.setUp()
    const other = await openCity()
    expect((await other.authenticated(sessionSecret)).actor).toEqual({
      kind: 'anonymous',
      id: 'anonymous',
      permissions: [],
    })
    expect(await city.isSignedIn(sessionSecret)).toBe(true)
    expect(await city.isSignedIn('')).toBe(false)
  })
})

describe('PANTAU_ADMIN_TOKEN', () => {
  it('may everything, without any account', async () => {
    const city = await openCity()
    const adminTokenHash = checkAdminToken(ADMIN_TOKEN)
    const { actor } = await whoIs(city, `Bearer ${ADMIN_TOKEN}`, { adminTokenHash })
    expect(actor).toEqual({ kind: 'token', id: 'admin-token', permissions: PERMISSIONS })
    const wrong = await whoIs(city, `Bearer ${ADMIN_TOKEN.replace('a', 'c')}`, { adminTokenHash })
    expect(wrong.actor.kind).toBe('anonymous')
    expect((await whoIs(city, `Bearer ${ADMIN_TOKEN}`)).actor.kind).toBe('anonymous')
    expect((await whoIs(city, `Bearer ${adminTokenHash}`, { adminTokenHash })).actor.kind).toBe('anonymous')
    expect(adminTokenHash).not.toContain(ADMIN_TOKEN)
  })

  it('makes API tokens that work on when it is gone', async () => {
    const city = await openCity()
    const { actor } = await whoIs(city, `Bearer ${ADMIN_TOKEN}`, { adminTokenHash: checkAdminToken(ADMIN_TOKEN) })
    const { secret } = await makeToken(city, actor, ['read', 'agents:write'])
    expect(await permissionsOf(city, secret)).toEqual(['read', 'agents:write'])
  })

  it('is refused at the start when it is short or no header can carry it, without being told aloud', () => {
    for (const text of ['', 'short-but-secret', 'x'.repeat(31)])
      expect(() => checkAdminToken(text)).toThrow(/needs at least 32/)
    for (const text of [`${ADMIN_TOKEN}\n`, `with blank ${ADMIN_TOKEN}`, `é${ADMIN_TOKEN}`])
      expect(() => checkAdminToken(text)).toThrow(/header/)
    expect(() => checkAdminToken('short-but-secret')).not.toThrow(/short-but-secret/)
  })
})
