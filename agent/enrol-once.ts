// Enrols this machine and ends: what the installer runs before the agent is started, so that a refusal is told at once
// and to the person who can mend it. A machine whose key is good keeps it.
import { mkdir } from 'node:fs/promises'
import { hostname } from 'node:os'
import { PATHS } from '../protocol/paths.ts'
import { type AgentConfig, ConfigError, type Environment, parseConfig } from './config.ts'
import { systemClock } from './platform/clock.ts'
import { reasonOf } from './platform/logger.ts'
import { readMachineId } from './platform/machine-id.ts'
import { readVersion } from './platform/version.ts'
import { parseProblem } from './uplink/answer.ts'
import { EnrolmentRefused, enrol } from './uplink/enrol.ts'
import { createHttpClient, type HttpClient } from './uplink/http-client.ts'
import { type Identity, readIdentity, writeIdentity } from './uplink/identity.ts'
import { proxyFor } from './uplink/proxy.ts'

const EXIT = { enrolled: 0, failed: 1, usage: 2, refused: 3 } as const
const DECIDE_WITHIN_MS = 30_000
const ANSWER_WITHIN_MS = 15_000

export async function enrolOnce(argv: string[], env: Environment): Promise<number> {
  let client: HttpClient | undefined
  try {
    const config = parseConfig(argv, env)
    if (config === 'help') throw new ConfigError('there is no help: this is a part of the installer')
    const { collector, dataDirectory } = config
    if (collector === undefined) throw new ConfigError('--collector: is missing')
    client = createHttpClient({
      ...{ collector, ca: config.ca, pins: config.pins, proxy: proxyFor(collector, config.proxies) },
    })
    await mkdir(dataDirectory, { recursive: true, mode: 0o700 })
    const kept = await readIdentity(dataDirectory)
    const refusal = kept === undefined ? 'this machine is not enrolled yet' : await refusalOf(client, kept)
    if (refusal === null) return tell(EXIT.enrolled, 'this machine is enrolled already, its key is good')
    if (config.token === undefined) return tell(EXIT.refused, `${refusal}; an enrolment token is needed (--token)`)
    const identity = await ask(client, config, collector, config.token)
    if (identity === undefined) {
      return tell(EXIT.failed, `${collector.origin} did not decide within ${DECIDE_WITHIN_MS / 1000} s`)
    }
    await writeIdentity(dataDirectory, identity)
    return tell(EXIT.enrolled, `enrolled as ${hostname()}`)
  } catch (error) {
    if (error instanceof ConfigError) return tell(EXIT.usage, error.message)
    return tell(error instanceof EnrolmentRefused ? EXIT.refused : EXIT.failed, reasonOf(error))
  } finally {
    client?.close()
  }
}

function tell(code: number, text: string): number {
  process.stderr.write(`pantau-agent: ${text}\n`)
  return code
}

/** Why the collector takes this key no more; null when it does. Errors: the collector can't be asked. */
async function refusalOf(client: HttpClient, { key }: Identity): Promise<string | null> {
  const { status, text } = await client.post({
    path: PATHS.upgradeOffer[1],
    headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
    body: Buffer.from('{}'),
    timeoutMs: ANSWER_WITHIN_MS,
  })
  // With a good key the empty question itself is refused.
  if (status === 400) return null
  if (status === 401 || status === 403) return parseProblem(text)?.detail ?? `the key is refused (status ${status})`
  throw new Error(`the collector answered with status ${status}`)
}

async function ask(client: HttpClient, config: AgentConfig, collector: URL, token: string) {
  const agentVersion = readVersion()
  return await enrol({
    post: client.post,
    collector: collector.href,
    token,
    enrolment: {
      hostname: hostname().slice(0, 253) || 'unknown',
      machineId: await readMachineId(config.dataDirectory),
      agentVersion,
    },
    userAgent: `pantau-agent/${agentVersion}`,
    longestBackOffMs: 5_000,
    clock: systemClock,
    log: { debug() {}, info() {}, error() {}, warn: fields => tell(0, problemOf(fields)) },
    signal: AbortSignal.timeout(DECIDE_WITHIN_MS),
  })
}

function problemOf(fields: unknown): string {
  const problem = typeof fields === 'object' && fields !== null && 'problem' in fields ? String(fields.problem) : ''
  return `can't enrol yet, trying on: ${problem}`
}

if (import.meta.main) process.exit(await enrolOnce(process.argv.slice(2), process.env))
