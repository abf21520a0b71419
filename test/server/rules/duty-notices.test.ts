// What the watch over the duties tells of itself: to which office a date belongs, what nobody measures for too long, what the
// city has still to decide; and that each regulation has its own midnight.
import { afterEach, describe, expect, it } from 'vitest'
import { listIncidents } from '../../../server/incidents/incident-queries.ts'
import { listConditions } from '../../../server/rules/duties/conditions.ts'
import { calendarOf, requireState } from '../../../server/rules/duties/duty-views.ts'
import { enableRegulation } from '../../../server/rules/duties/enable-regulation.ts'
import { REMINDER_RULE } from '../../../server/rules/duties/reminders.ts'
import { replay } from '../../../server/rules/duties/replay.ts'
import { ADMIN, type City, LAW, openCity } from './year.ts'

const opened: City[] = []
afterEach(async () => {
  for (const city of opened.splice(0)) await city.close()
})

async function openIn(packId: string, firstDay: string) {
  const city = await openCity(packId, firstDay)
  opened.push(city)
  return city
}

const noticesOf = (city: City) =>
  city.records.selectFrom('incident').selectAll().where('rule_id', '=', REMINDER_RULE).orderBy('number').execute()

describe('a date of another office', () => {
  it('is told apart, with whom to pass it on to; without a contact it says so', async () => {
    const city = await openIn('palopo-2020-26', '2025-11-20')
    const fields = { role: 'Sekretaris', person: 'Ibu Rahma', reachedBy: 'rahma@example.id', party: 'oversight' }
    await city.enter('contact', { title: 'Inspektorat', fields }, 'without-file')
    // The audits of Palopo, each five years, are overdue and not Diskominfo's to hold.
    await city.bind('2020-11-26')
    await city.engine.pass(city.clock.at)
    const others = calendarOf(requireState(city.engine), {}).filter(({ ours, daysLeft }) => !ours && daysLeft < 0)
    expect(others.length).toBeGreaterThan(0)
    const told = (await noticesOf(city)).map(({ part, title }) => ({ office: part.split(' ')[1] ?? null, title }))
    expect(new Set(told.map(({ office }) => office)).size).toBe(told.length)
    for (const { owedBy, contacts } of others) {
      const title = told.find(({ office }) => office === owedBy)?.title ?? ''
      const isKnown = owedBy === 'oversight'
      expect(contacts).toEqual(isKnown ? [{ name: 'Ibu Rahma', reachedBy: 'rahma@example.id' }] : [])
      expect(title).toContain(isKnown ? 'sampaikan kepada Ibu Rahma (rahma@example.id)' : 'kontak belum tercatat')
    }
  })
})

describe('what nobody measures', () => {
  it('becomes a fault of its own after thirty days, and ends when it is measured or bound no more', async () => {
    const city = await openIn('sragen-2022-53', '2025-11-01')
    await city.bind('2025-10-01')
    const dinas = await city.agency('Dinas Sosial')
    await city.server('srv-dinsos', dinas, await city.site('Kantor', 'office', [-7.4, 111]))
    await city.until('2025-12-01')
    const faults = async () =>
      (await listIncidents(city.records, { limit: 50 })).filter(({ ruleId }) => ruleId === 'duty-unmeasured')
    expect(await faults()).toEqual([])
    await city.until('2025-12-04')
    const [fault] = await faults()
    expect(fault).toMatchObject({ kind: 'fault', state: 'open', severity: 'medium', subject: { kind: 'city' } })
    expect(fault?.title.en).toMatch(/^\d+ duties unmeasured for more than 30 days; longest: /)
    await city.records.updateTable('enabled_pack').set({ ended_at: city.clock.at }).execute()
    await city.until('2025-12-06')
    expect((await faults())[0]?.state).toBe('resolved')
  })
})

describe('a condition', () => {
  it('stands on the list until the city decides it, and a no is a decision as well', async () => {
    const city = await openIn('depok-2021-40', '2025-11-20')
    await city.bind('2025-01-01')
    await city.engine.pass(city.clock.at)
    const stateOf = (condition: string) =>
      listConditions(requireState(city.engine)).find(one => one.condition === condition)?.state
    expect(listConditions(requireState(city.engine))[0]?.state).toBe('open')
    expect([stateOf('city-built-data-centre'), stateOf('independent-agency')]).toEqual(['open', undefined])
    const decide = (topic: string, holds: boolean) =>
      city.enter('decision', { fields: { topic, decree: '1/2025', holds } }, 'without-file')
    await decide('city-built-data-centre', true)
    await decide('city-built-service-bus', false)
    await city.engine.pass(city.clock.at + 1)
    expect(stateOf('city-built-data-centre')).toBe('holds')
    expect(stateOf('city-built-service-bus')).toBe('does-not-hold')
    const state = requireState(city.engine)
    const hanging = state.duties.filter(({ rule }) => rule.duty.conditions.includes('city-built-service-bus'))
    const verdicts = hanging.flatMap(({ rule }) => state.standings.ofRule(rule.id).map(({ verdict }) => verdict))
    expect(new Set(verdicts)).toEqual(new Set(['not-applicable']))
  })
})

describe('two regulations of different time zones', () => {
  it('begin at their own midnights, and a replay ends each day where it ended', async () => {
    const city = await openIn('depok-2021-40', '2025-11-20')
    for (const pack of ['depok-2021-40', 'palopo-2020-26']) {
      await enableRegulation.perform(city.deps, ADMIN, { pack, validFrom: '2025-11-21' })
    }
    const inForce = () => new Set(requireState(city.engine).duties.map(({ rule }) => rule.packId))
    // Half past midnight in Sulawesi, half past eleven in the evening in Java.
    city.clock.at = Date.parse('2025-11-20T16:30:00Z')
    await city.engine.pass(city.clock.at)
    expect(inForce()).toEqual(new Set(['palopo-2020-26']))
    const duties = ['depok-2021-40-18-5-reviu-pusat-data', 'palopo-2020-26-40-1-audit-infrastruktur']
    city.clock.at = Date.parse('2025-11-21T16:30:00Z')
    await city.enter('exemption', { legalBasis: 'UU', fields: { duties, decree: '1' } }, 'without-file')
    await city.engine.pass(city.clock.at + 1)
    expect(inForce()).toEqual(new Set(['depok-2021-40', 'palopo-2020-26']))

    const days = new Map<string, string>()
    const question = { from: '2025-11-20', to: '2025-11-23', timeZone: 'Asia/Jakarta', parameters: {} }
    for await (const change of replay({ ...question, ...LAWS, records: city.records })) {
      if (change.to === 'exempt') days.set(change.ruleId, change.day)
    }
    expect(duties.map(rule => days.get(rule))).toEqual(['2025-11-21', '2025-11-22'])
  })
})

const LAWS = { regulations: LAW.packs, rules: LAW.rules }
