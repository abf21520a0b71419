import { isIP } from 'node:net'
import { basename } from 'node:path'
import { parseArgs } from 'node:util'
import { AUTH_PROTOCOLS, PRIVACY_PROTOCOLS, SNMP_LIMITS } from '../../protocol/snmp-words.ts'
import type { V3Credential } from '../sources/snmp/session/session.ts'

export const HELP = `Usage: pantau simulate FILE... [options]

Answers SNMP v1, v2c and v3 like the devices that were recorded (.snmprec: OID|type|value), with moving counters.
Each file is a device on a port of its own; asked by another's file name as community or v3 context, a port answers for
that one.

  --listen ADDRESS:PORT   the first device's; the others follow (default 127.0.0.1:16100; port 0: free ones)
  --community NAME        community that is answered (default public)
  --count N               so many devices from the files in turn, each with counters of its own (default one a file)
  --user NAME             user of SNMPv3; without one v3 is not answered
  --auth PROTOCOL         ${AUTH_PROTOCOLS.join(', ')} (default sha256), with the pass phrase in PANTAU_SIMULATE_AUTH_KEY
  --privacy PROTOCOL      ${PRIVACY_PROTOCOLS.join(', ')} (default aes128), its pass phrase in PANTAU_SIMULATE_PRIVACY_KEY
  --help                  this text

A line that can't be read is named and left out. Ends with 0 after a stop, 1 when a file has no line that can be read or a
port is taken, 2 for a wrong option.
`

export type SimulateConfig = {
  files: string[]
  address: string
  port: number
  community: string
  count: number | undefined
  user: V3Credential | undefined
}

export class SimulateConfigError extends Error {
  constructor(message: string) {
    super(message)
    this.name = 'SimulateConfigError'
  }
}

const MOST_DEVICES = 10_000

/** Throws SimulateConfigError, whose message begins with the name of the option. */
export function parseSimulateConfig(argv: readonly string[], env: NodeJS.ProcessEnv): SimulateConfig | 'help' {
  const { values, positionals } = readFlags(argv)
  if (values.help === true) return 'help'
  if (positionals.length === 0) throw new SimulateConfigError('FILE: name at least one recording')
  const [, address = '', port = ''] = /^(?:\[?([^\]]+)\]?):(\d{1,5})$/.exec(values.listen ?? '127.0.0.1:16100') ?? []
  if (isIP(address) === 0 || Number(port) > 65_535)
    throw new SimulateConfigError('--listen: must be ADDRESS:PORT, such as 127.0.0.1:16100')
  const count = values.count === undefined ? undefined : Number(values.count)
  if (count !== undefined && !(Number.isInteger(count) && count >= 1 && count <= MOST_DEVICES))
    throw new SimulateConfigError(`--count: must be a whole number from 1 to ${MOST_DEVICES}`)
  const community = values.community ?? 'public'
  return { files: positionals, address, port: Number(port), community, count, user: readUser(values, env) }
}

function readUser(
  flags: { user?: string; auth?: string; privacy?: string },
  env: NodeJS.ProcessEnv,
): V3Credential | undefined {
  const { user } = flags
  if (user === undefined) return undefined
  const auth = readKey('--auth', AUTH_PROTOCOLS, flags.auth ?? 'sha256', 'PANTAU_SIMULATE_AUTH_KEY', env)
  if (auth === undefined) return { version: 'v3', level: 'noAuth', user }
  const privacy = readKey('--privacy', PRIVACY_PROTOCOLS, flags.privacy ?? 'aes128', 'PANTAU_SIMULATE_PRIVACY_KEY', env)
  if (privacy === undefined) return { version: 'v3', level: 'auth', user, auth }
  return { version: 'v3', level: 'authPriv', user, auth, privacy }
}

function readKey<P extends string>(
  flag: string,
  protocols: readonly P[],
  given: string,
  variable: string,
  env: NodeJS.ProcessEnv,
): { protocol: P; key: string } | undefined {
  const protocol = protocols.find(one => one === given)
  if (protocol === undefined) throw new SimulateConfigError(`${flag}: must be one of ${protocols.join(', ')}`)
  const key = env[variable]
  if (key === undefined || key === '') return undefined
  if (key.length < SNMP_LIMITS.leastKey)
    throw new SimulateConfigError(`${variable}: must have ${SNMP_LIMITS.leastKey} letters or more`)
  return { protocol, key }
}

function readFlags(argv: readonly string[]) {
  const text = { type: 'string' } as const
  try {
    return parseArgs({
      args: [...argv],
      allowPositionals: true,
      options: {
        ...{ listen: text, community: text, count: text, user: text, auth: text, privacy: text },
        help: { type: 'boolean', short: 'h' },
      },
    })
  } catch (error) {
    throw new SimulateConfigError(error instanceof Error ? error.message : String(error))
  }
}

/** What a recording's device is called: the file without folder and ending. */
export const nameOf = (file: string): string => basename(file).replace(/\.snmprec$/, '')
