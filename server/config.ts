// Configuration of the collector: defaults < file < environment < flags. Every problem names its place.
import { existsSync, readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { z } from 'zod'
import { LANGUAGES } from '../protocol/vocabulary.ts'
import { isLoopback, parseListenAddress } from './http/listen-address.ts'
import type { Listener } from './http/listeners.ts'
import { copySchedule } from './own-copies/schedule.ts'
import { type PlacedProblem, readYaml, reasonOf } from './platform/yaml-text.ts'

const listenAddress = z.string().refine(text => parseListenAddress(text) !== null, 'must be ADDRESS:PORT')

const timeZone = z.string().refine(zone => {
  try {
    new Intl.DateTimeFormat('en', { timeZone: zone })
    return true
  } catch {
    return false
  }
}, 'is not a time zone that this machine knows (for example Asia/Jakarta)')

export const configSchema = z.strictObject({
  /** Where the wall, the API and the agents come in: "127.0.0.1:8420", "[::]:8443", or a list. Not loopback: https. */
  listen: z.union([listenAddress, z.array(listenAddress).min(1).max(10)]).default('127.0.0.1:8420'),
  /** Directory of everything the collector keeps. */
  data: z.string().min(1).default('./data'),
  /** How people and agents reach the collector; links in notices begin with it. */
  publicUrl: z.url({ protocol: /^https?$/ }).optional(),
  /** Name of the city or regency in headers and notices. */
  place: z.string().min(1).max(100).default('Pantau'),
  timeZone: timeZone.default('Asia/Jakarta'),
  /** Language of the sign-in page and of notices until a person chooses. */
  language: z.enum(LANGUAGES).default('id'),
  logLevel: z.enum(['debug', 'info', 'warn', 'error']).default('info'),
  /** PEM files of the city's own certificate; without them the collector makes one for itself. */
  tls: z.strictObject({ certificateFile: z.string(), keyFile: z.string() }).optional(),
  /** Only behind a reverse proxy that speaks TLS, or inside a container whose port is published on loopback. */
  allowPlainHttp: z.boolean().default(false),
  /** The agent that the collector starts beside itself. */
  nocAgent: z
    .strictObject({
      enabled: z.boolean().default(true),
      intervalMs: z.int().min(500).max(3_600_000).default(10_000),
    })
    .default({ enabled: true, intervalMs: 10_000 }),
  /** Directory with the operational packs. */
  operations: z.string().optional(),
  /** Directory with the regulations as data. */
  regulations: z.string().optional(),
  /** The regulation that the city works under, e.g. "depok-2021-40"; without one there are operational rules only. */
  regulation: z.string().min(1).max(80).optional(),
  /** How long raw samples are kept. */
  rawRetentionDays: z.int().min(1).max(3650).default(35),
  /** How long count, least, greatest, sum and last of each minute, quarter of an hour, hour and day are kept. */
  tierRetentionDays: z
    .strictObject({
      minute: z.int().min(1).max(36_500).default(100),
      quarterHour: z.int().min(1).max(36_500).default(400),
      hour: z.int().min(1).max(36_500).default(1_830),
      day: z.int().min(1).max(36_500).default(3_660),
    })
    .default({ minute: 100, quarterHour: 400, hour: 1_830, day: 3_660 }),
  /** Where samples are kept: in the data directory, or in an InfluxDB 1.x that the city has. */
  series: z
    .discriminatedUnion('kind', [
      z.strictObject({
        kind: z.literal('embedded'),
        /** What samples may take of memory until they are in blocks. */
        memoryMib: z.int().min(16).max(65_536).default(128),
      }),
      z.strictObject({
        kind: z.literal('influx'),
        url: z.url({ protocol: /^https?$/ }),
        database: z.string().min(1).max(100).default('pantau'),
        username: z.string().min(1).max(100).optional(),
        /** A file that holds the password, and nothing else. */
        passwordFile: z.string().optional(),
      }),
    ])
    .default({ kind: 'embedded', memoryMib: 128 }),
  /** How much may wait on disk for a series store that is away, before deliveries are refused. */
  journalMaxMib: z.int().min(64).max(1_048_576).default(4_096),
  /** Copies of the collector itself, made by itself; without it only `pantau backup-self` makes them. */
  ownCopies: copySchedule.optional(),
  /** Directory of the built pages. */
  pages: z.string().optional(),
})
export type Config = z.infer<typeof configSchema> & {
  /** Of the InfluxDB: from `series.passwordFile`, PANTAU_INFLUX_PASSWORD_FILE or PANTAU_INFLUX_PASSWORD. */
  seriesPassword: string | null
  /** From PANTAU_ADMIN_TOKEN or PANTAU_ADMIN_TOKEN_FILE only: a secret has no place in this file. */
  adminToken: string | null
  listeners: Listener[]
  /** The file that all this was read from; null when there is none. */
  file: string | null
}

/** What is wrong with the configuration; `message` has a line for each problem. */
export class ConfigError extends Error {
  constructor(problems: readonly string[]) {
    super(problems.join('\n'))
    this.name = 'ConfigError'
  }
}

const FLAGS = {
  config: { type: 'string' },
  data: { type: 'string' },
  listen: { type: 'string' },
} as const

/** Environment variables that set something, each with the setting. An empty one counts as not set. */
const VARIABLES = {
  PANTAU_LISTEN: 'listen',
  PANTAU_DATA: 'data',
  PANTAU_PUBLIC_URL: 'publicUrl',
  PANTAU_PLACE: 'place',
  PANTAU_TIME_ZONE: 'timeZone',
  PANTAU_LOG_LEVEL: 'logLevel',
} as const

/** The series store by the environment alone, as in a container; PANTAU_INFLUX_URL decides. */
const INFLUX_VARIABLES = {
  PANTAU_INFLUX_URL: 'url',
  PANTAU_INFLUX_DATABASE: 'database',
  PANTAU_INFLUX_USERNAME: 'username',
} as const

/** Errors: ConfigError with every problem and its file and line, flag or variable. */
export function loadConfig(argv: readonly string[], env: NodeJS.ProcessEnv): Config {
  const flags = readFlags(argv)
  const problems: string[] = []
  const file = flags.config ?? setOrNot(env.PANTAU_CONFIG)
  const fromFile = file === undefined ? NO_FILE : readConfigFile(resolve(file), env)
  problems.push(...fromFile.problems)
  const { settings, placeOf } = layered(fromFile, env, flags, problems)
  const adminToken = readSecret(env, 'PANTAU_ADMIN_TOKEN', problems)
  const influxPassword = readSecret(env, 'PANTAU_INFLUX_PASSWORD', problems)
  const parsed = configSchema.safeParse(settings)
  if (!parsed.success) {
    throw new ConfigError([
      ...problems,
      ...parsed.error.issues.map(issue => `${placeOf(issue.path)}: ${issue.message}`),
    ])
  }
  const config = parsed.data
  const listeners = listenersOf(config, place => problems.push(`${placeOf(['listen'])}: ${place}`))
  for (const name of ['certificateFile', 'keyFile'] as const) {
    const path = config.tls?.[name]
    if (path !== undefined && !existsSync(path)) problems.push(`${placeOf(['tls', name])}: ${path} does not exist`)
  }
  const passwordFile = config.series.kind === 'influx' ? config.series.passwordFile : undefined
  const seriesPassword =
    passwordFile === undefined
      ? influxPassword
      : readSecretFile(passwordFile, placeOf(['series', 'passwordFile']), problems)
  if (problems.length > 0) throw new ConfigError(problems)
  return { ...config, adminToken, seriesPassword, listeners, file: file === undefined ? null : resolve(file) }
}

/** Loopback is plain http, everything else https, unless the address itself says otherwise. */
function listenersOf(config: z.infer<typeof configSchema>, complain: (problem: string) => void): Listener[] {
  const written = typeof config.listen === 'string' ? [config.listen] : config.listen
  return written.flatMap(text => {
    const address = parseListenAddress(text)
    if (address === null) return []
    const { host, port } = address
    if (port > 65_535) complain(`${port} is not a port`)
    const plainOutside = config.allowPlainHttp && config.tls === undefined
    const scheme = address.scheme ?? (isLoopback(host) || plainOutside ? 'http' : 'https')
    if (scheme === 'http' && !isLoopback(host) && !config.allowPlainHttp) {
      complain(
        `${host} is reachable from other machines, so it can't be http://; ` +
          'behind a proxy that speaks TLS set allowPlainHttp: true',
      )
    }
    return [{ scheme, host, port }]
  })
}

type ConfigFile = {
  settings: Record<string, unknown>
  problems: string[]
  /** File and line of a setting, with its name. */
  placeOf: (path: readonly PropertyKey[]) => string
}

const NO_FILE: ConfigFile = { settings: {}, problems: [], placeOf: path => path.join('.') || 'configuration' }

/** File < environment < flags, and for each setting where it came from. */
function layered(
  file: ConfigFile,
  env: NodeJS.ProcessEnv,
  flags: Partial<Record<string, string>>,
  problems: string[],
): Pick<ConfigFile, 'settings' | 'placeOf'> {
  const settings = { ...file.settings }
  const places = new Map<string, string>()
  const set = (name: string, value: unknown, place: string) => {
    if (value === undefined) return
    settings[name] = value
    places.set(name, place)
  }
  for (const [variable, name] of Object.entries(VARIABLES)) set(name, setOrNot(env[variable]), variable)
  const plainHttp = setOrNot(env.PANTAU_ALLOW_PLAIN_HTTP)
  if (plainHttp === '1' || plainHttp === '0') set('allowPlainHttp', plainHttp === '1', 'PANTAU_ALLOW_PLAIN_HTTP')
  else if (plainHttp !== undefined) problems.push('PANTAU_ALLOW_PLAIN_HTTP: must be 1 or 0')
  const influx = Object.entries(INFLUX_VARIABLES).flatMap(([variable, name]) => {
    const value = setOrNot(env[variable])
    return value === undefined ? [] : [[name, value]]
  })
  if (setOrNot(env.PANTAU_INFLUX_URL) !== undefined) {
    set('series', { kind: 'influx', ...Object.fromEntries(influx) }, 'PANTAU_INFLUX_URL')
  }
  for (const name of ['listen', 'data']) set(name, flags[name], `--${name}`)
  // One line has no lists: several addresses stand with commas between them.
  if (typeof settings.listen === 'string' && settings.listen.includes(',')) {
    settings.listen = settings.listen.split(',').map(address => address.trim())
  }
  return { settings, placeOf: path => places.get(String(path[0])) ?? file.placeOf(path) }
}

function readFlags(argv: readonly string[]): { config?: string; data?: string; listen?: string } {
  try {
    return parseArgs({ args: [...argv], options: FLAGS, strict: true, allowPositionals: false }).values
  } catch (error) {
    throw new ConfigError([error instanceof Error ? error.message : String(error)])
  }
}

/** YAML with `${VAR}` filled from the environment; a variable that is not set is an error, not an empty text. */
function readConfigFile(path: string, env: NodeJS.ProcessEnv): ConfigFile {
  let text: string
  try {
    text = readFileSync(path, 'utf8')
  } catch (error) {
    throw new ConfigError([`${path}: ${reasonOf(error)}`])
  }
  const yaml = readYaml(text, path, (written, isPlain) => filled(written, isPlain, env))
  const told = ({ line, column, message }: PlacedProblem) => `${path}:${line}:${column}: ${message}`
  if (yaml.problems.length > 0) throw new ConfigError(yaml.problems.map(told))
  const content = yaml.content ?? {}
  // Checked on its own, too: a flag that overrules a setting must not hide that the file is wrong.
  const known = configSchema.safeParse(content)
  const isMap = typeof content === 'object' && !Array.isArray(content)
  return {
    settings: known.success && isMap ? { ...content } : {},
    problems: known.success ? [] : yaml.placed(known.error, 'configuration').map(told),
    placeOf: path => {
      const { file, line, column } = yaml.placeOf(path)
      const name = path.join('.') || 'configuration'
      return isMap && String(path[0]) in content ? `${file}:${line}:${column}: ${name}` : name
    },
  }
}

/** `${DAYS}` alone and without quotes may also be a number or true or false, as if it stood there itself. */
function filled(text: string, isPlain: boolean, env: NodeJS.ProcessEnv): unknown {
  const whole = text.replace(/\$\{([A-Za-z_][A-Za-z0-9_]*)\}/g, (_, name: string) => {
    const found = env[name]
    if (found === undefined) throw new Error(`the variable ${name} is not set`)
    return found
  })
  if (!isPlain || whole === text || !/^\$\{\w+\}$/.test(text)) return whole
  if (whole === 'true' || whole === 'false') return whole === 'true'
  return /^-?\d+(\.\d+)?$/.test(whole) ? Number(whole) : whole
}

/** A secret from NAME or, better, from the file in NAME_FILE. */
function readSecret(env: NodeJS.ProcessEnv, name: string, problems: string[]): string | null {
  const file = setOrNot(env[`${name}_FILE`])
  return file === undefined ? (setOrNot(env[name]) ?? null) : readSecretFile(file, `${name}_FILE`, problems)
}

function readSecretFile(file: string, place: string, problems: string[]): string | null {
  try {
    return readFileSync(file, 'utf8').trim()
  } catch (error) {
    problems.push(`${place}: ${reasonOf(error)}`)
    return null
  }
}

/** Container tools set what is left out to the empty text. */
function setOrNot(value: string | undefined): string | undefined {
  return value === '' ? undefined : value
}
