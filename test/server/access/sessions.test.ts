import { describe, expect, it } from 'vitest'
import { changePassword } from '../../../server/access/change-password.ts'
import { sweepSessions } from '../../../server/access/sessions.ts'
import { DAY_MS, HOUR_MS, MINUTE_MS, openCity, PASSWORD, refusal } from './city.ts'

describe('a session', () => {
  it('of an administrator ends after 12 hours without use', async () => {
    const city = await openCity()
    const { sessionSecret } = await city.setUp()
    city.clock.at += 12 * HOUR_MS - 1
    expect(await city.isSignedIn(sessionSecret)).toBe(true)
    city.clock.at += 12 * HOUR_MS
    expect(await city.isSignedIn(sessionSecret)).toBe(false)
  })

  it('of a wall screen runs for weeks, and on while it is used', async () => {
    const city = await openCity()
    const admin = await city.setUp()
    await city.addUser(admin.actor, 'dinding', 'viewer')
    const { sessionSecret } = await city.signIn('dinding')
    for (let week = 0; week < 8; week += 1) {
      city.clock.at += 7 * DAY_MS
      expect(await city.isSignedIn(sessionSecret)).toBe(true)
    }
    city.clock.at += 30 * DAY_MS
    expect(await city.isSignedIn(sessionSecret)).toBe(false)
  })

  it('is written to the disk once a minute, however often it is used', async () => {
    const city = await openCity()
    const { sessionSecret } = await city.setUp()
    const seen = async () =>
      (await city.records.selectFrom('session').select('last_seen_at').executeTakeFirstOrThrow()).last_seen_at
    const began = city.clock.at
    city.clock.at += MINUTE_MS - 1
    await city.isSignedIn(sessionSecret)
    expect(await seen()).toBe(began)
    city.clock.at += 1
    await city.isSignedIn(sessionSecret)
    expect(await seen()).toBe(began + MINUTE_MS)
  })

  it('is nobody once its account is disabled, even if it were still there', async () => {
    const city = await openCity()
    const { sessionSecret } = await city.setUp()
    await city.records.updateTable('user_account').set({ disabled_at: city.clock.at }).execute()
    expect(await city.isSignedIn(sessionSecret)).toBe(false)
  })

  it('that has expired is swept, and whose it was is told', async () => {
    const city = await openCity()
    const admin = await city.setUp()
    const viewer = await city.addUser(admin.actor, 'dinding', 'viewer')
    await city.signIn('dinding')
    expect(await sweepSessions(city.records, city.clock.at)).toEqual([])
    expect(await sweepSessions(city.records, city.clock.at + 13 * HOUR_MS)).toEqual([admin.user.id])
    expect(await city.records.selectFrom('session').select('user_id').execute()).toEqual([{ user_id: viewer.id }])
  })
})

describe('changing the password', () => {
  it('ends all other sessions, and only the new one signs in', async () => {
    const city = await openCity()
    const here = await city.setUp()
    const elsewhere = await city.signIn('ayu')
    const { sessionSecretHash } = await city.authenticated(here.sessionSecret)
    const next = 'teh manis hangat sekali'
    await changePassword.perform(city.deps, here.actor, { current: PASSWORD, next, sessionSecretHash })
    expect(await city.isSignedIn(here.sessionSecret)).toBe(true)
    expect(await city.isSignedIn(elsewhere.sessionSecret)).toBe(false)
    expect(await refusal(city.signIn('ayu', PASSWORD))).toBe('bad-credentials')
    expect((await city.signIn('ayu', next)).user.id).toBe(here.user.id)
    expect(city.accessChanges()).toEqual([here.user.id])
  })

  it('needs the present one, and a session left open is no place to guess it', async () => {
    const city = await openCity()
    const { actor, sessionSecret } = await city.setUp()
    const { sessionSecretHash } = await city.authenticated(sessionSecret)
    const attempt = (current: string) =>
      changePassword.perform(city.deps, actor, { current, next: 'teh manis hangat sekali', sessionSecretHash })
    for (let guess = 0; guess < 5; guess += 1) expect(await refusal(attempt(`guess ${guess}`))).toBe('bad-credentials')
    expect(await refusal(attempt(PASSWORD))).toBe('too-many-requests')
    expect((await city.signIn('ayu')).user.name).toBe('ayu')
    city.clock.at += MINUTE_MS
    await attempt(PASSWORD)
  })

  it('of two at once lets one win, so that nobody is left with a password they did not choose last', async () => {
    const city = await openCity()
    const { actor, sessionSecret } = await city.setUp()
    const { sessionSecretHash } = await city.authenticated(sessionSecret)
    const change = (next: string) =>
      changePassword.perform(city.deps, actor, { current: PASSWORD, next, sessionSecretHash })
    const outcomes = await Promise.allSettled([change('teh manis hangat sekali'), change('wedang jahe sangat panas')])
    expect(outcomes.map(outcome => outcome.status).sort()).toEqual(['fulfilled', 'rejected'])
  })

  it('is for persons: an API token has none', async () => {
    const city = await openCity()
    const { actor } = await city.setUp()
    const token = { ...actor, kind: 'token' as const, id: actor.id }
    const work = changePassword.perform(city.deps, token, {
      current: PASSWORD,
      next: 'teh manis hangat sekali',
      sessionSecretHash: '',
    })
    expect(await refusal(work)).toBe('forbidden')
  })
})
