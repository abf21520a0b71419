import { describe, expect, it } from 'vitest'
import { ANONYMOUS } from '../../../server/access/actor.ts'
import { setUp } from '../../../server/access/set-up.ts'
import { prepareSetUpLink, SET_UP_LINK_LIFE_MS } from '../../../server/access/setup-link.ts'
import { openCity, PASSWORD, problem, refusal } from './city.ts'

const ayu = { name: 'ayu', displayName: 'Ayu Lestari', password: PASSWORD }

describe('the first start', () => {
  it('prints a link that makes the administrator and signs them in', async () => {
    const city = await openCity()
    const link = await prepareSetUpLink(city)
    expect(link).toMatch(/^pantau_setup_[\w-]{43}$/)
    const { user, sessionSecret } = await setUp.perform(city.deps, ANONYMOUS, { ...ayu, link })
    expect(user).toMatchObject({ name: 'ayu', displayName: 'Ayu Lestari', role: 'admin' })
    expect((await city.authenticated(sessionSecret)).actor).toMatchObject({ kind: 'user', id: user.id })
    const entry = await city.records.selectFrom('audit').selectAll().executeTakeFirstOrThrow()
    expect(entry).toMatchObject({ action: 'user.set-up', actor_kind: 'user', actor_id: user.id, subject: user.id })
  })

  it('keeps only the hash of the link and of the session', async () => {
    const city = await openCity()
    const link = await prepareSetUpLink(city)
    const { sessionSecret } = await setUp.perform(city.deps, ANONYMOUS, { ...ayu, link })
    const settings = await prepareSetUpLink(city).then(() => city.records.selectFrom('setting').selectAll().execute())
    const sessions = await city.records.selectFrom('session').selectAll().execute()
    const kept = JSON.stringify([settings, sessions])
    expect(kept).not.toContain(link)
    expect(kept).not.toContain(sessionSecret)
  })

  it('does nothing with a link that is wrong, of an earlier start or a week old', async () => {
    const city = await openCity()
    const perform = (link: string | null) => setUp.perform(city.deps, ANONYMOUS, { ...ayu, link })
    expect(await refusal(perform('pantau_setup_guessed'))).toBe('bad-credentials')
    const first = await prepareSetUpLink(city)
    expect(await refusal(perform('pantau_setup_guessed'))).toBe('bad-credentials')
    const second = await prepareSetUpLink(city)
    expect(await refusal(perform(first))).toBe('bad-credentials')
    city.clock.at += SET_UP_LINK_LIFE_MS
    expect(await refusal(perform(second))).toBe('bad-credentials')
    expect(await city.records.selectFrom('user_account').selectAll().execute()).toEqual([])
    expect(await city.auditActions()).toEqual([])
  })

  it('hashes no password for a stranger without the link', async () => {
    const city = await openCity()
    await prepareSetUpLink(city)
    city.deps.passwords.hash = () => Promise.reject(new Error('was asked to hash'))
    const work = setUp.perform(city.deps, ANONYMOUS, { ...ayu, link: 'pantau_setup_guessed' })
    expect(await refusal(work)).toBe('bad-credentials')
  })

  it('lets one of two win who use the link at once', async () => {
    const city = await openCity()
    const link = await prepareSetUpLink(city)
    const both = [
      setUp.perform(city.deps, ANONYMOUS, { ...ayu, link }),
      setUp.perform(city.deps, ANONYMOUS, { ...ayu, name: 'made', link }),
    ]
    const outcomes = await Promise.allSettled(both)
    expect(outcomes.map(outcome => outcome.status).sort()).toEqual(['fulfilled', 'rejected'])
    const rejected = outcomes.find(outcome => outcome.status === 'rejected')
    expect(rejected?.reason).toMatchObject({ code: 'already-set-up' })
    expect(await city.records.selectFrom('user_account').select('role').execute()).toEqual([{ role: 'admin' }])
  })

  it('prints no link once there is an administrator', async () => {
    const city = await openCity()
    const link = await prepareSetUpLink(city)
    await setUp.perform(city.deps, ANONYMOUS, { ...ayu, link })
    expect(await prepareSetUpLink(city)).toBeNull()
    expect(await refusal(setUp.perform(city.deps, ANONYMOUS, { ...ayu, name: 'made', link }))).toBe('already-set-up')
  })

  it('names the field that is not good enough', async () => {
    const city = await openCity()
    const link = await prepareSetUpLink(city)
    const refused = await problem(setUp.perform(city.deps, ANONYMOUS, { ...ayu, link, password: 'short' }))
    expect(refused.code).toBe('bad-request')
    expect(refused.issues.map(issue => issue.path)).toEqual(['password'])
    expect(refused.message).not.toContain('short')
  })
})
