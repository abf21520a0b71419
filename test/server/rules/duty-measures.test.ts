import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { SUBJECT_KINDS, SUBJECT_ROLES } from '../../../protocol/duty-words.ts'
import { dutiesInForce } from '../../../server/rules/duties/in-force.ts'
import { judgeDuty } from '../../../server/rules/duties/judge.ts'
import { indexRegisters } from '../../../server/rules/duties/register-index.ts'
import { CITY_ID, portsWith, type Snapshot } from '../../../server/rules/duties/snapshot.ts'
import { CATALOGUE } from '../../../server/rules/measures/catalogue.ts'
import { DUTY_MEASURES } from '../../../server/rules/measures/duty-registry.ts'
import { judgedMonth, monthVerdict } from '../../../server/rules/measures/observed.ts'
import { record, standing } from './duty-facts.ts'
import { LAW } from './year.ts'

const HOUR_MS = 3_600_000
const MONTH = judgedMonth(Date.UTC(2026, 2, 20), '2026-03-20', 'Asia/Jakarta')

describe('the measures of duties', () => {
  it('are those of the catalogue, each once', () => {
    expect(Object.keys(DUTY_MEASURES).sort()).toEqual(Object.keys(CATALOGUE).sort())
  })

  it('look at every parameter that a pack may set: none is there for show', () => {
    const rooms = ['measures', 'duties'].map(room =>
      fileURLToPath(new URL(`../../../server/rules/${room}/`, import.meta.url)),
    )
    const code = rooms
      .flatMap(room => readdirSync(room).map(file => join(room, file)))
      .filter(file => !file.endsWith('catalogue.ts'))
      .map(file => readFileSync(file, 'utf8'))
      .join('')
    const names = new Set(
      Object.values(CATALOGUE).flatMap(({ needs, may }) => [...Object.keys(needs), ...Object.keys(may)]),
    )
    // The window is the calendar month in every text; the target date of a recovery centre is its duty's own.
    const fixed = ['window', 'targetDate']
    const unread = [...names].filter(name => !fixed.includes(name) && !new RegExp(`['.]${name}\\b`).test(code))
    expect(unread).toEqual([])
  })

  it('ask for a review at mid-term and in the final year; what is held between the two is neither', () => {
    const stands = (heldOn: string | null, clockStarts: string) =>
      standing('palopo', ({ id }) => id.endsWith('7-6-reviu-arsitektur'), {
        settings: [
          { rule: '7-6-reviu-arsitektur', name: 'enabled', value: true },
          { rule: '7-6-reviu-arsitektur', name: 'clockStarts', value: clockStarts },
        ],
        records: heldOn === null ? [] : [record('review', { topic: 'arsitektur-reviu', heldOn })],
      })
    // Mid-term was on 1 December 2025; today is 23 November 2026.
    expect(stands(null, '2023-06-01')).toBe('finding')
    expect(stands('2025-11-01', '2023-06-01')).toBe('met')
    expect(stands('2026-03-01', '2023-06-01')).toBe('met')
    // The term ends on 1 December 2026, and its final year began a year before.
    expect(stands('2025-06-01', '2021-12-01')).toBe('at-risk')
    expect(stands('2026-02-01', '2021-12-01')).toBe('met')
  })

  it('find nothing kept where nothing is known, in any duty of the five, and say why in both languages', () => {
    const at = Date.UTC(2026, 10, 22, 3)
    const kinds = SUBJECT_KINDS.flatMap(kind =>
      [null, ...SUBJECT_ROLES[kind]].map((role, index) => ({
        kind,
        role,
        id: kind === 'city' ? CITY_ID : `${kind}${index}`,
      })),
    )
    const subjects = kinds.map(one => ({
      ...{ ...one, name: one.id, agencyId: null, siteId: null, independent: false, coordinates: null },
      ...{ fields: {}, since: at - 400 * 24 * HOUR_MS },
    }))
    const snapshot: Snapshot = {
      ...{ at, timeZone: 'Asia/Jakarta', today: '2026-11-22', subjects, ports: portsWith({}) },
      registers: indexRegisters([], at),
      subject: id => subjects.find(one => one.id === id),
    }
    const packs = LAW.packs.map(({ id }) => ({
      ...{ packId: id, validFrom: '2026-11-01', validUntil: null, enteredAt: 0, endedAt: null },
    }))
    const duties = dutiesInForce({ rules: LAW.rules, packs, settings: [], today: '2026-11-22', at })
    expect(duties).toHaveLength(326)
    const kept = duties.flatMap(duty =>
      judgeDuty(duty, snapshot, () => null).flatMap(({ subject, measurement, standing }) => {
        const { id, en } = measurement.why()
        expect(Math.min(id.length, en.length)).toBeGreaterThan(10)
        return standing.verdict === 'met' ? [`${duty.rule.id} on ${subject.kind}`] : []
      }),
    )
    expect(kept).toEqual([])
  })
})

describe('a month against its target', () => {
  it('is the open one from its second day on, in the zone of the city', () => {
    expect(MONTH).toMatchObject({ from: Date.UTC(2026, 1, 28, 17), endsAt: Date.UTC(2026, 2, 31, 17) })
    const first = judgedMonth(Date.UTC(2026, 3, 1, 1), '2026-04-01', 'Asia/Jakarta')
    expect(first.from).toBe(MONTH.from)
    expect(first.to).toBe(MONTH.endsAt)
  })

  it('is lost for certain once the target is out of reach, however little was seen', () => {
    // 744 hours: half a per cent are 3.72.
    expect(monthVerdict(MONTH, { upMs: 300 * HOUR_MS, outageMs: 3 * HOUR_MS }, 0.995).value).toBeGreaterThan(0.995)
    expect(monthVerdict(MONTH, { upMs: 300 * HOUR_MS, outageMs: 4 * HOUR_MS }, 0.995).value).toBeLessThan(0.995)
    expect(monthVerdict(MONTH, { upMs: 0, outageMs: 4 * HOUR_MS }, 0.995).value).toBeLessThan(0.995)
  })

  it('says nothing while too little of it was seen', () => {
    expect(monthVerdict(MONTH, { upMs: 100 * HOUR_MS, outageMs: 0 }, 0.995).value).toBeNull()
    expect(monthVerdict(MONTH, { upMs: 0, outageMs: 0 }, 0.995).value).toBeNull()
  })
})
