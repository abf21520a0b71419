import { describe, expect, test } from 'vitest'
import { formatCitation, formatDay } from '../../../dashboard/src/format/citation.ts'
import { formatParameter } from '../../../dashboard/src/format/parameter.ts'
import { chooseDuties, groupDuties } from '../../../dashboard/src/views/duties/arrange-duties.ts'
import { typedText, valueOfText } from '../../../dashboard/src/views/duties/parameter-input.ts'
import type { DutyView } from '../../../protocol/duty-views.ts'

const NOBODY = { met: 0, 'at-risk': 0, unmet: 0, unmeasured: 0, exempt: 0, 'not-applicable': 0 }

function duty(id: string, more: Partial<DutyView> = {}): DutyView {
  return {
    ...{ id, packId: 'depok-2021-40', citation: { pasal: 18, ayat: 3, huruf: null }, modal: 'wajib', miss: 'breach' },
    ...{ title: { id: 'Server di pusat data', en: 'Servers in the data centre' }, theme: 'penempatan', scope: 'core' },
    ...{ owedBy: 'agencies', measure: 'placement', judgedFrom: 'registers', subjectKind: 'server', severity: 'high' },
    ...{ counts: NOBODY, worst: 'unmeasured', dueOn: null },
    ...more,
  }
}

describe('which duties are shown', () => {
  const broken = duty('broken', { counts: { ...NOBODY, unmet: 1, met: 9 } })
  const option = duty('option', { miss: 'option', modal: 'dapat', counts: { ...NOBODY, unmet: 4 } })
  const dark = duty('dark', { counts: { ...NOBODY, unmeasured: 2 }, citation: { pasal: 20, ayat: 1, huruf: null } })
  const all = [broken, option, dark]
  const ids = (shown: 'all' | 'unmet' | 'unmeasured', text = '') =>
    chooseDuties(all, { shown, text }).map(({ id }) => id)

  test('one subject of ten that is broken is enough, and an option is never broken', () => {
    expect(ids('unmet')).toEqual(['broken'])
    expect(ids('unmeasured')).toEqual(['dark'])
    expect(ids('all')).toEqual(['broken', 'option', 'dark'])
  })

  test('by a word of either language, or as it is cited', () => {
    expect(ids('all', 'Data Centre')).toEqual(['broken', 'option', 'dark'])
    expect(ids('all', 'pasal 20 ayat (1)')).toEqual(['dark'])
    expect(ids('all', 'nowhere')).toEqual([])
  })

  test('under a heading each, in the order of the text, two regulations apart', () => {
    const other = duty('other', { packId: 'palopo-2020-26' })
    const groups = groupDuties([...all, other], 'pasal')
    expect(groups.map(({ key, duties }) => [key, duties.map(({ id }) => id)])).toEqual([
      ['Pasal 18', ['broken', 'option']],
      ['Pasal 20', ['dark']],
      ['Pasal 18', ['other']],
    ])
    expect(groupDuties(all, 'party').map(({ key }) => key)).toEqual(['agencies'])
  })
})

describe('parameters', () => {
  test('carry the unit of their name; what nobody set says so', () => {
    const shown = (name: string, value: Parameters<typeof formatParameter>[1]) => formatParameter(name, value, '', 'en')
    expect(shown('periodMonths', 60)).toBe('60 months')
    expect(shown('backupBreachAgeHours', 168)).toBe('168 hours')
    expect(shown('uptimeTargetPct', 99.5)).toBe('99.5%')
    expect(shown('minDistanceDcDrcKm', 30)).toBe('30 km')
    expect(shown('auditors', ['oversight', 'government'])).toBe('oversight, government body')
    expect(shown('backupMaxAgeByUrgencyHours', { high: 26, low: 168 })).toBe('high 26 hours, low 168 hours')
    expect(shown('differentSiteRequired', true)).toBe('yes')
    expect(shown('allocationPerOpdMbps', null)).toBe('not set yet')
  })

  test.each([
    [99.5, '99,5', 99.5],
    [99.5, 'many', undefined],
    [true, 'false', false],
    [true, 'no', undefined],
    [['a'], 'a, b,', ['a', 'b']],
    ['calendar-year', ' rolling ', 'rolling'],
    [null, '24', 24],
    [null, '  ', undefined],
    [null, 'depok.go.id', 'depok.go.id'],
  ])('instead of %j, "%s" is read as %j', (like, text, value) => {
    expect(valueOfText(text, like)).toEqual(value)
  })

  test('what stands is what is offered to be changed', () => {
    for (const value of [24, true, 'rolling', ['a', 'b']])
      expect(valueOfText(typedText(value) ?? '', value)).toEqual(value)
    expect(typedText({ high: 26 })).toBeNull()
  })
})

describe('citations and days', () => {
  test('read as they are cited', () => {
    expect(formatCitation({ pasal: 15, ayat: 3, huruf: 'a' })).toBe('Pasal 15 ayat (3) huruf a')
    expect(formatCitation({ pasal: 50, ayat: null, huruf: null })).toBe('Pasal 50')
    expect(formatDay('2026-08-17', 'id')).toBe('17 Agu 2026')
    expect(formatDay('2026-08-17', 'en')).toBe('17 Aug 2026')
  })
})
