// The five regulations that come with Pantau, held against tables of what exists in their texts.
import { existsSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { CONDITIONS, PARTIES, THEMES } from '../../../protocol/duty-words.ts'
import { readYaml } from '../../../server/platform/yaml-text.ts'
import { loadRegulations } from '../../../server/rules/load-regulations.ts'
import { CATALOGUE } from '../../../server/rules/measures/catalogue.ts'
import { type Citation, citationText } from '../../../server/rules/regulation-pack.ts'
import { type CitationTable, citationsIn, TEXT_FILES, withLostNumbers } from '../../support/citations.ts'
import { regulationSchema } from '../../support/regulation-schema.ts'

const fromRoot = (path: string) => fileURLToPath(new URL(`../../../${path}`, import.meta.url))
const read = (path: string) => readFileSync(path, 'utf8')
const EXISTING: Record<string, CitationTable> = JSON.parse(read(fromRoot('test/fixtures/regulation-citations.json')))
const DUTIES: Record<string, { core: string[]; related: string[] }> = JSON.parse(
  read(fromRoot('test/fixtures/regulation-duties.json')),
)
/** The texts and the literal reading are no part of the repository; where they lie beside it, all is checked against them. */
const TEXTS = fromRoot('../shared/seeds')
const READING = fromRoot('../shared/obligations/obligations.yaml')

const { packs, rules, problems } = loadRegulations(fromRoot('config/regulations'))
const CORE = {
  'surakarta-2022-8': 52,
  'depok-2021-40': 91,
  'sragen-2022-53': 56,
  'blitar-2020-49': 76,
  'palopo-2020-26': 51,
}

describe('the regulations that come with Pantau', () => {
  it('are five, valid, with all 326 core duties', () => {
    expect(problems).toEqual([])
    const core = packs.map(pack => [pack.id, pack.rules.filter(rule => rule.scope === 'core').length])
    expect(Object.fromEntries(core)).toEqual(CORE)
    expect(rules.filter(rule => rule.duty?.scope === 'core')).toHaveLength(326)
  })

  it.each(Object.keys(CORE))('%s has each duty of the reading, once', id => {
    const pack = packs.find(one => one.id === id)
    for (const scope of ['core', 'related'] as const) {
      const ids = pack?.rules.filter(rule => rule.scope === scope).map(rule => rule.id)
      expect(ids?.sort()).toEqual([...(DUTIES[id]?.[scope] ?? [])].sort())
    }
  })

  it.each(Object.keys(CORE))('%s cites only what exists', id => {
    const pack = packs.find(one => one.id === id)
    const cited = [
      ...(pack?.rules ?? []).flatMap(rule => [rule.citation, ...rule.exemptions.map(one => one.citation)]),
      ...(pack?.incomplete ?? []).map(one => one.citation),
    ]
    expect(cited.length).toBeGreaterThan(50)
    expect(cited.filter(one => !exists(EXISTING[id], one)).map(citationText)).toEqual([])
  })

  it('the table of what exists would find a citation that does not', () => {
    const sragen = EXISTING['sragen-2022-53']
    expect(exists(sragen, { pasal: 23, ayat: 4, huruf: null })).toBe(true)
    expect(exists(sragen, { pasal: 23, ayat: 9, huruf: null })).toBe(false)
    expect(exists(sragen, { pasal: 15, ayat: 4, huruf: 'c' })).toBe(false)
    expect(exists(sragen, { pasal: 47, ayat: null, huruf: null })).toBe(false)
  })

  it('claim no number of the regulation but the ones that stand there', () => {
    const numbers = new Map<string, Set<number>>()
    for (const rule of rules) {
      for (const [name, { value, source }] of Object.entries(rule.parameters)) {
        if (source === 'regulation' && typeof value === 'number') {
          numbers.set(name, (numbers.get(name) ?? new Set()).add(value))
        }
      }
    }
    // No up-time, no interval of backups, no distance, no bandwidth: the five texts set none.
    expect(Object.fromEntries([...numbers].map(([name, values]) => [name, [...values].sort((a, b) => a - b)]))).toEqual(
      {
        termMonths: [60],
        periodMonths: [12, 24, 60],
        maxContentAgeDays: [7],
        minContacts: [1],
        minConnectedPeers: [1],
        planningHorizonYears: [2],
      },
    )
  })

  it('between them use every theme, condition and measure that there is a word for', () => {
    const used = (of: (rule: (typeof rules)[number]) => readonly string[]) => [...new Set(rules.flatMap(of))].sort()
    expect(used(rule => [rule.duty?.theme ?? ''])).toEqual([...THEMES].sort())
    expect(used(rule => rule.duty?.conditions ?? [])).toEqual([...CONDITIONS].sort())
    const parties = used(rule => [rule.duty?.owedBy ?? '', String(rule.parameters.signatory?.value ?? 'agencies')])
    expect(parties).toEqual([...PARTIES].sort())
    expect(used(rule => [rule.measure])).toEqual(Object.keys(CATALOGUE).sort())
  })

  it('have a schema for editors that is the one they are read with', () => {
    expect(read(fromRoot('config/schema/regulation.json'))).toBe(regulationSchema())
  })

  it('bind neither harder nor softer than the word of the text, in both languages', () => {
    const told = rules.filter(({ duty, title }) => {
      const binds = duty?.modal === 'wajib' || duty?.modal === 'harus'
      const must = /\bmust\b/i.test(title.en)
      const wajib = /\b(di)?wajib(kan)?\b/i.test(title.id)
      const mesti = /\bmesti\b/i.test(title.id)
      if (binds) return !must || !(duty?.modal === 'wajib' ? wajib : mesti && !wajib)
      return wajib || mesti || (must && duty?.modal !== 'bertahap' && duty?.modal !== 'dilarang')
    })
    expect(told.map(({ id, title }) => [id, title])).toEqual([])
  })

  it('know the time zone, the day in force and the domain of their place', () => {
    expect(
      Object.fromEntries(packs.map(pack => [pack.id, [pack.timeZone, pack.inForce, pack.officialDomain.value]])),
    ).toEqual({
      'surakarta-2022-8': ['Asia/Jakarta', '2022-04-01', 'surakarta.go.id'],
      'depok-2021-40': ['Asia/Jakarta', '2021-08-20', null],
      'sragen-2022-53': ['Asia/Jakarta', '2022-07-07', null],
      'blitar-2020-49': ['Asia/Jakarta', '2020-06-30', 'blitarkota.go.id'],
      'palopo-2020-26': ['Asia/Makassar', '2020-11-26', 'palopokota.go.id'],
    })
  })
})

function exists(table: CitationTable | undefined, { pasal, ayat, huruf }: Citation): boolean {
  const letters = table?.[String(pasal)]?.[String(ayat ?? 0)]
  return letters !== undefined && (huruf === null || letters.includes(huruf))
}

if (existsSync(TEXTS)) {
  describe('beside the texts', () => {
    const textOf = (id: string) => read(`${TEXTS}/${TEXT_FILES[id]}`)

    it.each(Object.keys(CORE))('the table of %s is what stands in its text', id => {
      expect(EXISTING[id]).toEqual(withLostNumbers(id, citationsIn(textOf(id))))
    })

    it('no gist takes over the words of the law: never 7 in a row', () => {
      const longest = 6
      const law = new Set(Object.keys(CORE).flatMap(id => runsOf(textOf(id), longest + 1)))
      const ours = packs.flatMap(pack =>
        pack.rules.flatMap(rule => [
          rule.title,
          ...(rule.note ? [rule.note] : []),
          ...rule.exemptions.map(one => one.title),
        ]),
      )
      expect(ours.filter(text => runsOf(text.id, longest + 1).some(run => law.has(run)))).toEqual([])
      expect(
        law.has(runsOf('Setiap Perangkat Daerah harus menggunakan Jaringan Intra Pemerintah Daerah', 7)[0] ?? ''),
      ).toBe(true)
    })
  })
}

if (existsSync(READING)) {
  describe('beside the literal reading', () => {
    it('the list of duties is that of the reading', () => {
      const reading = readYaml(read(READING), 'obligations.yaml').content as {
        regulations: { id: string; obligations: { id: string; scope: 'core' | 'related' }[] }[]
      }
      for (const { id, obligations } of reading.regulations) {
        const ofScope = (scope: string) =>
          obligations.filter(one => one.scope === scope).map(one => one.id.replace(`${id}/`, '').replaceAll('/', '-'))
        expect(DUTIES[id]).toEqual({ core: ofScope('core'), related: ofScope('related') })
      }
    })
  })
}

/** All runs of so many words, without marks and capitals. */
function runsOf(text: string, words: number): string[] {
  const all = text.toLowerCase().match(/[a-z0-9]+/g) ?? []
  return all.slice(0, Math.max(0, all.length - words + 1)).map((_, index) => all.slice(index, index + words).join(' '))
}
