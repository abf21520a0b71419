import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { sessionView } from '../../../protocol/session-views.ts'
import { userView } from '../../../protocol/settings-views.ts'
import { PERMISSIONS, type Permission, ROLE_PERMISSIONS, ROLES } from '../../../protocol/vocabulary.ts'
import type { Actor } from '../../../server/access/actor.ts'
import { createUser } from '../../../server/access/create-user.ts'
import { makeSessionView } from '../../../server/access/make-session-view.ts'
import { updateUser } from '../../../server/access/update-user.ts'
import { listUsers, namesOfUsers } from '../../../server/access/user-queries.ts'
import { newId } from '../../../server/platform/ids.ts'
import { MONDAY, openCity, PASSWORD, problem, refusal } from './city.ts'

describe('an account', () => {
  it('is made by an administrator, is listed, and its person can sign in', async () => {
    const city = await openCity()
    const { actor } = await city.setUp()
    const budi = await city.addUser(actor, 'budi', 'operator')
    const users = await listUsers(city.records)
    expect(users.map(user => [userView.parse(user).name, user.role])).toEqual([
      ['ayu', 'admin'],
      ['budi', 'operator'],
    ])
    expect((await city.signIn('budi')).user.id).toBe(budi.id)
    const names = await namesOfUsers(city.records, [budi.id, actor.id, newId(MONDAY)])
    expect([...names.values()].sort()).toEqual(['Ayu Lestari', 'Bpk budi'])
  })

  it('cannot have a name that is taken', async () => {
    const city = await openCity()
    const { actor } = await city.setUp()
    const both = await Promise.allSettled([
      city.addUser(actor, 'budi', 'viewer'),
      city.addUser(actor, 'budi', 'viewer'),
    ])
    expect(both.map(outcome => outcome.status).sort()).toEqual(['fulfilled', 'rejected'])
    expect(await refusal(city.addUser(actor, 'budi', 'viewer'))).toBe('name-taken')
  })

  it('is not made or changed by an operator, a viewer or a stranger', async () => {
    const city = await openCity()
    const { actor } = await city.setUp()
    const operator = await city.addUser(actor, 'budi', 'operator')
    const viewer = await city.addUser(actor, 'citra', 'viewer')
    for (const who of [operator.actor, viewer.actor]) {
      expect(await refusal(city.addUser(who, 'doni', 'viewer'))).toBe('forbidden')
      expect(await refusal(updateUser.perform(city.deps, who, { id: who.id, role: 'admin' }))).toBe('forbidden')
    }
    const anonymous = { kind: 'anonymous', id: 'anonymous', permissions: [] } as const
    expect(await refusal(city.addUser(anonymous, 'doni', 'viewer'))).toBe('unauthenticated')
  })

  it('that is disabled is signed out at once, cannot sign in, and can be enabled again', async () => {
    const city = await openCity()
    const { actor } = await city.setUp()
    const budi = await city.addUser(actor, 'budi', 'operator')
    const { sessionSecret } = await city.signIn('budi')
    const disabled = await updateUser.perform(city.deps, actor, { id: budi.id, disabled: true })
    expect(disabled.disabledAt).toBe(city.clock.at)
    expect(await city.isSignedIn(sessionSecret)).toBe(false)
    expect(city.accessChanges()).toEqual([budi.id])
    expect(await refusal(city.signIn('budi'))).toBe('bad-credentials')
    await updateUser.perform(city.deps, actor, { id: budi.id, disabled: false })
    expect(await city.isSignedIn(sessionSecret)).toBe(false)
    expect((await city.signIn('budi')).user.id).toBe(budi.id)
  })

  it.each([
    ['another role', { role: 'viewer' }],
    ['another password', { password: 'sebuah kata sandi baru' }],
  ])('that gets %s is signed out and the pages are told', async (_what, change) => {
    const city = await openCity()
    const { actor } = await city.setUp()
    const budi = await city.addUser(actor, 'budi', 'operator')
    const { sessionSecret } = await city.signIn('budi')
    await updateUser.perform(city.deps, actor, { id: budi.id, ...change })
    expect(await city.isSignedIn(sessionSecret)).toBe(false)
    expect(city.accessChanges()).toEqual([budi.id])
  })

  it('stays signed in when only its name is mended', async () => {
    const city = await openCity()
    const { actor } = await city.setUp()
    const budi = await city.addUser(actor, 'budi', 'operator')
    const { sessionSecret } = await city.signIn('budi')
    const view = await updateUser.perform(city.deps, actor, { id: budi.id, displayName: 'Budi Santoso' })
    expect(view.displayName).toBe('Budi Santoso')
    expect(await city.isSignedIn(sessionSecret)).toBe(true)
  })

  it('leaves ids in the audit log, and neither names nor passwords', async () => {
    const city = await openCity()
    const { actor } = await city.setUp()
    const budi = await city.addUser(actor, 'budi', 'operator')
    const change = { displayName: 'Budi Santoso', password: 'sebuah kata sandi baru', role: 'viewer' as const }
    await updateUser.perform(city.deps, actor, { id: budi.id, ...change })
    const entries = await city.records.selectFrom('audit').selectAll().orderBy('seq').execute()
    expect(entries.map(entry => [entry.action, entry.actor_id, entry.subject])).toEqual([
      ['user.set-up', actor.id, actor.id],
      ['user.create', actor.id, budi.id],
      ['user.update', actor.id, budi.id],
    ])
    expect(JSON.parse(entries[2]?.detail ?? '')).toEqual({ role: 'viewer', displayName: 'changed', password: 'reset' })
    expect(JSON.stringify(entries)).not.toMatch(/udi|ayu|Ayu|kata sandi|kopi/)
  })

  it('that does not exist cannot be changed, and a wrong id is named', async () => {
    const city = await openCity()
    const { actor } = await city.setUp()
    expect(await refusal(updateUser.perform(city.deps, actor, { id: newId(MONDAY), disabled: true }))).toBe('not-found')
    const refused = await problem(updateUser.perform(city.deps, actor, { id: 'budi', disabled: true }))
    expect(refused.issues.map(issue => issue.path)).toEqual(['id'])
  })
})

describe('the last active administrator', () => {
  it('can be neither disabled nor demoted, but may change name and password', async () => {
    const city = await openCity()
    const { actor } = await city.setUp()
    const other = await city.addUser(actor, 'made', 'admin')
    await updateUser.perform(city.deps, actor, { id: other.id, disabled: true })
    for (const change of [{ disabled: true }, { role: 'viewer' }, { role: 'operator', disabled: true }])
      expect(await refusal(updateUser.perform(city.deps, actor, { id: actor.id, ...change }))).toBe('last-admin')
    await updateUser.perform(city.deps, actor, { id: actor.id, displayName: 'Ayu', password: 'sebuah kata sandi baru' })
    expect((await city.signIn('ayu', 'sebuah kata sandi baru')).user.role).toBe('admin')
  })

  it('is there after any number of racing changes', async () => {
    const city = await openCity()
    const { actor } = await city.setUp()
    const admins = [actor]
    for (const name of ['made', 'nyoman']) admins.push((await city.addUser(actor, name, 'admin')).actor)
    const at = (index: number): Actor => admins[index] ?? actor
    const change = fc.record({
      by: fc.nat({ max: 2 }),
      of: fc.nat({ max: 2 }),
      to: fc.constantFrom<object>(
        { disabled: true },
        { disabled: false },
        { role: 'viewer' },
        { role: 'admin' },
        { role: 'operator', disabled: true },
      ),
    })
    await fc.assert(
      fc.asyncProperty(fc.array(change, { minLength: 1, maxLength: 12 }), async changes => {
        await city.records.updateTable('user_account').set({ role: 'admin', disabled_at: null }).execute()
        const outcomes = await Promise.allSettled(
          changes.map(({ by, of, to }) => updateUser.perform(city.deps, at(by), { id: at(of).id, ...to })),
        )
        for (const outcome of outcomes)
          if (outcome.status === 'rejected') expect(outcome.reason).toMatchObject({ code: 'last-admin' })
        const active = (await listUsers(city.records)).filter(user => user.role === 'admin' && user.disabledAt === null)
        expect(active.length).toBeGreaterThan(0)
      }),
      { numRuns: 25 },
    )
  })
})

describe('who may keep accounts', () => {
  it('gives nobody more than they have themselves', async () => {
    const city = await openCity()
    const { actor } = await city.setUp()
    const operator = await city.addUser(actor, 'budi', 'operator')
    const clerk: Actor = { kind: 'token', id: newId(MONDAY), permissions: ['read', 'users:write'] }
    const make = (role: string) =>
      createUser.perform(city.deps, clerk, { name: `new.${role}`, displayName: 'x', role, password: PASSWORD })
    expect((await make('viewer')).role).toBe('viewer')
    expect(await refusal(make('admin'))).toBe('forbidden')
    expect(await refusal(make('operator'))).toBe('forbidden')
    const takeOver = (id: string) => updateUser.perform(city.deps, clerk, { id, password: 'sebuah kata sandi baru' })
    expect(await refusal(takeOver(actor.id))).toBe('forbidden')
    expect((await problem(takeOver(operator.id))).message).toContain('incidents:write')
    const demote = updateUser.perform(city.deps, clerk, { id: operator.id, role: 'viewer' })
    expect(await refusal(demote)).toBe('forbidden')
    expect(await city.isSignedIn((await city.signIn('ayu')).sessionSecret)).toBe(true)
  })

  it('needs all permissions of a role to give it, whatever the role', async () => {
    const city = await openCity()
    city.deps.passwords.hash = async () => 'not looked at'
    let number = 0
    await fc.assert(
      fc.asyncProperty(fc.subarray([...PERMISSIONS]), fc.constantFrom(...ROLES), async (own: Permission[], role) => {
        const who: Actor = { kind: 'token', id: 'x', permissions: own }
        number += 1
        const input = { name: `new${number}`, displayName: 'x', role, password: PASSWORD }
        const made = await createUser.perform(city.deps, who, input).then(
          () => true,
          error => {
            expect(error).toMatchObject({ code: 'forbidden' })
            return false
          },
        )
        const needed: Permission[] = ['users:write', ...ROLE_PERMISSIONS[role]]
        expect(made).toBe(needed.every(permission => own.includes(permission)))
      }),
    )
  })
})

describe('the view of a session', () => {
  it('tells who, what they may do, and where', async () => {
    const city = await openCity()
    const { user } = await city.setUp()
    const view = makeSessionView(user, { timeZone: 'Asia/Jakarta', place: 'Depok', language: 'id', version: '0.1.0' })
    expect(sessionView.parse(view)).toEqual({
      user: { id: user.id, name: 'ayu', role: 'admin' },
      permissions: [...PERMISSIONS],
      timeZone: 'Asia/Jakarta',
      place: 'Depok',
      language: 'id',
      version: '0.1.0',
    })
  })
})
