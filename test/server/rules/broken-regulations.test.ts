// A regulation with one thing wrong in it, and where `pantau check` finds it.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import { loadRegulations, parseRegulation } from '../../../server/rules/load-regulations.ts'

const GOOD = `id: kota-2024-7
version: "1"
place: { id: Kota, en: City }
title: { id: Pemerintahan elektronik, en: Electronic government }
kind: Peraturan Walikota
number: 7
year: 2024
set: "2024-01-10"
promulgated: "2024-01-11"
inForce: "2024-01-12"
timeZone: Asia/Jakarta
officialDomain: { value: kota.go.id, source: regulation }
names: { head: Walikota, diskominfo: Dinas, agency: Perangkat Daerah }
rules:
  - id: 3-1-cadangan
    citation: { pasal: 3, ayat: 1 }
    modal: wajib
    owedBy: agencies
    title: { id: Data dicadangkan, en: Data is backed up }
    theme: cadangan
    measure: backup_age
    subject: dataset
    severity: critical
    parameters:
      backupWarnAgeHours: { value: 26, source: diskominfo }
      backupBreachAgeHours: { value: 168, source: diskominfo }
      minSizeRatio: { value: 0.5, source: diskominfo }
    exemptions:
      - id: hukum-lain
        citation: { pasal: 3, ayat: 2 }
        title: { id: Data yang diatur hukum lain, en: Data under other law }
    evidence: [measurements]
  - id: 4-1-a-sni
    citation: { pasal: 4, ayat: 1, huruf: a }
    modal: bertahap
    owedBy: data-centre
    title: { id: Standar dipenuhi bertahap, en: Standards are met by and by }
    theme: pd-standar
    measure: document
    subject: site
    select: { role: data-centre }
    severity: medium
    targetDate: { value: null, source: diskominfo }
    parameters:
      documentType: { value: standard, source: diskominfo }
    evidence: [document]
  - id: 5-izin
    citation: { pasal: 5 }
    modal: dapat
    owedBy: diskominfo
    title: { id: Awan boleh dipakai, en: A cloud may be used }
    theme: pihak-ketiga
    measure: none
    subject: city
    evidence: [statement]
`
const found = (text: string) =>
  parseRegulation(text, 'kota-2024-7.yaml').problems.map(({ line, column, message }) => `${line}:${column} ${message}`)

/** What is wrong, what is changed, and the problem: line:column and the beginning of its reason. */
const BROKEN: [string, string | RegExp, string, string][] = [
  ['a tab for indentation', '  - id: 5-izin', '\t- id: 5-izin', '47:1 Tabs are not allowed as indentation'],
  ['a key twice', 'number: 7', 'number: 7\nnumber: 8', '7:1 Map keys must be unique'],
  ['an unknown key', 'year: 2024', 'year: 2024\ncolour: red', '8:1 colour: unknown key'],
  ['a day that is none', 'set: "2024-01-10"', 'set: "2024-02-31"', '8:1 set: Invalid ISO date'],
  [
    'in force before it is promulgated',
    'inForce: "2024-01-12"',
    'inForce: "2024-01-02"',
    '10:1 inForce: before it was promulgated',
  ],
  [
    'a number that its name does not have',
    'number: 7',
    'number: 8',
    '6:1 number: "kota-2024-7" is not number 8 of 2024',
  ],
  ['a name that is not its file', 'id: kota-2024-7', 'id: desa-2024-7', '1:1 id: the file of "desa-2024-7" is called'],
  ['a time zone that Indonesia does not have', 'Asia/Jakarta', 'Asia/Tokyo', '11:1 timeZone: Invalid option'],
  [
    'a domain of the regulation that is not there',
    'value: kota.go.id',
    'value: null',
    '12:32 officialDomain.source: what the regulation sets',
  ],
  [
    'an unknown measure',
    'measure: backup_age',
    'measure: backup_mood',
    '21:5 rules.0.measure: unknown measure "backup_mood"; known: server_uptime',
  ],
  [
    'a measure by a name of every object',
    'measure: backup_age',
    'measure: constructor',
    '21:5 rules.0.measure: unknown measure "constructor"',
  ],
  ['an unknown kind of subject', 'subject: dataset', 'subject: planet', '22:5 rules.0.subject: Invalid option'],
  [
    'a subject that the measure can not judge',
    'subject: dataset',
    'subject: server',
    "22:5 rules.0.subject: backup_age can't judge a server; it judges: dataset",
  ],
  [
    'a role that the subject does not have',
    'role: data-centre',
    'role: website',
    '41:15 rules.1.select.role: a site has no such role; known: data-centre, drc, office',
  ],
  [
    'a parameter that the measure does not take',
    'minSizeRatio:',
    'maxSizeRatio:',
    '27:7 rules.0.parameters.maxSizeRatio: backup_age takes no such parameter',
  ],
  [
    'a parameter that the measure lacks',
    /\n {6}minSizeRatio.*/,
    '',
    '24:5 rules.0.parameters: backup_age needs the parameter "minSizeRatio"',
  ],
  [
    'a text where a number belongs',
    'value: 0.5',
    'value: half',
    '27:23 rules.0.parameters.minSizeRatio.value: must be a number',
  ],
  [
    'a share of more than all',
    'value: 0.5',
    'value: 1.5',
    '27:23 rules.0.parameters.minSizeRatio.value: must lie between 0 and 1',
  ],
  [
    'a word that the parameter does not know',
    'value: standard',
    'value: novel',
    '45:23 rules.1.parameters.documentType.value: must be one of: sop, juknis',
  ],
  [
    'a warning after the breach',
    'value: 26',
    'value: 200',
    '25:7 rules.0.parameters.backupWarnAgeHours: must be less than backupBreachAgeHours (168)',
  ],
  [
    'a parameter of an unknown source',
    'value: 26, source: diskominfo',
    'value: 26, source: rumour',
    '25:40 rules.0.parameters.backupWarnAgeHours.source: Invalid option',
  ],
  [
    'a number of the regulation that nobody set',
    'value: 26, source: diskominfo',
    'value: null, source: regulation',
    '25:42 rules.0.parameters.backupWarnAgeHours.source: what the regulation sets has a value',
  ],
  [
    'a citation without its pasal',
    '{ pasal: 3, ayat: 1 }',
    '{ ayat: 1 }',
    '16:5 rules.0.citation.pasal: Invalid input',
  ],
  ['a huruf that is no letter', 'huruf: a }', 'huruf: a1 }', '34:36 rules.1.citation.huruf: must be one small letter'],
  [
    'a huruf without an ayat',
    'pasal: 4, ayat: 1, huruf: a',
    'pasal: 4, huruf: a',
    '34:27 rules.1.citation.huruf: a huruf stands in an ayat',
  ],
  [
    'an id that is not its citation',
    'id: 4-1-a-sni',
    'id: 4-2-sni',
    '33:5 rules.1.id: must begin with its citation: "4-1-a-..."',
  ],
  [
    'an id twice',
    'id: 4-1-a-sni\n    citation: { pasal: 4, ayat: 1, huruf: a }',
    'id: 3-1-cadangan\n    citation: { pasal: 3, ayat: 1 }',
    '33:5 rules.1.id: the duty "3-1-cadangan" is there already (rules.0)',
  ],
  [
    'duties out of order',
    'id: 5-izin\n    citation: { pasal: 5 }',
    'id: 2-izin\n    citation: { pasal: 2 }',
    '48:5 rules.2.citation: stands after Pasal 4 ayat (1) huruf a',
  ],
  [
    'a gist in one language only',
    'title: { id: Data dicadangkan, en: Data is backed up }',
    'title: { id: Data dicadangkan }',
    '19:5 rules.0.title.en: Invalid input',
  ],
  [
    'the same gist in both languages',
    'en: Data is backed up',
    'en: Data dicadangkan',
    '19:36 rules.0.title.en: the same words in both languages',
  ],
  ['an unknown modal word', 'modal: wajib', 'modal: sebaiknya', '17:5 rules.0.modal: Invalid option'],
  ['a duty without a severity', '    severity: critical\n', '', '15:5 rules.0.severity: "wajib" can be missed'],
  [
    'an option with a severity',
    'measure: none\n',
    'measure: none\n    severity: low\n',
    '54:5 rules.2.severity: "dapat" is an option',
  ],
  [
    'an exemption from an option',
    'evidence: [statement]',
    'exemptions: [{ id: semua, citation: { pasal: 5 }, title: { id: Semua, en: All } }]\n    evidence: [statement]',
    '55:5 rules.2.exemptions: "dapat" is an option',
  ],
  [
    'a paper that wakes a person',
    'severity: medium',
    'severity: critical',
    '42:5 rules.1.severity: critical wakes a person, and document is not measured',
  ],
  [
    'a gradual duty without a target date',
    /\n {4}targetDate.*/,
    '',
    '35:5 rules.1.modal: a gradual duty needs a targetDate',
  ],
  [
    'a target date that is not gradual',
    'modal: bertahap',
    'modal: harus',
    '43:5 rules.1.targetDate: only a gradual duty has a target date, not "harus"',
  ],
  [
    'a conditional duty without a condition',
    'modal: wajib',
    'modal: bersyarat',
    '17:5 rules.0.modal: a conditional duty names its conditions',
  ],
  [
    'an exemption without its ayat',
    '        citation: { pasal: 3, ayat: 2 }\n',
    '',
    '29:9 rules.0.exemptions.0.citation: Invalid input',
  ],
  ['a duty that asks for no evidence', 'evidence: [document]', 'evidence: []', '46:5 rules.1.evidence: Too small'],
]

describe('a regulation', () => {
  it('with nothing wrong is taken', () => {
    expect(found(GOOD)).toEqual([])
    expect(parseRegulation(GOOD, 'kota-2024-7.yaml').pack?.rules).toHaveLength(3)
  })

  it.each(BROKEN)('with %s is refused, with its place and the reason', (_, before, after, problem) => {
    const text = GOOD.replace(before, after)
    expect(text).not.toBe(GOOD)
    const problems = found(text)
    expect(problems.map(one => one.slice(0, problem.length))).toContain(problem)
    expect(parseRegulation(text, 'kota-2024-7.yaml').pack).toBeNull()
  })
})

describe('a directory of regulations', () => {
  const directory = mkdtempSync(join(tmpdir(), 'pantau-regulations-'))
  afterEach(() => rmSync(directory, { recursive: true, force: true }))

  it('that is not there is none; a broken file keeps no other from being read', () => {
    expect(loadRegulations(join(directory, 'nowhere'))).toEqual({ packs: [], rules: [], problems: [] })
    mkdirSync(directory, { recursive: true })
    writeFileSync(join(directory, 'kota-2024-7.yaml'), GOOD)
    writeFileSync(join(directory, 'kota-2024-8.yaml'), 'id: kota-2024-8\n')
    const { packs, rules, problems } = loadRegulations(directory)
    expect(packs.map(pack => pack.id)).toEqual(['kota-2024-7'])
    expect(rules.map(rule => rule.id)).toEqual([
      'kota-2024-7-3-1-cadangan',
      'kota-2024-7-4-1-a-sni',
      'kota-2024-7-5-izin',
    ])
    expect(problems[0]).toMatchObject({ file: join(directory, 'kota-2024-8.yaml'), line: 1 })
  })
})
