import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { ConfigError, configSchema, loadConfig } from '../../server/config.ts'
import { isLoopback } from '../../server/http/listen-address.ts'

const EXAMPLE = fileURLToPath(new URL('../../config/pantau.example.yaml', import.meta.url))

let directory: string
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'pantau-config-'))
})
afterEach(() => rmSync(directory, { recursive: true }))

function write(text: string, name = 'pantau.yaml'): string {
  const path = join(directory, name)
  writeFileSync(path, text)
  return path
}

/** How a file asks for a variable of the environment. */
const filled = (variable: string) => ['$', '{', variable, '}'].join('')

/** The problems of a configuration, one a line; fails the story when there are none. */
function problems(argv: string[], env: NodeJS.ProcessEnv = {}): string[] {
  try {
    loadConfig(argv, env)
  } catch (error) {
    if (error instanceof ConfigError) return error.message.split('\n')
    throw error
  }
  throw new Error('the configuration was taken')
}
/** Of a file with this text; `FILE` stands for its path. */
function problemsOf(text: string, env: NodeJS.ProcessEnv = {}): string[] {
  const path = write(text)
  return problems(['--config', path], env).map(problem => problem.replaceAll(path, 'FILE'))
}

describe('the example file', () => {
  const text = readFileSync(EXAMPLE, 'utf8')
  const uncommented = text.replace(/^# ((?: {2})*[a-zA-Z]+:.*)$/gm, '$1')

  it('is valid as it is', () => {
    expect(loadConfig(['--config', EXAMPLE], {})).toMatchObject({ listen: '127.0.0.1:8420', adminToken: null })
  })

  it('has every setting, and nothing that is none', () => {
    const stands: unknown = parse(uncommented)
    const keysOf = (value: object): string[] =>
      Object.entries(value).flatMap(([key, member]: [string, unknown]) =>
        typeof member === 'object' && member !== null ? keysOf(member).map(inner => `${key}.${inner}`) : [key],
      )
    expect(keysOf(stands as object).sort()).toEqual(
      [
        ...['listen', 'data', 'publicUrl', 'place', 'timeZone', 'language', 'logLevel'],
        ...['tls.certificateFile', 'tls.keyFile', 'allowPlainHttp', 'nocAgent.enabled', 'nocAgent.intervalMs'],
        ...[
          'operations',
          'regulations',
          'regulation',
          'rawRetentionDays',
          'tierRetentionDays.minute',
          'tierRetentionDays.quarterHour',
        ],
        ...[
          'tierRetentionDays.hour',
          'tierRetentionDays.day',
          'series.kind',
          'series.memoryMib',
          'journalMaxMib',
          ...['ownCopies.to', 'ownCopies.at', 'ownCopies.keep'],
          'pages',
        ],
      ].sort(),
    )
    expect(Object.keys(stands as object).sort()).toEqual(Object.keys(configSchema.shape).sort())
    expect(configSchema.safeParse(stands).success).toBe(true)
  })

  it('shows the defaults', () => {
    const shown = configSchema.parse(parse(text))
    const { publicUrl, operations, regulations, pages, ...rest } = shown
    expect(rest).toEqual(configSchema.parse({}))
    expect({ publicUrl, operations, regulations, pages }).toEqual({
      publicUrl: `http://${shown.listen}`,
      operations: 'config/operations',
      regulations: 'config/regulations',
      pages: 'dashboard/dist',
    })
  })

  it('has a word on each setting', () => {
    const lines = text.split('\n')
    for (const name of Object.keys(configSchema.shape)) {
      const index = lines.findIndex(line => line.replace(/^# /, '').startsWith(`${name}:`))
      expect(lines[index - 1], name).toMatch(/^# /)
    }
  })
})

describe('where settings come from', () => {
  it('nothing set: the defaults', () => {
    expect(loadConfig([], {})).toMatchObject({
      listeners: [{ scheme: 'http', host: '127.0.0.1', port: 8420 }],
      data: './data',
      place: 'Pantau',
      timeZone: 'Asia/Jakarta',
      nocAgent: { enabled: true, intervalMs: 10_000 },
      adminToken: null,
    })
  })

  it('flags stand over the environment, the environment over the file, the file over the defaults', () => {
    const file = write('listen: 127.0.0.1:1001\ndata: /file\nplace: Kota Depok\nnocAgent: { intervalMs: 500 }\n')
    const env = { PANTAU_LISTEN: '127.0.0.1:1002', PANTAU_DATA: '/env', PANTAU_CONFIG: file }
    expect(loadConfig(['--data', '/flag'], env)).toMatchObject({
      data: '/flag',
      listeners: [{ port: 1002 }],
      place: 'Kota Depok',
      nocAgent: { enabled: true, intervalMs: 500 },
    })
    const other = write('place: Kota Bogor\n', 'other.yaml')
    expect(loadConfig(['--config', other], env)).toMatchObject({ place: 'Kota Bogor', data: '/env' })
  })

  it('takes everything that the environment can say', () => {
    const env = {
      PANTAU_LISTEN: '0.0.0.0:80',
      PANTAU_DATA: '/var/lib/pantau',
      PANTAU_PUBLIC_URL: 'https://pantau.example.go.id',
      PANTAU_PLACE: 'Kabupaten Contoh',
      PANTAU_TIME_ZONE: 'Asia/Jayapura',
      PANTAU_LOG_LEVEL: 'warn',
      PANTAU_ALLOW_PLAIN_HTTP: '1',
    }
    expect(loadConfig([], env)).toMatchObject({
      listeners: [{ scheme: 'http', host: '0.0.0.0', port: 80 }],
      data: '/var/lib/pantau',
      publicUrl: 'https://pantau.example.go.id',
      place: 'Kabupaten Contoh',
      timeZone: 'Asia/Jayapura',
      logLevel: 'warn',
      allowPlainHttp: true,
    })
  })

  it('an empty variable, as container tools set it, is not set', () => {
    const env = { PANTAU_CONFIG: '', PANTAU_LISTEN: '', PANTAU_ADMIN_TOKEN: '', PANTAU_ADMIN_TOKEN_FILE: '' }
    expect(loadConfig([], env)).toMatchObject({ listeners: [{ port: 8420 }], adminToken: null })
  })

  it('fills variables from the environment', () => {
    const file = write(
      `place: Kota ${filled('NAMA')}\nrawRetentionDays: ${filled('DAYS')}\ndata: "${filled('DAYS')}"\n`,
    )
    expect(loadConfig(['--config', file], { NAMA: 'Sukabumi: # "x"', DAYS: '90' })).toMatchObject({
      place: 'Kota Sukabumi: # "x"',
      rawRetentionDays: 90,
      data: '90',
    })
    const plain = write(`allowPlainHttp: ${filled('PLAIN')}\n`, 'plain.yaml')
    expect(loadConfig(['--config', plain], { PLAIN: 'true' })).toMatchObject({ allowPlainHttp: true })
  })

  it('the administrator’s token comes from the environment, or better from a file', () => {
    const token = 'a'.repeat(40)
    expect(loadConfig([], { PANTAU_ADMIN_TOKEN: token }).adminToken).toBe(token)
    const secret = write(`  ${token}\n`, 'token')
    expect(loadConfig([], { PANTAU_ADMIN_TOKEN_FILE: secret, PANTAU_ADMIN_TOKEN: 'other' }).adminToken).toBe(token)
    expect(problems([], { PANTAU_ADMIN_TOKEN_FILE: join(directory, 'none') })).toEqual([
      expect.stringMatching(/^PANTAU_ADMIN_TOKEN_FILE: ENOENT/),
    ])
  })
})

describe('a problem names its place', () => {
  it.each([
    ['an unknown setting', 'colour: red\n', 'FILE:1:1: colour: unknown key'],
    ['an unknown setting inside', 'nocAgent:\n  intervalS: 3\n', 'FILE:2:3: nocAgent.intervalS: unknown key'],
    ['a secret in the file', 'adminToken: abc\n', 'FILE:1:1: adminToken: unknown key'],
    ['a wrong address', '# x\nlisten: 8420\n', /^FILE:2:1: listen: /],
    ['an address without a port', 'listen: 127.0.0.1\n', 'FILE:1:1: listen: must be ADDRESS:PORT'],
    ['a port beyond all ports', 'listen: 127.0.0.1:70000\n', 'FILE:1:1: listen: 70000 is not a port'],
    ['a time zone that is none', 'timeZone: Asia/Depok\n', /^FILE:1:1: timeZone: is not a time zone/],
    ['a language that is not spoken here', 'language: fr\n', /^FILE:1:1: language: .*id/],
    ['a log level that is none', 'logLevel: loud\n', /^FILE:1:1: logLevel: /],
    ['an interval that is too short', 'nocAgent:\n  intervalMs: 10\n', /^FILE:2:3: nocAgent\.intervalMs: .*500/],
    ['a yes that is text', 'allowPlainHttp: "yes"\n', /^FILE:1:1: allowPlainHttp: /],
    ['a URL of another kind', 'publicUrl: ftp://x\n', /^FILE:1:1: publicUrl: /],
    ['retention of nothing', 'rawRetentionDays: 0\n', /^FILE:1:1: rawRetentionDays: /],
    ['half of tls', 'tls:\n  keyFile: /k\n', /^FILE:1:1: tls\.certificateFile: /],
    ['copies into no place', 'ownCopies: { to: copies }\n', /^FILE:1:\d+: ownCopies\.to: must be an absolute path/],
    [
      'hours that never come',
      'ownCopies: { to: /mnt, at: 0 2 30 2 * }\n',
      /^FILE:1:\d+: ownCopies\.at: names no moment to come/,
    ],
    ['a key twice', 'data: /a\ndata: /b\n', /^FILE:2:1: Map keys must be unique/],
    ['a list', '- a\n', /^FILE:1:\d: configuration: /],
    ['a word', 'hello\n', /^FILE:1:1: configuration: /],
    [
      'a variable that is not set',
      `place: Kota\ndata: /srv/${filled('NIX')}\n`,
      'FILE:2:7: the variable NIX is not set',
    ],
  ])('%s', (_, text, expected) => {
    const told = problemsOf(text)
    expect(told).toHaveLength(1)
    expect(told[0]).toMatch(expected)
  })

  it('all of them at once, those of file, environment and flags', () => {
    const told = (() => {
      const path = write('colour: red\nlanguage: fr\n')
      const env = { PANTAU_TIME_ZONE: 'Mars', PANTAU_ALLOW_PLAIN_HTTP: 'true', PANTAU_ADMIN_TOKEN_FILE: '/nowhere' }
      return problems(['--config', path, '--listen', 'x'], env).map(problem => problem.replace(path, 'FILE'))
    })()
    expect(told.toSorted()).toEqual([
      '--listen: must be ADDRESS:PORT',
      'FILE:1:1: colour: unknown key',
      expect.stringMatching(/^FILE:2:1: language: /),
      expect.stringMatching(/^PANTAU_ADMIN_TOKEN_FILE: ENOENT/),
      'PANTAU_ALLOW_PLAIN_HTTP: must be 1 or 0',
      expect.stringMatching(/^PANTAU_TIME_ZONE: is not a time zone/),
    ])
  })

  it('a flag that overrules a setting does not hide that the file is wrong', () => {
    const path = write('listen: nonsense\n')
    expect(problems(['--config', path, '--listen', '127.0.0.1:1'])).toEqual([
      `${path}:1:1: listen: must be ADDRESS:PORT`,
    ])
  })

  it('a file that is not there, and a flag that is none', () => {
    expect(problems(['--config', join(directory, 'none.yaml')])).toEqual([expect.stringMatching(/none\.yaml: ENOENT/)])
    expect(problems(['--port', '1'])).toEqual([expect.stringContaining("'--port'")])
    expect(problems(['extra'])).toEqual([expect.stringContaining("'extra'")])
  })

  it('never shows the value of a secret', () => {
    const told = problems(['--listen', 'x'], { PANTAU_ADMIN_TOKEN: 'correct-horse-battery-staple' }).join('\n')
    expect(told).not.toContain('correct-horse')
  })
})

describe('outside loopback', () => {
  it.each(['0.0.0.0:8420', '10.1.2.3:8420', '[::]:8420', 'pantau.example.go.id:443'])('%s is https', listen => {
    expect(loadConfig(['--listen', listen], {}).listeners).toEqual([expect.objectContaining({ scheme: 'https' })])
    expect(problems(['--listen', `http://${listen}`])).toEqual([
      expect.stringMatching(/^--listen: .*reachable.*allowPlainHttp/),
    ])
  })

  it('several addresses: loopback stays plain, the others are https, and each may say for itself', () => {
    const wanted = [
      { scheme: 'http', host: '127.0.0.1', port: 8420 },
      { scheme: 'https', host: '::', port: 8443 },
      { scheme: 'https', host: '127.0.0.1', port: 8444 },
    ]
    const file = write('listen:\n  - 127.0.0.1:8420\n  - "[::]:8443"\n  - https://127.0.0.1:8444\n')
    expect(loadConfig(['--config', file], {}).listeners).toEqual(wanted)
    const line = '127.0.0.1:8420, [::]:8443,https://127.0.0.1:8444'
    expect(loadConfig(['--listen', line], {}).listeners).toEqual(wanted)
    expect(problems(['--listen', '127.0.0.1:8420,nonsense'])).toEqual(['--listen: must be ADDRESS:PORT'])
  })

  it('is fine with a certificate that is there, or behind a proxy', () => {
    const [certificate, key] = [write('c', 'certificate.pem'), write('k', 'key.pem')]
    const file = write(`listen: "[::]:8420"\ntls: { certificateFile: ${certificate}, keyFile: ${key} }\n`)
    expect(loadConfig(['--config', file], {})).toMatchObject({
      listeners: [{ scheme: 'https', host: '::', port: 8420 }],
    })
    expect(loadConfig(['--listen', '0.0.0.0:1'], { PANTAU_ALLOW_PLAIN_HTTP: '1' })).toMatchObject({
      listeners: [{ scheme: 'http', port: 1 }],
    })
    const nowhere = write(`listen: 0.0.0.0:1\ntls:\n  certificateFile: ${certificate}\n  keyFile: /nowhere/key.pem\n`)
    expect(problems(['--config', nowhere])).toEqual([`${nowhere}:4:3: tls.keyFile: /nowhere/key.pem does not exist`])
  })

  it.each([
    ['127.0.0.1', true],
    ['127.8.9.10', true],
    ['localhost', true],
    ['::1', true],
    ['0.0.0.0', false],
    ['::', false],
    ['10.0.0.1', false],
    ['127.example.org', false],
    ['localhost.example.org', false],
  ])('%s is loopback: %s', (host, expected) => {
    expect(isLoopback(host)).toBe(expected)
  })
})

describe('the series store', () => {
  const influx = (more = '') => `series: { kind: influx, url: "http://127.0.0.1:8086"${more} }\n`

  it('is embedded, or an InfluxDB with its password in a file', () => {
    expect(loadConfig([], {})).toMatchObject({ series: { kind: 'embedded' }, seriesPassword: null })
    const passwordFile = write('rahasia\n', 'influx-password')
    const file = write(influx(`, username: pantau, passwordFile: ${passwordFile}`))
    expect(loadConfig(['--config', file], {})).toMatchObject({
      series: { kind: 'influx', url: 'http://127.0.0.1:8086', database: 'pantau', username: 'pantau' },
      seriesPassword: 'rahasia',
    })
  })

  it('may come from the environment alone, as in a container', () => {
    const PANTAU_INFLUX_PASSWORD_FILE = write('rahasia\n', 'influx-password')
    const env = {
      PANTAU_INFLUX_URL: 'http://influxdb:8086',
      PANTAU_INFLUX_USERNAME: 'pantau',
      PANTAU_INFLUX_PASSWORD_FILE,
    }
    expect(loadConfig([], env)).toMatchObject({
      series: { kind: 'influx', url: 'http://influxdb:8086', database: 'pantau', username: 'pantau' },
      seriesPassword: 'rahasia',
    })
    expect(loadConfig([], { ...env, PANTAU_INFLUX_URL: '' }).series).toEqual({ kind: 'embedded', memoryMib: 128 })
  })

  it('is refused with the place of what is wrong', () => {
    expect(problemsOf('series: { kind: embedded, memoryMib: 1 }\n')[0]).toMatch(/^FILE:1:\d+: series.memoryMib: /)
    expect(problemsOf('series: { kind: mysql }\n')[0]).toMatch(/^FILE:1:\d+: series.kind: /)
    expect(problemsOf('series: { kind: influx }\n')[0]).toMatch(/^FILE:1:\d+: series.url: /)
    expect(problemsOf('series: { kind: embedded, url: "http://x" }\n')[0]).toMatch(/^FILE:1:\d+: series/)
    expect(problemsOf(influx(', passwordFile: /nowhere'))[0]).toMatch(/^FILE:1:\d+: series.passwordFile: /)
    expect(problems([], { PANTAU_INFLUX_URL: 'nonsense' })[0]).toMatch(/^PANTAU_INFLUX_URL: /)
  })
})
