import { describe, expect, it } from 'vitest'
import { enrolmentTokenView } from '../../../protocol/agent-views.ts'
import { createEnrolmentToken } from '../../../server/access/create-enrolment-token.ts'
import { listEnrolmentTokens } from '../../../server/access/enrolment-token-queries.ts'
import { redeemEnrolmentToken } from '../../../server/access/redeem-enrolment-token.ts'
import { revokeEnrolmentToken } from '../../../server/access/revoke-enrolment-token.ts'
import { newId } from '../../../server/platform/ids.ts'
import { type City, MONDAY, openCity, problem, refusal } from './city.ts'

const redeem = (city: City, secret: string) =>
  city.records.transaction().execute(tx => redeemEnrolmentToken(tx, secret, city.clock.at))

async function openWithToken(token: { uses?: number; validForS?: number }) {
  const city = await openCity()
  const { actor } = await city.setUp()
  const made = await createEnrolmentToken.perform(city.deps, actor, { label: 'rack 4', ...token })
  return { city, actor, ...made }
}

describe('an enrolment token', () => {
  it('enrols one agent within a day unless it was asked otherwise', async () => {
    const { city, token, secret } = await openWithToken({})
    expect(secret).toMatch(/^pantau_enrol_[\w-]{43}$/)
    expect(enrolmentTokenView.parse(token)).toMatchObject({ usesLeft: 1, expiresAt: MONDAY + 86_400_000 })
    expect(await redeem(city, secret)).toEqual({ id: token.id })
    const refused = await problem(redeem(city, secret))
    expect(refused.code).toBe('unauthenticated')
    expect(refused.message).toContain('used up')
    expect(await listEnrolmentTokens(city.records)).toEqual([{ ...token, usesLeft: 0 }])
  })

  it('with three uses enrols three of ten that come at once', async () => {
    const { city, secret } = await openWithToken({ uses: 3 })
    const outcomes = await Promise.allSettled(Array.from({ length: 10 }, () => redeem(city, secret)))
    expect(outcomes.filter(outcome => outcome.status === 'fulfilled')).toHaveLength(3)
  })

  it('loses no use to an enrolment that fails', async () => {
    const { city, token, secret } = await openWithToken({})
    const failing = city.records.transaction().execute(async tx => {
      await redeemEnrolmentToken(tx, secret, city.clock.at)
      throw new Error('the disk is full')
    })
    await expect(failing).rejects.toThrow('the disk is full')
    expect(await redeem(city, secret)).toEqual({ id: token.id })
  })

  it('that is unknown, expired or revoked says so in plain words', async () => {
    const { city, actor, token, secret } = await openWithToken({ validForS: 60 })
    expect((await problem(redeem(city, `${secret}x`))).message).toContain('not known')
    city.clock.at += 60_000
    expect((await problem(redeem(city, secret))).message).toContain('expired')
    await revokeEnrolmentToken.perform(city.deps, actor, { id: token.id })
    expect((await problem(redeem(city, secret))).message).toContain('revoked')
    expect((await listEnrolmentTokens(city.records))[0]).toMatchObject({ usesLeft: 1, revokedAt: city.clock.at })
    const again = revokeEnrolmentToken.perform(city.deps, actor, { id: token.id })
    expect(await refusal(again)).toBe('wrong-state')
    expect(await refusal(revokeEnrolmentToken.perform(city.deps, actor, { id: newId(MONDAY) }))).toBe('not-found')
  })

  it('is made and revoked by administrators only, and its secret is kept nowhere', async () => {
    const { city, actor, token, secret } = await openWithToken({})
    const operator = await city.addUser(actor, 'budi', 'operator')
    const make = createEnrolmentToken.perform(city.deps, operator.actor, { label: 'rack 5' })
    expect(await refusal(make)).toBe('forbidden')
    expect(await refusal(revokeEnrolmentToken.perform(city.deps, operator.actor, { id: token.id }))).toBe('forbidden')
    const kept = JSON.stringify([
      await city.records.selectFrom('enrolment_token').selectAll().execute(),
      await city.records.selectFrom('audit').selectAll().execute(),
    ])
    expect(kept).not.toContain(secret)
  })
})
