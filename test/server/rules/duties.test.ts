import { afterEach, describe, expect, it } from 'vitest'
import { requireState, simulate } from '../../../server/rules/duties/duty-views.ts'
import { endDutySetting } from '../../../server/rules/duties/end-setting.ts'
import { REMINDER_RULE } from '../../../server/rules/duties/reminders.ts'
import { rollUp } from '../../../server/rules/duties/rollup.ts'
import { CITY_ID } from '../../../server/rules/duties/snapshot.ts'
import { ADMIN, type City, openCity } from './year.ts'

const opened: City[] = []
afterEach(async () => {
  for (const city of opened.splice(0)) await city.close()
})

async function depok(firstDay: string, boundFrom: string) {
  const city = await openCity('depok-2021-40', firstDay)
  opened.push(city)
  await city.bind(boundFrom)
  return city
}

const REVIEW = '18-5-reviu-pusat-data'
/** "Secara bertahap harus": the clearance of the network. */
const GRADUAL = '21-3-b-kelaikan-operasi-jaringan'

describe('what the city sets', () => {
  it('counts from its day on, until it is taken back; what the regulation sets can not be set', async () => {
    const city = await depok('2025-11-20', '2025-01-01')
    await city.engine.pass(city.clock.at)
    // Sixty days before the end of the year it is at risk; with ten days' notice it is not yet.
    expect(await city.story(REVIEW, CITY_ID)).toEqual(['2025-11-20 at-risk'])
    const { id } = await city.set(REVIEW, 'reminderBeforeDueDays', 10, '2025-11-22')
    await city.until('2025-11-25', () => endDutySetting.perform(city.deps, ADMIN, { id }))
    expect(await city.story(REVIEW, CITY_ID)).toEqual([
      ...['2025-11-20 at-risk', '2025-11-22 unmeasured', '2025-11-25 at-risk'],
    ])
    await expect(city.set('52-2-narahubung', 'minContacts', 0, '2025-11-22')).rejects.toMatchObject({
      code: 'bad-request',
    })
    await expect(city.set(REVIEW, 'periodMonths', 'often', '2025-11-22')).rejects.toMatchObject({ code: 'bad-request' })
  })

  it('gives a gradual duty its date: a plan before it, a breach after it', async () => {
    const city = await depok('2025-11-20', '2025-01-01')
    await city.engine.pass(city.clock.at)
    await city.set(GRADUAL, 'targetDate', '2025-11-24', '2025-11-22')
    await city.until('2025-11-27')
    expect(await city.story(GRADUAL, CITY_ID)).toEqual([
      ...['2025-11-20 not-applicable', '2025-11-22 at-risk', '2025-11-25 unmet'],
    ])
  })
})

describe('what falls due', () => {
  it('is told once, ahead, and an exemption that ends as well; what is done closes the notice', async () => {
    const city = await depok('2025-11-20', '2025-01-01')
    await city.engine.pass(city.clock.at)
    const notices = () =>
      city.records.selectFrom('incident').selectAll().where('rule_id', '=', REMINDER_RULE).orderBy('number').execute()
    const titles = (await notices()).map(({ title }) => title)
    expect(titles.filter(title => /Jatuh tempo: \d+ kewajiban; terdekat 2025-07-01/.test(title))).toHaveLength(1)
    await city.until('2025-11-23')
    expect(await notices()).toHaveLength(titles.length)
    await city.until('2025-11-24', () =>
      city.enter('exemption', {
        ...{ title: 'SIAK', validFrom: '2025-01-01', validUntil: '2025-11-26', legalBasis: 'UU 24/2013' },
        fields: { duties: [`depok-2021-40-${REVIEW}`], decree: '1' },
      }),
    )
    const ending = (list: { title: string; state: string }[]) => list.find(({ title }) => title.includes('SIAK'))?.state
    expect(ending(await notices())).toBe('open')
    await city.until('2025-11-28')
    expect(ending(await notices())).toBe('resolved')
    expect(await city.story(REVIEW, CITY_ID)).toEqual(['2025-11-20 at-risk', '2025-11-24 exempt', '2025-11-27 at-risk'])
  })
})

describe('a sum', () => {
  it('hides no breach, and says how much nobody measured', async () => {
    const city = await depok('2025-11-20', '2025-01-01')
    const agencies = await Promise.all(Array.from({ length: 9 }, (_, index) => city.agency(`OPD ${index}`)))
    for (const id of agencies.slice(1)) {
      const fields = { role: 'narahubung', person: 'Sari', reachedBy: '0811' }
      await city.enter('contact', { subjects: [{ kind: 'agency', id }], fields }, 'without-file')
    }
    await city.engine.pass(city.clock.at)
    const state = requireState(city.engine)
    const contact = rollUp(state, 'theme').find(({ key }) => key === 'penanggung-jawab')
    expect(contact).toMatchObject({ worst: 'unmet', findings: 1, counts: { met: 8, unmet: 1 } })
    const [whole] = rollUp(state, 'regulation')
    const applying = (whole?.counts.met ?? 0) + (whole?.counts['at-risk'] ?? 0) + (whole?.counts.unmet ?? 0)
    const unmeasured = whole?.counts.unmeasured ?? 0
    expect(whole?.unmeasuredRatio).toBeCloseTo(unmeasured / (applying + unmeasured))
    // "What would change if": eight agencies have one contact each.
    const what = simulate(state, 'depok-2021-40-52-2-narahubung', { minContacts: 2 })
    expect([what.before.met, what.after.met, what.changed.length]).toEqual([8, 0, 8])
    expect(await city.story('52-2-narahubung', agencies[1] ?? '')).toEqual(['2025-11-20 met'])
  })
})
