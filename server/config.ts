// Configuration of the collector: defaults < file < environment < flags. Every problem names its place.
import { existsSync, readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { parseDocument } from 'yaml'
import { z } from 'zod'
import { LANGUAGES } from '../protocol/vocabulary.ts'

const LISTEN = /^(?:\[([0-9a-fA-F:]+)\]|([^:[\]]+)):(\d{1,5})$/

const timeZone = z.string().refine(zone => {
  try {
    new Intl.DateTimeFormat('en', { timeZone: zone })
    return true
  } catch {
    return false
  }
}, 'is not a time zone that this machine knows (for example Asia/Jakarta)')

export const configSchema = z.strictObject({
  /** Address and port of the wall, the API and the agents: "127.0.0.1:8420", "[::1]:8420". */
  listen: z.string().regex(LISTEN, 'must be ADDRESS:PORT').default('127.0.0.1:8420'),
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
  /** PEM files; needed outside loopback. */
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
  /** How long raw samples are kept. */
  rawRetentionDays: z.int().min(1).max(3650).default(35),
  /** Directory of the built pages. */
  pages: z.string().optional(),
})
export type Config = z.infer<typeof configSchema> & {
  /** From PANTAU_ADMIN_TOKEN or PANTAU_ADMIN_TOKEN_FILE only: a secret has no place in this file. */
  adminToken: string | null
  listenHost: string
  listenPort: number
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

/** Errors: ConfigError with every problem and its file, line, flag or variable. */
export function loadConfig(argv: readonly string[], env: NodeJS.ProcessEnv): Config {
  const flags = readFlags(argv)
  const file = flags.config ?? env.PANTAU_CONFIG
  const fromFile = file === undefined ? {} : readConfigFile(resolve(file), env)
  const merged = {
    ...fromFile,
    ...withoutUndefined({
      listen: flags.listen ?? env.PANTAU_LISTEN,
      data: flags.data ?? env.PANTAU_DATA,
      publicUrl: env.PANTAU_PUBLIC_URL,
      place: env.PANTAU_PLACE,
      timeZone: env.PANTAU_TIME_ZONE,
      logLevel: env.PANTAU_LOG_LEVEL,
      ...(env.PANTAU_ALLOW_PLAIN_HTTP === '1' ? { allowPlainHttp: true } : {}),
    }),
  }
  const parsed = configSchema.safeParse(merged)
  if (!parsed.success) {
    throw new ConfigError(
      parsed.error.issues.map(issue => `${issue.path.join('.') || 'configuration'}: ${issue.message}`),
    )
  }
  const config = parsed.data
  const [, bracketed, plain, port] = LISTEN.exec(config.listen) ?? []
  const listenHost = bracketed ?? plain ?? ''
  const listenPort = Number(port)
  const problems: string[] = []
  if (listenPort > 65_535) problems.push(`listen: ${listenPort} is not a port`)
  if (!isLoopback(listenHost) && config.tls === undefined && !config.allowPlainHttp) {
    problems.push(
      `listen: ${listenHost} is reachable from other machines, so the collector needs "tls" ` +
        '(certificateFile, keyFile); behind a proxy that speaks TLS set allowPlainHttp: true',
    )
  }
  for (const path of config.tls === undefined ? [] : [config.tls.certificateFile, config.tls.keyFile]) {
    if (!existsSync(path)) problems.push(`tls: ${path} does not exist`)
  }
  if (problems.length > 0) throw new ConfigError(problems)
  return { ...config, adminToken: readSecret(env, 'PANTAU_ADMIN_TOKEN'), listenHost, listenPort }
}

export function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || /^127(?:\.\d{1,3}){3}$/.test(host)
}

function readFlags(argv: readonly string[]): { config?: string; data?: string; listen?: string } {
  try {
    return parseArgs({ args: [...argv], options: FLAGS, strict: true, allowPositionals: false }).values
  } catch (error) {
    throw new ConfigError([error instanceof Error ? error.message : String(error)])
  }
}

/** YAML with `${VAR}` filled from the environment; a variable that is not set is an error, not an empty text. */
function readConfigFile(path: string, env: NodeJS.ProcessEnv): Record<string, unknown> {
  let text: string
  try {
    text = readFileSync(path, 'utf8')
  } catch (error) {
    throw new ConfigError([`${path}: ${error instanceof Error ? error.message : String(error)}`])
  }
  const document = parseDocument(text, { uniqueKeys: true })
  if (document.errors.length > 0) throw new ConfigError(document.errors.map(error => `${path}: ${error.message}`))
  const problems: string[] = []
  const filled = fill(document.toJS() ?? {}, env, problems)
  if (typeof filled !== 'object' || filled === null || Array.isArray(filled)) problems.push('must be a map of settings')
  if (problems.length > 0) throw new ConfigError(problems.map(problem => `${path}: ${problem}`))
  const known = configSchema.safeParse(filled)
  if (!known.success) {
    throw new ConfigError(
      known.error.issues.map(issue => `${path}: ${issue.path.join('.') || 'configuration'}: ${issue.message}`),
    )
  }
  return filled as Record<string, unknown>
}

function fill(value: unknown, env: NodeJS.ProcessEnv, problems: string[]): unknown {
  if (typeof value === 'string') {
    return value.replace(/\$\{([A-Za-z_][A-Za-z0-9_]*)\}/g, (_, name: string) => {
      const found = env[name]
      if (found === undefined) problems.push(`the variable ${name} is not set`)
      return found ?? ''
    })
  }
  if (Array.isArray(value)) return value.map(member => fill(member, env, problems))
  if (typeof value === 'object' && value !== null) {
    return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, fill(member, env, problems)]))
  }
  return value
}

/** A secret from NAME or, better, from the file in NAME_FILE. */
function readSecret(env: NodeJS.ProcessEnv, name: string): string | null {
  const file = env[`${name}_FILE`]
  if (file === undefined) return env[name] ?? null
  try {
    return readFileSync(file, 'utf8').trim()
  } catch (error) {
    throw new ConfigError([`${name}_FILE: ${error instanceof Error ? error.message : String(error)}`])
  }
}

function withoutUndefined(values: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined))
}
