import { existsSync, readFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { LOG_LEVELS, type LogLevel } from './platform/logger.ts'
import { JOB_FILE } from './sources/backups/place.ts'
import { type ProcessName, parseProcessNames } from './sources/host/process-names.ts'
import { type Pins, parsePins } from './uplink/pin.ts'
import { type Environment, proxyProblem } from './uplink/proxy.ts'

export type { Environment }

export type AgentConfig = {
  dataDirectory: string
  /** Undefined: the one that is kept in the identity. */
  collector: URL | undefined
  token: string | undefined
  tokenFile: string | undefined
  intervalMs: number
  /** Certificates (PEM) that are trusted in place of the public authorities. */
  ca: string | undefined
  /** Keys of which the collector must have one. */
  pins: Pins | undefined
  /** The variables that say which proxy to use; the flag stands in PANTAU_PROXY. */
  proxies: Environment
  /** Processes that are counted by name. */
  processes: readonly ProcessName[]
  /** Files with certificates whose end is watched. */
  certificates: readonly string[]
  /** The file that says what is backed up where; undefined where this agent looks after no backups. */
  backupsFile: string | undefined
  /** What the installer wrote; undefined for an agent that was not installed from a bundle. */
  installed: { home: string; signingKey: string; askEveryMs: number } | undefined
  spoolLimitBytes: number
  logLevel: LogLevel
  allowPlainHttp: boolean
}

/** A flag or variable that cannot be used; the message begins with its name. */
export class ConfigError extends Error {
  constructor(message: string) {
    super(message)
    this.name = 'ConfigError'
  }
}

export const HELP = `Usage: pantau agent [options]

Measures this machine and delivers what it finds to a Pantau collector.

  --collector URL    the collector, https://... (default: the one it was last given)  PANTAU_COLLECTOR
  --data DIR         identity and spool (default ./data/agent)                        PANTAU_AGENT_DATA
  --token-file FILE  file with the enrolment token, for the first start               PANTAU_AGENT_TOKEN_FILE
                     or the token itself in                                           PANTAU_AGENT_TOKEN
  --interval-ms N    time between measurements, 100 to 3600000 (default 10000)        PANTAU_INTERVAL_MS
  --ca FILE          PEM certificates to trust in place of the public ones            PANTAU_CA
  --pin PIN          sha256//BASE64 of the collector's key, as curl has it            PANTAU_PIN
  --proxy URL        the proxy on the way to the collector; else HTTPS_PROXY          PANTAU_PROXY
                     or http_proxy, but for hosts in NO_PROXY
  --process NAME     counts processes of this name; NAME=TEXT those with TEXT in      PANTAU_PROCESSES
                     their command line; may be given several times
  --certificate FILE watches until when this certificate is valid; several times      PANTAU_CERTIFICATES
  --backups FILE     what is backed up where, see the guide "Backups"                  PANTAU_BACKUPS
                     (default /etc/pantau/backups.yaml for an installed agent)
  --help             this text

Also: PANTAU_SPOOL_LIMIT_MIB (default 256), PANTAU_LOG_LEVEL (debug, info, warn, error; default info),
PANTAU_ALLOW_PLAIN_HTTP=1 (http:// beyond this machine: keys and figures travel readable). Lists in variables are apart by
commas.

Ends with 0 after a stop, 1 after a failure, 2 for a wrong option, 3 when the collector refuses the enrolment.
`

/** What the command line and the environment say; the line goes first. Throws ConfigError. */
export function parseConfig(argv: string[], env: Environment): AgentConfig | 'help' {
  const flags = readFlags(argv)
  if (flags.help === true) return 'help'

  const pick = (flag: string | undefined, flagName: string, variable: string) => {
    if (flag !== undefined) return { text: flag, from: flagName }
    const text = env[variable]
    return text === undefined || text === '' ? undefined : { text, from: variable }
  }
  const collector = pick(flags.collector, '--collector', 'PANTAU_COLLECTOR')
  const tokenFile = pick(flags['token-file'], '--token-file', 'PANTAU_AGENT_TOKEN_FILE')
  const interval = pick(flags['interval-ms'], '--interval-ms', 'PANTAU_INTERVAL_MS')
  const ca = pick(flags.ca, '--ca', 'PANTAU_CA')
  const pin = pick(flags.pin, '--pin', 'PANTAU_PIN')
  const proxy = pick(flags.proxy, '--proxy', 'PANTAU_PROXY')
  const processes = pick(flags.process?.join(), '--process', 'PANTAU_PROCESSES')
  const certificates = pick(flags.certificate?.join(), '--certificate', 'PANTAU_CERTIFICATES')
  const backups = pick(flags.backups, '--backups', 'PANTAU_BACKUPS')
  const installed = readInstalled(env)
  const allowPlainHttp = env.PANTAU_ALLOW_PLAIN_HTTP === '1'
  const logLevel = LOG_LEVELS.find(level => level === (env.PANTAU_LOG_LEVEL ?? 'info'))
  if (logLevel === undefined) throw new ConfigError(`PANTAU_LOG_LEVEL: must be one of ${LOG_LEVELS.join(', ')}`)
  const dataDirectory = pick(flags.data, '--data', 'PANTAU_AGENT_DATA')?.text ?? './data/agent'
  if (dataDirectory === '') throw new ConfigError('--data: must name a directory')

  return {
    dataDirectory,
    collector: collector && parseCollector(collector.text, collector.from, allowPlainHttp),
    ...readToken(env.PANTAU_AGENT_TOKEN, tokenFile),
    intervalMs: interval ? wholeNumber(interval.text, interval.from, 100, 3_600_000) : 10_000,
    ca: ca && readCertificates(ca.text, ca.from),
    pins: pin && readPins(pin.text, pin.from),
    proxies: readProxies(proxy, env),
    processes: processes ? readProcesses(processes.text, processes.from) : [],
    certificates: certificates ? listOf(certificates.text) : [],
    backupsFile: backups?.text ?? (installed && JOB_FILE),
    installed,
    spoolLimitBytes:
      wholeNumber(env.PANTAU_SPOOL_LIMIT_MIB || '256', 'PANTAU_SPOOL_LIMIT_MIB', 1, 1_048_576) * 1024 * 1024,
    logLevel,
    allowPlainHttp,
  }
}

/** Written by the installer, so there are no flags for it. */
function readInstalled(env: Environment): AgentConfig['installed'] {
  const { PANTAU_AGENT_HOME: home, PANTAU_SIGNING_KEY: signingKey } = env
  if (!home || !signingKey) return undefined
  const askEveryS = wholeNumber(env.PANTAU_UPGRADE_EVERY_S || '3600', 'PANTAU_UPGRADE_EVERY_S', 1, 86_400)
  return { home, signingKey, askEveryMs: askEveryS * 1000 }
}

function readFlags(argv: string[]): ReturnType<typeof parseFlags> | Record<string, undefined> {
  // An installed agent has its settings in the environment, and is spared 2 ms of its start.
  return argv.length === 0 ? {} : parseFlags(argv)
}

function parseFlags(argv: string[]) {
  try {
    return parseArgs({
      args: argv,
      strict: true,
      allowPositionals: false,
      options: {
        collector: { type: 'string' },
        data: { type: 'string' },
        'token-file': { type: 'string' },
        'interval-ms': { type: 'string' },
        ca: { type: 'string' },
        pin: { type: 'string' },
        proxy: { type: 'string' },
        process: { type: 'string', multiple: true },
        certificate: { type: 'string', multiple: true },
        backups: { type: 'string' },
        help: { type: 'boolean', short: 'h' },
      },
    }).values
  } catch (error) {
    throw new ConfigError(error instanceof Error ? error.message : String(error))
  }
}

export function isLoopback(url: URL): boolean {
  const host = url.hostname.replace(/^\[|\]$/g, '')
  return host === 'localhost' || host === '::1' || /^127\.\d+\.\d+\.\d+$/.test(host)
}

/** The address of a collector. What it says of a bad one never repeats it: it may contain a password. */
export function parseCollector(text: string, from: string, allowPlainHttp: boolean): URL {
  if (!URL.canParse(text)) throw new ConfigError(`${from}: must be a URL such as https://noc.example.go.id`)
  const url = new URL(text)
  if (url.protocol !== 'https:' && url.protocol !== 'http:') throw new ConfigError(`${from}: must begin with https://`)
  if (url.username !== '' || url.password !== '') throw new ConfigError(`${from}: must not contain a user or password`)
  if (url.search !== '' || url.hash !== '') throw new ConfigError(`${from}: must end with the host or a path`)
  if (url.protocol === 'http:' && !isLoopback(url) && !allowPlainHttp) {
    throw new ConfigError(
      `${from}: http:// is for this machine only, use https:// (PANTAU_ALLOW_PLAIN_HTTP=1 sends keys and figures readable)`,
    )
  }
  return url
}

function wholeNumber(text: string, from: string, least: number, most: number): number {
  const value = /^\d{1,10}$/.test(text) ? Number(text) : Number.NaN
  if (!(value >= least && value <= most))
    throw new ConfigError(`${from}: must be a whole number from ${least} to ${most}`)
  return value
}

/** A token file may be gone when the agent is enrolled already, so a missing one is not wrong yet. */
function readToken(
  token: string | undefined,
  file: { text: string; from: string } | undefined,
): { token: string | undefined; tokenFile: string | undefined } {
  if (file === undefined) return { token: token?.trim() || undefined, tokenFile: undefined }
  if (!existsSync(file.text)) return { token: undefined, tokenFile: file.text }
  const kept = readText(file.text, file.from).trim()
  if (kept === '') throw new ConfigError(`${file.from}: ${file.text} is empty`)
  return { token: kept, tokenFile: file.text }
}

function readCertificates(path: string, from: string): string {
  const text = readText(path, from)
  if (!text.includes('-----BEGIN CERTIFICATE-----')) throw new ConfigError(`${from}: ${path} has no PEM certificate`)
  return text
}

function readPins(text: string, from: string): Pins {
  const pins = parsePins(text)
  if (pins === undefined) throw new ConfigError(`${from}: must be sha256//BASE64, as \`curl --pinnedpubkey\` has it`)
  return pins
}

/** All that say something about a proxy. The message about a bad one never repeats it: it may contain a password. */
function readProxies(chosen: { text: string; from: string } | undefined, env: Environment): Environment {
  const names = ['HTTPS_PROXY', 'https_proxy', 'http_proxy', 'ALL_PROXY', 'all_proxy', 'NO_PROXY', 'no_proxy']
  const problem = chosen && proxyProblem(chosen.text)
  if (problem !== undefined) throw new ConfigError(`${chosen?.from}: ${problem}`)
  const usual = Object.fromEntries(names.flatMap(name => (env[name] ? [[name, env[name]]] : [])))
  return chosen === undefined ? usual : { ...usual, PANTAU_PROXY: chosen.text }
}

function readProcesses(text: string, from: string): readonly ProcessName[] {
  const names = parseProcessNames(listOf(text))
  if (typeof names === 'string') throw new ConfigError(`${from}: ${names}`)
  return names
}

function listOf(text: string): string[] {
  const list = text.split(',').map(one => one.trim())
  return list.filter(one => one !== '')
}

function readText(path: string, from: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch (error) {
    throw new ConfigError(`${from}: ${error instanceof Error ? error.message : String(error)}`)
  }
}
