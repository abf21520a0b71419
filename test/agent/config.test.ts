import { chmodSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { type AgentConfig, isLoopback, parseConfig } from '../../agent/config.ts'
import { scratchDirectory, writeTree } from './support/scratch.ts'

function parse(argv: string[], env: Record<string, string> = {}): AgentConfig {
  const config = parseConfig(argv, env)
  if (config === 'help') throw new Error('expected a configuration')
  return config
}

describe('the configuration of an agent', () => {
  it('has a default for everything but the collector', () => {
    expect(parse([])).toEqual({
      dataDirectory: './data/agent',
      collector: undefined,
      token: undefined,
      tokenFile: undefined,
      intervalMs: 10_000,
      ca: undefined,
      pins: undefined,
      proxies: {},
      processes: [],
      certificates: [],
      spoolLimitBytes: 256 * 1024 * 1024,
      logLevel: 'info',
      allowPlainHttp: false,
    })
  })

  it('comes from the environment, and the command line goes before it', () => {
    const directory = scratchDirectory()
    writeTree(directory, { token: ' secret-token\n', 'ca.pem': '-----BEGIN CERTIFICATE-----\n' })
    const env = {
      PANTAU_COLLECTOR: 'https://noc.depok.go.id/pantau',
      PANTAU_AGENT_DATA: '/srv/agent',
      PANTAU_AGENT_TOKEN_FILE: join(directory, 'token'),
      PANTAU_INTERVAL_MS: '2000',
      PANTAU_CA: join(directory, 'ca.pem'),
      PANTAU_SPOOL_LIMIT_MIB: '2',
    }
    const config = parse(['--interval-ms', '500', '--data=/elsewhere'], env)
    expect(config.collector?.href).toBe('https://noc.depok.go.id/pantau')
    expect([config.intervalMs, config.dataDirectory, config.token]).toEqual([500, '/elsewhere', 'secret-token'])
    expect(config.ca).toContain('BEGIN CERTIFICATE')
    expect(config.spoolLimitBytes).toBe(2 * 1024 * 1024)
  })

  it('may name a token file that is gone: an enrolled agent needs none', () => {
    const missing = join(scratchDirectory(), 'gone')
    expect(parse(['--token-file', missing])).toMatchObject({ token: undefined, tokenFile: missing })
  })

  it.each([
    [['--interval'], {}, '--interval'],
    [['--interval-ms', '99'], {}, '--interval-ms: must be a whole number from 100 to 3600000'],
    [['--interval-ms', '1e3'], {}, '--interval-ms: must be a whole number'],
    [[], { PANTAU_INTERVAL_MS: 'soon' }, 'PANTAU_INTERVAL_MS: must be a whole number'],
    [[], { PANTAU_SPOOL_LIMIT_MIB: '0' }, 'PANTAU_SPOOL_LIMIT_MIB: must be a whole number'],
    [['--pin', 'sha256//short'], {}, '--pin: must be sha256//BASE64'],
    [['--proxy', 'proxy:3128'], {}, '--proxy: must begin with http:// or https://'],
    [[], { PANTAU_PROXY: 'http://p:1/path' }, 'PANTAU_PROXY: must end with the host or port'],
    [['--process', 'a=b', '--process', 'a'], {}, '--process: "a" is named twice'],
    [[], { PANTAU_PROCESSES: 'nginx,=x' }, 'PANTAU_PROCESSES: "=x" must be NAME'],
    [['--collector', 'noc'], {}, '--collector: must be a URL'],
    [['--collector', 'ftp://noc'], {}, '--collector: must begin with https://'],
    [['--collector', 'https://noc/?a=b'], {}, '--collector: must end with the host or a path'],
    [[], { PANTAU_COLLECTOR: 'http://noc.depok.go.id' }, 'PANTAU_COLLECTOR: http:// is for this machine only'],
    [['--ca', '/nowhere/ca.pem'], {}, '--ca: ENOENT'],
    [['--data', ''], {}, '--data: must name a directory'],
    [['something'], {}, 'something'],
    [[], { PANTAU_LOG_LEVEL: 'loud' }, 'PANTAU_LOG_LEVEL: must be one of'],
  ])('refuses %j %j and says where', (argv, env, message) => {
    expect(() => parseConfig(argv, env)).toThrow(message)
  })

  it('never repeats a password that stood in the address', () => {
    try {
      parse(['--collector', 'https://ani:hunter2@noc.depok.go.id'])
      throw new Error('was accepted')
    } catch (error) {
      expect(String(error)).toContain('--collector: must not contain a user or password')
      expect(String(error)).not.toContain('hunter2')
    }
  })

  it('wants certificates in the file of certificates, and a token in the file of the token', () => {
    const directory = scratchDirectory()
    const empty = join(directory, 'empty')
    writeFileSync(empty, '\n')
    chmodSync(empty, 0o600)
    expect(() => parseConfig(['--ca', empty], {})).toThrow('--ca')
    expect(() => parseConfig(['--token-file', empty], {})).toThrow('--token-file')
  })

  it('sends nothing readable beyond this machine unless it is told to', () => {
    for (const url of ['http://127.0.0.1:1', 'http://127.9.9.9', 'http://localhost:2', 'http://[::1]:3']) {
      expect(isLoopback(new URL(url))).toBe(true)
      expect(parse(['--collector', url]).collector?.href).toBe(new URL(url).href)
    }
    for (const url of ['http://127.0.0.1.evil.example', 'http://10.0.0.1', 'http://localhost.evil.example']) {
      expect(isLoopback(new URL(url))).toBe(false)
      expect(() => parseConfig(['--collector', url], {})).toThrow('http://')
      expect(parse(['--collector', url], { PANTAU_ALLOW_PLAIN_HTTP: '1' }).collector?.host).toBe(new URL(url).host)
    }
  })
})
