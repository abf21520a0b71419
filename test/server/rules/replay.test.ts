import { afterEach, describe, expect, it } from 'vitest'
import {
  problemsOfParameters,
  type ReplayedChange,
  type ReplayParameters,
  replay,
} from '../../../server/rules/duties/replay.ts'
import { CITY_ID } from '../../../server/rules/duties/snapshot.ts'
import { type City, LAW, openCity } from './year.ts'

const RULE = 'depok-2021-40-18-5-reviu-pusat-data'
let city: City | undefined
afterEach(async () => {
  await city?.close()
  city = undefined
})

async function again(parameters: ReplayParameters = {}, to = '2025-08-10'): Promise<ReplayedChange[]> {
  const changes: ReplayedChange[] = []
  if (city === undefined) return changes
  const { records } = city
  const span = { from: '2025-07-01', to, timeZone: 'Asia/Jakarta', parameters }
  for await (const change of replay({ records, regulations: LAW.packs, rules: LAW.rules, ...span }))
    changes.push(change)
  return changes
}

const ofRule = (changes: ReplayedChange[]) =>
  changes
    .filter(({ ruleId, subjectId }) => ruleId === RULE && subjectId === CITY_ID)
    .map(({ day, to }) => `${day} ${to}`)

describe('a replay', () => {
  it('finds the days that the record has, says what other parameters would have found, and touches nothing', async () => {
    const opened = await openCity('depok-2021-40', '2025-07-01')
    city = opened
    await city.bind('2024-01-01')
    await city.engine.pass(city.clock.at)
    const fields = { topic: 'pd-reviu', heldOn: '2025-08-01' }
    await city.until('2025-08-04', () => opened.enter('review', { title: 'Reviu', fields }))
    await city.until('2025-08-10')
    const lived = await city.story('18-5-reviu-pusat-data', CITY_ID)
    expect(lived).toEqual(['2025-07-01 unmet', '2025-08-04 met'])
    const kept = await city.records.selectFrom('evidence').selectAll().execute()

    const replayed = await again()
    expect(ofRule(replayed)).toEqual(lived)
    // A review each month: the one of August is the last for August, and September's is due at its end.
    const monthly = { [RULE]: { periodMonths: 1, reminderBeforeDueDays: 0 } }
    expect(ofRule(await again(monthly))).toEqual(['2025-07-01 unmet', '2025-08-04 met'])
    expect(ofRule(await again(monthly, '2025-10-02'))).toEqual([...lived, '2025-10-01 unmet'])
    expect(await city.records.selectFrom('evidence').selectAll().execute()).toEqual(kept)
  })

  it('refuses parameters of duties that are none', () => {
    expect(problemsOfParameters(LAW.rules, { [RULE]: { periodMonths: 6 } })).toEqual([])
    expect(problemsOfParameters(LAW.rules, { [RULE]: { colour: 1 } })[0]).toContain('unknown parameter "colour"')
    expect(problemsOfParameters(LAW.rules, { nothing: {} })).toEqual(['there is no duty "nothing"'])
  })
})
