// The npm client of InfluxDB 1.x behind two calls with a deadline each. Its own errors stay in here: they carry the whole
// request, and in it the password.
import { InfluxDB, type IPoint } from 'influx'
import { z } from 'zod'
import { StorageError } from '../../durable/storage-error.ts'
import { VALUE_FIELD } from './influx-names.ts'

export type InfluxAddress = { url: string; database: string; username: string | null; password: string | null }

/** Rows of one series; times in ms. */
export type InfluxRows = {
  name?: string | undefined
  tags?: Record<string, string> | undefined
  columns: string[]
  values: unknown[][]
}

/** `at` in ms. */
export type InfluxPoint = {
  measurement: string
  tags: Record<string, string>
  at: number
  value: number
}

export type InfluxClient = {
  /** Rows of all statements, one after the other. Rejects with a StorageError: `unavailable`, `storage-failed`. */
  query(statement: string, deadlineMs?: number): Promise<InfluxRows[]>
  /** Durable when it resolves. Any part may have been written when it rejects. */
  write(points: readonly InfluxPoint[], retentionPolicy: string, deadlineMs?: number): Promise<void>
}

const answerSchema = z.object({
  results: z.array(
    z.object({
      error: z.string().optional(),
      series: z
        .array(
          z.object({
            name: z.string().optional(),
            tags: z.custom<Record<string, string>>().optional(),
            columns: z.array(z.string()),
            values: z.custom<unknown[][]>(value => Array.isArray(value)).default([]),
            partial: z.boolean().optional(),
          }),
        )
        .optional(),
      partial: z.boolean().optional(),
    }),
  ),
})

const DEADLINE_MS = 60_000
/** A host that failed is asked again at once: waiting is the business of whoever asks. */
const NO_WAITING = { getDelay: () => 0, next: () => NO_WAITING, reset: () => NO_WAITING }

export function createInfluxClient({ url, database, username, password }: InfluxAddress): InfluxClient {
  const { protocol, hostname, port, pathname } = new URL(url)
  const isTls = protocol === 'https:'
  const influx = new InfluxDB({
    database,
    host: hostname,
    port: port === '' ? (isTls ? 443 : 80) : Number(port),
    protocol: isTls ? 'https' : 'http',
    path: pathname === '/' ? '' : pathname,
    pool: { maxRetries: 0, requestTimeout: DEADLINE_MS, backoff: NO_WAITING },
    ...(username === null ? {} : { username, password: password ?? '' }),
  })

  return {
    async query(statement, deadlineMs = DEADLINE_MS) {
      const raw: unknown = await guarded(
        influx.queryRaw(statement, { database, precision: 'ms', method: 'POST' }),
        deadlineMs,
      )
      const answer = answerSchema.safeParse(raw)
      if (!answer.success) throw new StorageError('storage-failed', 'InfluxDB answered something that is no answer')
      const { results } = answer.data
      const error = results.find(result => result.error !== undefined)?.error
      if (error !== undefined) throw new StorageError('storage-failed', `InfluxDB refuses: ${error}`)
      const rows = results.flatMap(({ series = [] }) => series)
      if ([...results, ...rows].some(({ partial }) => partial === true)) {
        throw new StorageError('storage-failed', 'InfluxDB cuts its answers: set max-row-limit = 0 under [http]')
      }
      return rows
    },
    async write(points, retentionPolicy, deadlineMs = DEADLINE_MS) {
      if (points.length === 0) return
      await guarded(influx.writePoints(points.map(written), { database, retentionPolicy, precision: 'ms' }), deadlineMs)
    },
  }
}

function written({ measurement, tags, at, value }: InfluxPoint): IPoint {
  return {
    // The client escapes tags and fields, but not the measurement, and takes the number 0 for "no time".
    measurement: measurement.replace(/[, ]/g, '\\$&'),
    tags,
    fields: { [VALUE_FIELD]: value },
    timestamp: String(at),
  }
}

/** When the other side dies amid an answer the client waits for ever: nobody waits longer than the deadline. */
async function guarded<T>(work: Promise<T>, deadlineMs: number): Promise<T> {
  let timer: NodeJS.Timeout | undefined
  const deadline = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`no answer within ${deadlineMs / 1000} s`)), deadlineMs)
  })
  try {
    return await Promise.race([work, deadline])
  } catch (error) {
    throw plainError(error)
  } finally {
    clearTimeout(timer)
  }
}

function plainError(error: unknown): StorageError {
  const message = error instanceof Error ? error.message : String(error)
  const status = Number(/^A (\d{3}) /.exec(message)?.[1] ?? 0)
  if (status === 401 || status === 403) {
    return new StorageError('storage-failed', 'InfluxDB refuses the user name or the password, or grants too little')
  }
  if (status >= 400) {
    const said = /"error":"((?:[^"\\]|\\.)*)"/.exec(message)?.[1] ?? `status ${status}`
    return new StorageError('storage-failed', `InfluxDB refuses: ${said.slice(0, 500)}`)
  }
  return new StorageError('unavailable', `InfluxDB does not answer: ${message.slice(0, 200)}`)
}
