// What the store needs in InfluxDB before it can work: the database, its retention policies, and what was let go.
import { StorageError } from '../../durable/storage-error.ts'
import type { InfluxClient } from './influx-client.ts'
import { keyOf, literal, quoted, VALUE_FIELD } from './influx-names.ts'
import { createKnownSeries, type KnownSeries } from './known-series.ts'

/** Where samples are, and where the store keeps what it must know of itself. No metric has a blank in its name. */
export const RAW_POLICY = 'pantau_raw'
export const OWN_POLICY = 'pantau_own'
export const OWN_MEASUREMENT = 'pantau store'

const HOUR_MS = 3_600_000
/** So much longer than we let samples in, so that clocks which differ a little lose none. */
const SPARE_HOURS = 2

export type InfluxState = { known: KnownSeries; horizon: number }

/** Makes what is missing, and reads which series there are. Errors: StorageError. */
export async function setUpInflux(deps: {
  client: InfluxClient
  database: string
  retentionMs: number | undefined
}): Promise<InfluxState> {
  const { client, database, retentionMs } = deps
  const rawHours = retentionMs === undefined ? null : Math.ceil(retentionMs / HOUR_MS) + SPARE_HOURS
  await ensurePolicies(client, database, [
    { name: RAW_POLICY, hours: rawHours, isDefault: true },
    { name: OWN_POLICY, hours: null, isDefault: false },
  ])
  const own = `${quoted(database)}.${quoted(OWN_POLICY)}.${quoted(OWN_MEASUREMENT)}`
  const [noted] = await client.query(`SELECT last(${VALUE_FIELD}) FROM ${own} WHERE "name" = 'horizon'`)
  const horizon = Number(noted?.values[0]?.[1] ?? 0)
  const known = createKnownSeries()
  const raw = `${quoted(database)}.${quoted(RAW_POLICY)}./.*/`
  const newest = await client.query(`SELECT last(${VALUE_FIELD}) FROM ${raw} WHERE time >= ${horizon}ms GROUP BY *`)
  for (const { name, tags, values } of newest) {
    const [at, value] = values[0] ?? []
    if (typeof at === 'number' && typeof value === 'number') known.saw(keyOf(name ?? '', tags ?? {}), at, value)
  }
  return { known, horizon }
}

type Policy = { name: string; hours: number | null; isDefault: boolean }

/** Only an administrator may make them; whoever may not can still work with what an administrator has made. */
async function ensurePolicies(client: InfluxClient, database: string, policies: readonly Policy[]): Promise<void> {
  const refusals: string[] = []
  const attempt = (statement: string) =>
    client.query(statement).catch((error: unknown) => {
      if (!(error instanceof StorageError) || error.code !== 'storage-failed') throw error
      refusals.push(error.message)
      return []
    })
  await attempt(`CREATE DATABASE ${quoted(database)}`)
  const [before] = await attempt(`SHOW RETENTION POLICIES ON ${quoted(database)}`)
  const durations = new Map(before?.values.map(([name, duration]) => [String(name), String(duration)]))
  for (const { name, hours, isDefault } of policies) {
    const wanted = hours === null ? '0s' : `${hours}h0m0s`
    if (durations.get(name) === wanted) continue
    const verb = durations.has(name) ? 'ALTER' : 'CREATE'
    const duration = `DURATION ${hours === null ? 'INF' : `${hours}h`} REPLICATION 1${isDefault ? ' DEFAULT' : ''}`
    await attempt(`${verb} RETENTION POLICY ${quoted(name)} ON ${quoted(database)} ${duration}`)
  }
  const [after] = await attempt(`SHOW RETENTION POLICIES ON ${quoted(database)}`)
  const present = new Set(after?.values.map(([name]) => String(name)))
  const missing = policies.filter(({ name }) => !present.has(name)).map(({ name }) => name)
  if (missing.length === 0) return
  throw new StorageError(
    'storage-failed',
    `the database ${literal(database)} lacks the retention policies ${missing.join(', ')}: ${refusals.join('; ')}`,
  )
}
