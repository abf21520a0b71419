import { type DestinationStream, type Logger, pino } from 'pino'

export type { Logger }

/** "password", "adminToken", "set-cookie", "authorizationHeader" ... but not "tokenId" or "keyHash". */
const SECRET_NAME = /(password|passphrase|secret|token|key|authorization|cookie)s?(header)?$/i
const CENSORED = '[secret]'
/** Nothing that is worth a log line is deeper. */
const MAX_DEPTH = 8

/** JSON lines on stdout. Fields whose names tell of secrets are cut out, however deep they lie, also inside errors. */
export function createLogger(options: { level: string; destination?: DestinationStream }): Logger {
  return pino(
    {
      level: options.level,
      base: {},
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { log: fields => withoutSecrets(fields, 0) as Record<string, unknown> },
      // Errors are plain data by then.
      serializers: { err: error => error },
    },
    options.destination ?? pino.destination({ fd: 1, sync: true }),
  )
}

function withoutSecrets(value: unknown, depth: number): unknown {
  if (typeof value !== 'object' || value === null) return value
  if (depth > MAX_DEPTH) return '[too deep]'
  if (Array.isArray(value)) return value.map(member => withoutSecrets(member, depth + 1))
  if (value instanceof Error) return withoutSecrets(pino.stdSerializers.err(value), depth)
  if (!isPlain(value)) return value
  return Object.fromEntries(
    Object.entries(value).map(([name, member]) => [
      name,
      SECRET_NAME.test(name) && member !== null && member !== undefined ? CENSORED : withoutSecrets(member, depth + 1),
    ]),
  )
}

/** Dates, buffers and the like write themselves. */
function isPlain(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value)
  return prototype === Object.prototype || prototype === null || !('toJSON' in value)
}
