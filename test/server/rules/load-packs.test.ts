import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { loadPacks, parsePack } from '../../../server/rules/load-packs.ts'

const SHIPPED = fileURLToPath(new URL('../../../config/operations', import.meta.url))

let directory: string
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'pantau-packs-'))
})
afterEach(() => rmSync(directory, { recursive: true }))

const GOOD = `id: kota
version: "1"
title: { id: Kota, en: City }
rules:
  - id: disk
    title: { id: Disk penuh, en: Disk full }
    measure: filesystem_used_ratio
    subject: server
    severity: high
    parameters:
      unmetAbove: { value: 0.9, source: diskominfo }
`
/** The good pack with one thing changed, and where the check finds it. */
const places = (text: string) =>
  parsePack(text, 'kota.yaml').problems.map(
    ({ file, line, column, message }) => `${file}:${line}:${column}: ${message}`,
  )

const PACK_OF: Record<string, string> = { link: 'links', server: 'servers', router: 'routers' }

describe('the packs that come with Pantau', () => {
  it('are valid, and no number in them claims to be of a regulation', () => {
    const { packs, rules, problems } = loadPacks(SHIPPED)
    expect(problems).toEqual([])
    expect(packs.map(pack => pack.id)).toContain('servers')
    expect(rules.map(rule => rule.id)).toEqual([
      ...['duty-unmeasured', 'link-reachable', 'link-uptime'],
      ...['switch-heartbeat', 'access-point-heartbeat', 'ups-heartbeat', 'sensor-heartbeat', 'nas-heartbeat'],
      ...['switch-reachable', 'access-point-reachable', 'ups-reachable', 'sensor-reachable', 'nas-reachable'],
      ...['ups-on-battery', 'switch-authentication-failures'],
      ...['router-heartbeat', 'router-reachable', 'router-uptime', 'router-authentication-failures'],
      ...['server-heartbeat', 'server-reachable'],
      'filesystem-fill',
      'server-uptime',
      'spool-drops',
      'poller-late',
    ])
    for (const rule of rules) {
      expect(rule).toMatchObject({ packId: PACK_OF[rule.subject] ?? 'network', packVersion: '1' })
      for (const { source } of Object.values(rule.parameters)) expect(source).toBe('diskominfo')
    }
    // While pings find it down the heartbeat calls nobody, so another rule must.
    const kindsBy = (measure: string) => rules.filter(rule => rule.measure === measure).map(({ subject }) => subject)
    for (const kind of kindsBy('heartbeat')) expect(kindsBy('reachability')).toContain(kind)
  })
})

describe('every problem has its place', () => {
  it('nothing is said of a good pack', () => {
    expect(places(GOOD)).toEqual([])
    expect(parsePack(GOOD, 'kota.yaml').pack?.rules).toHaveLength(1)
  })

  it.each([
    [
      'YAML that is none',
      GOOD.replace('title: { id: Kota, en: City }', 'title: { id: Kota, en: City'),
      /^kota\.yaml:\d+:\d+: /,
    ],
    ['a tab for indentation', GOOD.replace('  - id: disk', '\t- id: disk'), /^kota\.yaml:5:\d+: /],
    [
      'a key twice',
      GOOD.replace('version: "1"', 'version: "1"\nversion: "2"'),
      /^kota\.yaml:3:1: Map keys must be unique/,
    ],
    ['an alias to nothing', GOOD.replace('high', '*worst'), /^kota\.yaml:9:15: /],
    ['an unknown key at the top', GOOD.replace('rules:', 'colour: red\nrules:'), 'kota.yaml:4:1: colour: unknown key'],
    ['an unknown key of a rule', `${GOOD}    colour: red\n`, 'kota.yaml:12:5: rules.0.colour: unknown key'],
    [
      'an unknown key of a parameter',
      GOOD.replace('source: diskominfo', 'source: diskominfo, since: 2026'),
      'kota.yaml:11:53: rules.0.parameters.unmetAbove.since: unknown key',
    ],
    ['a version that is a number', GOOD.replace('"1"', '1'), /^kota\.yaml:2:1: version: .*string/],
    ['a missing severity', GOOD.replace('    severity: high\n', ''), /^kota\.yaml:5:5: rules\.0\.severity: /],
    ['an unknown severity', GOOD.replace('high', 'terrible'), /^kota\.yaml:9:5: rules\.0\.severity: .*critical/],
    ['no rules', GOOD.replace(/rules:.*/s, 'rules: []'), /^kota\.yaml:4:1: rules: /],
    ['an empty file', '', /^kota\.yaml:1:1: pack: /],
    ['a list instead of a pack', '- a\n- b\n', /^kota\.yaml:1:\d: pack: /],
    ['two documents', `${GOOD}---\n${GOOD}`, /^kota\.yaml:12:1: .*multiple documents/],
    [
      'an unknown measure',
      GOOD.replace('filesystem_used_ratio', 'disk_usage'),
      /^kota\.yaml:7:5: rules\.0\.measure: unknown measure "disk_usage"; known: heartbeat, filesystem_used_ratio/,
    ],
    [
      'a measure with the name of something in every object',
      GOOD.replace('filesystem_used_ratio', 'constructor'),
      /^kota\.yaml:7:5: rules\.0\.measure: unknown measure "constructor"/,
    ],
    [
      'an unknown parameter',
      `${GOOD}      holdSecond: { value: 3, source: diskominfo }\n`,
      /^kota\.yaml:12:7: rules\.0\.parameters\.holdSecond: unknown parameter; known: .*holdSeconds/,
    ],
    [
      'no limit',
      GOOD.replace('unmetAbove', 'clearMargin'),
      'kota.yaml:10:5: rules.0.parameters: set exactly one of unmetAbove and unmetBelow',
    ],
    [
      'a number that is none',
      GOOD.replace('0.9', '.nan'),
      /^kota\.yaml:11:21: rules\.0\.parameters\.unmetAbove\.value: /,
    ],
    [
      'a number that is text',
      GOOD.replace('0.9', '"0.9"'),
      /^kota\.yaml:11:21: rules\.0\.parameters\.unmetAbove\.value: /,
    ],
    [
      'an unknown source of a number',
      GOOD.replace('source: diskominfo', 'source: me'),
      /^kota\.yaml:11:33: rules\.0\.parameters\.unmetAbove\.source: /,
    ],
  ])('%s', (_, text, expected) => {
    const found = places(text)
    expect(found.length).toBeGreaterThan(0)
    expect(found[0]).toMatch(expected)
    expect(parsePack(text, 'kota.yaml').pack).toBeNull()
  })

  const uptime = (parameters: string) =>
    GOOD.replace('filesystem_used_ratio', 'server_uptime').replace(/parameters:.*/s, `parameters: ${parameters}\n`)
  const figure = (value: number) => `{ value: ${value}, source: diskominfo }`

  it('a measure misses what it needs', () => {
    expect(places(uptime(`{ unmetBelow: ${figure(0.9)} }`))).toEqual([
      'kota.yaml:10:5: rules.0.parameters: the measure server_uptime needs the parameter "windowDays"',
      'kota.yaml:10:5: rules.0.parameters: the measure server_uptime needs the parameter "minimumObservedHours"',
    ])
  })

  it('a window that can never be judged', () => {
    const pack = (days: number, hours: number) =>
      uptime(`{ unmetBelow: ${figure(0.9)}, windowDays: ${figure(days)}, minimumObservedHours: ${figure(hours)} }`)
    expect(places(pack(1, 24))).toEqual([])
    expect(places(pack(1, 25))).toEqual([expect.stringContaining('minimumObservedHours must lie between 0 and 24')])
    expect(places(pack(1, -1))).toHaveLength(1)
    expect(places(pack(0, 0))).toEqual([expect.stringContaining('windowDays must be more than 0')])
  })

  it('all of them are told, not only the first', () => {
    const bad = GOOD.replace('version: "1"', 'version: 1').replace('high', 'terrible').replace('0.9', 'x')
    expect(places(bad).map(place => place.split(':')[1])).toEqual(['2', '9', '11'])
  })

  it('aliases that grow without end are refused, not followed', () => {
    const rows = ['a: &a ["x","x","x","x","x","x","x","x","x","x"]']
    for (const [index, name] of [...'bcdefgh'].entries()) {
      const before = `*${'abcdefgh'[index]}`
      rows.push(`${name}: &${name} [${Array.from({ length: 10 }, () => before).join(',')}]`)
    }
    expect(places(`${rows.join('\n')}\n`)).toEqual([expect.stringMatching(/^kota\.yaml:1:1: .*alias/i)])
  })
})

describe('a directory of packs', () => {
  const write = (name: string, text: string) => writeFileSync(join(directory, name), text)
  const told = () =>
    loadPacks(directory).problems.map(({ file, line, column, message }) => `${file}:${line}:${column}: ${message}`)

  it('names a rule that is there twice, in one file or in two', () => {
    write('a.yaml', GOOD)
    write('b.yaml', GOOD.replace('id: kota', 'id: desa').replace('rules:', '# one more line\nrules:'))
    const first = join(directory, 'a.yaml')
    expect(told()).toEqual([
      `${join(directory, 'b.yaml')}:6:5: rules.0.id: the rule "disk" is defined at ${first}:5 already`,
    ])
    rmSync(join(directory, 'b.yaml'))
    const twice = GOOD.replace(/( {2}- id: disk.*)/s, '$1$1')
    write('a.yaml', twice)
    expect(told()).toEqual([`${first}:12:5: rules.1.id: the rule "disk" is defined at ${first}:5 already`])
  })

  it('names a pack that is there twice', () => {
    write('a.yaml', GOOD)
    write('b.yml', GOOD.replace('id: disk', 'id: disk-2'))
    const [first, second] = [join(directory, 'a.yaml'), join(directory, 'b.yml')]
    expect(told()).toEqual([`${second}:1:1: id: the pack "kota" is in ${first} already`])
  })

  it('tells of every file, uses only the good ones and reads no other files', () => {
    write('a.yaml', GOOD)
    write('b.yaml', 'id: [')
    write('c.yaml', 'id: 3')
    write('notes.txt', 'id: [')
    const { packs, problems } = loadPacks(directory)
    expect(packs.map(pack => pack.id)).toEqual(['kota'])
    expect(new Set(problems.map(({ file }) => file))).toEqual(
      new Set([join(directory, 'b.yaml'), join(directory, 'c.yaml')]),
    )
  })

  it('a directory without packs, without a directory, or with something that is no file is a problem too', () => {
    expect(told()).toEqual([`${directory}:1:1: there is no pack (*.yaml) in this directory`])
    mkdirSync(join(directory, 'folder.yaml'))
    expect(told()).toEqual([expect.stringMatching(/folder\.yaml:1:1: can't be read: EISDIR/)])
    const nowhere = join(directory, 'nowhere')
    expect(loadPacks(nowhere).problems).toEqual([
      { file: nowhere, line: 1, column: 1, message: expect.stringContaining('ENOENT') },
    ])
  })
})
