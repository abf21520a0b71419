import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { en } from '../../../dashboard/src/i18n/en.ts'
import { id, type MessageKey } from '../../../dashboard/src/i18n/id.ts'
import { translate } from '../../../dashboard/src/i18n/translate.ts'
import { PROBLEMS } from '../../../protocol/problem.ts'
import { SUBJECT_STATES, VERDICTS } from '../../../protocol/vocabulary.ts'

const keys = Object.keys(id) as MessageKey[]
const source = new URL('../../../dashboard/src', import.meta.url).pathname
const files = readdirSync(source, { recursive: true, encoding: 'utf8' })
  .filter(file => /\.tsx?$/.test(file) && !file.startsWith('i18n/'))
  .map(file => ({ file, text: readFileSync(join(source, file), 'utf8') }))
const placeholders = (text: string) => [...new Set(text.match(/\{\w+\}/g))].sort()

describe('the texts', () => {
  test('both languages have the same keys, and none is empty', () => {
    expect(Object.keys(en).sort()).toEqual([...keys].sort())
    for (const key of keys) {
      expect(id[key].trim(), key).not.toBe('')
      expect(en[key].trim(), key).not.toBe('')
    }
  })

  test('both languages fill in the same values', () => {
    for (const key of keys) expect(placeholders(en[key]), key).toEqual(placeholders(id[key]))
  })

  test('every text is used somewhere', () => {
    const code = files.map(({ text }) => text).join('\n')
    // `state.${state}` in the code uses every key that begins with "state.".
    const families = [...code.matchAll(/`([\w-]+(?:\.[\w-]+)*\.)\$\{[^`]*\}([\w.-]*)`/g)].map(
      ([, head = '', tail = '']) => ({
        head,
        tail,
      }),
    )
    const unused = keys.filter(
      key =>
        !code.includes(`'${key}'`) && !families.some(({ head, tail }) => key.startsWith(head) && key.endsWith(tail)),
    )
    expect(unused).toEqual([])
  })

  test('the words of the house stand as they were agreed', () => {
    const words = VERDICTS.map(verdict => id[`verdict.${verdict}`])
    expect(words).toEqual(['Terpenuhi', 'Waspada', 'Tidak terpenuhi', 'Belum terukur', 'Dikecualikan', 'Tidak berlaku'])
    expect([id['kind.breach'], id['kind.finding'], id['kind.fault']]).toEqual(['Pelanggaran', 'Temuan', 'Gangguan'])
    expect([id['incidents.title'], id['evidence.title'], id['state.maintenance'], id['verdicts.rule']]).toEqual([
      'Insiden',
      'Bukti',
      'Pemeliharaan',
      'Aturan',
    ])
  })

  test('each state and each problem of the API has its word', () => {
    for (const state of SUBJECT_STATES) expect(keys).toContain(`state.${state}`)
    for (const code of Object.keys(PROBLEMS)) expect(keys).toContain(`problem.${code}`)
  })

  test('no screen speaks outside of them', () => {
    // A tag's own text that holds a word of letters and is no {expression}. Names of things (Pantau) are no text.
    const spoken = files.flatMap(({ file, text }) =>
      [
        ...text.matchAll(
          /<(?:p|h[1-6]|span|strong|button|Button|th|td|dt|dd|label|legend|li|summary)\b[^<>{}]*(?<!\/)>([^<>{}]*[A-Za-z]{3,}[^<>{}]*)</g,
        ),
      ]
        .map(([, words = '']) => words.trim())
        .filter(words => words !== 'Pantau')
        .map(words => `${file}: ${words}`),
    )
    expect(spoken).toEqual([])
  })
})

describe('filling in', () => {
  test('English tells one from many, Indonesian need not', () => {
    expect(translate('en', 'wall.servers', { n: 1 })).toBe('device')
    expect(translate('en', 'wall.servers', { n: 2 })).toBe('devices')
    expect(translate('id', 'wall.servers', { n: 2 })).toBe('perangkat')
  })

  test('a value is put in as it is, and a missing one is not hidden', () => {
    expect(translate('en', 'incident.by', { name: '$& <b>' })).toBe('$& <b> is on it')
    expect(translate('en', 'incident.by')).toBe('{name} is on it')
  })
})
