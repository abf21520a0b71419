import { describe, expect, it } from 'vitest'
import { signOut } from '../../../server/access/sign-out.ts'
import { updateUser } from '../../../server/access/update-user.ts'
import { ProblemError } from '../../../server/platform/problem-error.ts'
import { HOUR_MS, openCity, PASSWORD, problem, refusal } from './city.ts'

describe('signing in', () => {
  it('with the right password opens a session, and the audit log says who', async () => {
    const city = await openCity()
    const { user } = await city.setUp()
    const signedIn = await city.signIn('ayu')
    expect(signedIn.user.id).toBe(user.id)
    expect(await city.isSignedIn(signedIn.sessionSecret)).toBe(true)
    const account = await city.records.selectFrom('user_account').selectAll().executeTakeFirstOrThrow()
    expect(account.last_login_at).toBe(city.clock.at)
    const entry = await city.records.selectFrom('audit').selectAll().orderBy('seq', 'desc').executeTakeFirstOrThrow()
    expect(entry).toMatchObject({ action: 'session.sign-in', actor_kind: 'user', actor_id: user.id, detail: '{}' })
  })

  it('forgives capitals and blanks around the name, as phones add them', async () => {
    const city = await openCity()
    await city.setUp()
    expect((await city.signIn(' Ayu ')).user.name).toBe('ayu')
  })

  it('answers the same to a wrong password, an unknown name and a disabled account', async () => {
    const city = await openCity()
    const admin = await city.setUp()
    const budi = await city.addUser(admin.actor, 'budi', 'operator')
    await updateUser.perform(city.deps, admin.actor, { id: budi.id, disabled: true })
    const refusals = [
      await problem(city.signIn('ayu', 'a wrong password')),
      await problem(city.signIn('nobody', PASSWORD)),
      await problem(city.signIn('budi', PASSWORD)),
      await problem(city.signIn("' or 1=1 --", PASSWORD)),
    ]
    expect(new Set(refusals.map(({ code, message }) => `${code} ${message}`)).size).toBe(1)
    expect(refusals[0]?.code).toBe('bad-credentials')
  })

  it('never writes a password or an unknown name to the log or the records', async () => {
    const city = await openCity()
    await city.setUp()
    await refusal(city.signIn('ayu', 'salah-sekali-12'))
    await refusal(city.signIn('rahasia-di-kolom-nama', 'x'))
    await city.failures.write(city.records, city.clock.at)
    const everything = JSON.stringify([city.logLines, await city.records.selectFrom('audit').selectAll().execute()])
    expect(city.logLines).toHaveLength(2)
    expect(everything).not.toContain('salah-sekali-12')
    expect(everything).not.toContain('rahasia-di-kolom-nama')
    expect(everything).not.toContain(PASSWORD)
  })

  it('is slowed down after five wrong passwords, even with the right one, and free again after the wait', async () => {
    const city = await openCity()
    await city.setUp()
    for (let failure = 0; failure < 5; failure += 1)
      expect(await refusal(city.signIn('ayu', 'wrong'))).toBe('bad-credentials')
    const refused = await problem(city.signIn('ayu'))
    expect(refused.code).toBe('too-many-requests')
    expect(refused.retryAfterS).toBe(1)
    city.clock.at += 1_000
    expect((await city.signIn('ayu')).user.name).toBe('ayu')
    expect(await refusal(city.signIn('ayu', 'wrong'))).toBe('bad-credentials')
  })

  it('at a hundred guesses at once has five looked at, not a hundred', async () => {
    const city = await openCity()
    await city.setUp()
    const codes = await Promise.all(Array.from({ length: 100 }, () => refusal(city.signIn('ayu', 'wrong'))))
    expect(codes.filter(code => code === 'bad-credentials')).toHaveLength(5)
    expect(codes.filter(code => code === 'too-many-requests')).toHaveLength(95)
  })

  it('keeps its owner in while a stranger elsewhere guesses', async () => {
    const city = await openCity()
    await city.setUp()
    for (let guess = 0; guess < 30; guess += 1) await refusal(city.signIn('ayu', 'wrong', '203.0.113.66'))
    expect(await refusal(city.signIn('ayu', PASSWORD, '203.0.113.66'))).toBe('too-many-requests')
    expect((await city.signIn('ayu', PASSWORD, '192.0.2.10')).user.name).toBe('ayu')
  })

  it('counts the right password of a disabled account as a failure', async () => {
    const city = await openCity()
    const admin = await city.setUp()
    const budi = await city.addUser(admin.actor, 'budi', 'operator')
    await updateUser.perform(city.deps, admin.actor, { id: budi.id, disabled: true })
    for (let failure = 0; failure < 5; failure += 1) expect(await refusal(city.signIn('budi'))).toBe('bad-credentials')
    expect(await refusal(city.signIn('budi'))).toBe('too-many-requests')
  })

  it('counts nothing when the collector is too busy to look at the password', async () => {
    const city = await openCity()
    await city.setUp()
    const { verify } = city.deps.passwords
    city.deps.passwords.verify = () => Promise.reject(new ProblemError('too-many-requests', 'busy'))
    for (let busy = 0; busy < 30; busy += 1) expect((await problem(city.signIn('ayu'))).message).toBe('busy')
    city.deps.passwords.verify = verify
    expect((await city.signIn('ayu')).user.name).toBe('ayu')
  })

  it('fails when the password is reset while the old one is being checked', async () => {
    const city = await openCity()
    const admin = await city.setUp()
    const budi = await city.addUser(admin.actor, 'budi', 'operator')
    const verify = city.passwords.verify
    city.deps.passwords.verify = async (hash, password) => {
      const right = await verify(hash, password)
      await updateUser.perform(city.deps, admin.actor, { id: budi.id, password: 'sebuah kata sandi baru' })
      return right
    }
    expect(await refusal(city.signIn('budi'))).toBe('bad-credentials')
    city.deps.passwords.verify = verify
    expect((await city.signIn('budi', 'sebuah kata sandi baru')).user.id).toBe(budi.id)
    expect(await city.records.selectFrom('session').select('user_id').where('user_id', '=', budi.id).execute()).toEqual(
      [{ user_id: budi.id }],
    )
  })
})

describe('failed logins', () => {
  it('become one audit entry an hour however many there are', async () => {
    const city = await openCity()
    const { user } = await city.setUp()
    for (let address = 0; address < 20; address += 1)
      await refusal(city.signIn(address % 2 === 0 ? 'ayu' : `nobody${address}`, 'wrong', `203.0.113.${address}`))
    for (let more = 0; more < 200; more += 1)
      city.failures.count({ userId: null, kind: 'throttled', at: city.clock.at + more })
    expect(await city.auditActions()).toEqual(['user.set-up'])
    const at = city.clock.at + HOUR_MS
    await city.failures.write(city.records, at)
    await city.failures.write(city.records, at)
    const entries = await city.records.selectFrom('audit').selectAll().where('seq', '>', 1).execute()
    expect(entries).toHaveLength(1)
    expect(entries[0]).toMatchObject({ action: 'session.failures-counted', actor_kind: 'system' })
    expect(JSON.parse(entries[0]?.detail ?? '')).toEqual({
      from: city.clock.at,
      to: at,
      wrong: 20,
      throttled: 200,
      unknownNames: 10,
      users: { [user.id]: 10 },
      furtherUsers: 0,
    })
  })

  it('are still counted when the disk refuses them once', async () => {
    const city = await openCity()
    const other = await openCity()
    await other.records.destroy()
    city.failures.count({ userId: null, kind: 'wrong', at: city.clock.at })
    await expect(city.failures.write(other.records, city.clock.at)).rejects.toThrow()
    await city.failures.write(city.records, city.clock.at)
    expect(await city.auditActions()).toEqual(['session.failures-counted'])
  })
})

describe('signing out', () => {
  it('ends this session, not the others, and tells the pages', async () => {
    const city = await openCity()
    const first = await city.setUp()
    const second = await city.signIn('ayu')
    const { sessionSecretHash } = await city.authenticated(first.sessionSecret)
    await signOut.perform(city.deps, first.actor, { sessionSecretHash })
    expect(await city.isSignedIn(first.sessionSecret)).toBe(false)
    expect(await city.isSignedIn(second.sessionSecret)).toBe(true)
    expect(city.accessChanges()).toEqual([first.user.id])
    expect((await city.auditActions()).at(-1)).toBe('session.sign-out')
  })

  it('cannot end the session of someone else', async () => {
    const city = await openCity()
    const admin = await city.setUp()
    const budi = await city.addUser(admin.actor, 'budi', 'viewer')
    const { sessionSecretHash } = await city.authenticated(admin.sessionSecret)
    await signOut.perform(city.deps, budi.actor, { sessionSecretHash })
    expect(await city.isSignedIn(admin.sessionSecret)).toBe(true)
  })
})
