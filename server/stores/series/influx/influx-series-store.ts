// The series store on an InfluxDB 1.x that the city has already. What InfluxDB can't hold while it is away waits in the
// ingest journal: an append is refused then, and the journal's consumer repeats it.
import { StorageError } from '../../durable/storage-error.ts'
import { checkEntries, checkKey, entriesOfColumns } from '../append-limits.ts'
import { checkPercentile, percentileOfPoints } from '../percentile.ts'
import { frozenKey } from '../series-key.ts'
import type { AppendReport, SeriesEntry, SeriesStore, SeriesStoreHealth } from '../series-store.ts'
import { createInfluxClient, type InfluxAddress } from './influx-client.ts'
import { encodeText, quoted } from './influx-names.ts'
import { createInfluxReader } from './influx-reading.ts'
import { type InfluxState, OWN_MEASUREMENT, OWN_POLICY, setUpInflux } from './influx-setup.ts'
import { writeGroup } from './influx-writing.ts'

export type InfluxSeriesStoreDeps = InfluxAddress & {
  now: () => number
  /** How long samples are kept: the duration of the retention policy. Left out, for good. */
  retentionMs?: number
  /** Appends that arrive within this time go in one write. */
  groupMs?: number
}

type Waiting = {
  entries: readonly SeriesEntry[]
  resolve: (report: AppendReport) => void
  reject: (error: unknown) => void
}

const CHECK_DEADLINE_MS = 5_000
/** As measured: a map entry with its key and labels. */
const BYTES_A_SERIES = 600

/** Opens without asking InfluxDB anything: it may be away. The first call that needs it sets up what is missing. */
export function createInfluxSeriesStore(deps: InfluxSeriesStoreDeps): SeriesStore {
  const { database, now, retentionMs, groupMs = 5 } = deps
  const client = createInfluxClient(deps)
  const reader = createInfluxReader({ client, database })
  let settingUp: Promise<InfluxState> | null = null
  let waiting: Waiting[] = []
  let writing: Promise<void> | null = null
  let closed = false

  /** The state, read once; what failed is tried anew by the next call. */
  function state(): Promise<InfluxState> {
    if (closed) return Promise.reject(new StorageError('closed', 'the series store is closed'))
    settingUp ??= setUpInflux({ client, database, retentionMs }).catch((error: unknown) => {
      settingUp = null
      throw error
    })
    return settingUp
  }

  /** A database that somebody dropped is made again, and read again. */
  async function withState<T>(work: (state: InfluxState) => Promise<T>): Promise<T> {
    const present = await state()
    try {
      return await work(present)
    } catch (error) {
      if (error instanceof StorageError && /(database|retention policy) not found/.test(error.message)) settingUp = null
      throw error
    }
  }

  const since = ({ horizon }: InfluxState) => Math.max(horizon, retentionMs === undefined ? 0 : now() - retentionMs)

  async function writeWaiting(): Promise<void> {
    await new Promise(resolve => setTimeout(resolve, groupMs))
    while (waiting.length > 0) {
      const group = waiting
      waiting = []
      try {
        const entries = group.map(one => one.entries)
        const reports = await withState(one =>
          writeGroup({ client, database, known: one.known, now: now(), horizon: since(one) }, entries),
        )
        for (const [index, report] of reports.entries()) group[index]?.resolve(report)
      } catch (error) {
        for (const { reject } of group) reject(error)
      }
    }
    writing = null
  }

  async function noteOwn(name: string, value: number, deadlineMs?: number): Promise<void> {
    await client.write([{ measurement: OWN_MEASUREMENT, tags: { name }, at: 1, value }], OWN_POLICY, deadlineMs)
  }

  const range: SeriesStore['range'] = query => withState(one => reader.range(query, since(one)))
  const growth: SeriesStore['growth'] = query => withState(one => reader.growth(query, since(one)))

  function append(entries: readonly SeriesEntry[]): Promise<AppendReport> {
    return new Promise((resolve, reject) => {
      waiting.push({ entries, resolve, reject })
      writing ??= writeWaiting()
    })
  }

  const assertOpen = () => {
    if (closed) throw new StorageError('closed', 'the series store is closed')
  }

  return {
    async append(entries) {
      assertOpen()
      checkEntries(entries)
      return await append(entries)
    },
    async appendColumns(columns) {
      assertOpen()
      return await append(entriesOfColumns(columns))
    },
    ownKey(key) {
      checkKey(key, 'key')
      return frozenKey(key)
    },
    latest: (filter = {}) => withState(async one => one.known.latest(filter, since(one))),
    listSeries: (filter = {}) => withState(async one => one.known.latest(filter, since(one)).map(({ key }) => key)),
    range,
    growth,
    async percentile({ percentile, of, ...window }) {
      checkPercentile(percentile)
      const series = await ('aggregate' in of ? range({ ...window, ...of }) : growth({ ...window, ...of }))
      return series.flatMap(({ key, points }) => {
        const found = percentileOfPoints(points, percentile)
        return found === null ? [] : [{ key, ...found }]
      })
    },
    raw: query => withState(one => reader.raw(query, since(one))),

    forgetBefore: at =>
      withState(async one => {
        if (at <= one.horizon) return
        // Noted first: what is hidden may be deleted later, what is deleted must not come back.
        await noteOwn('horizon', at)
        one.horizon = at
        for (const metric of one.known.metrics()) {
          await client.query(`DELETE FROM ${quoted(encodeText(metric))} WHERE time < ${at}ms`)
        }
        one.known.forgetBefore(at)
      }),

    size: () =>
      withState(async one => {
        const series = one.known.count(since(one))
        const [samples, bytes] = [await reader.count(), await diskBytes()]
        return { series, samples, bytes, memoryBytes: series * BYTES_A_SERIES, memoryLimitBytes: null }
      }),

    async backup() {
      throw new StorageError('not-supported', 'InfluxDB is backed up by its own command: influxd backup -portable')
    },

    async check(): Promise<SeriesStoreHealth> {
      try {
        await withState(() => noteOwn('check', now(), CHECK_DEADLINE_MS))
        return { ok: true, problems: [] }
      } catch (error) {
        const failure = error instanceof StorageError ? error : new StorageError('storage-failed', String(error))
        return { ok: false, problems: [{ code: failure.code, message: failure.message }] }
      }
    },

    async close() {
      await writing
      closed = true
    },
  }

  /** Of all shards of the database. Only an administrator may know; to others it is 0. */
  async function diskBytes(): Promise<number> {
    const rows = await client.query(`SHOW STATS FOR 'shard'`).catch(() => [])
    return rows
      .filter(({ tags }) => tags?.database === database)
      .reduce((total, { columns, values }) => {
        const bytes = values[0]?.[columns.indexOf('diskBytes')]
        return total + (typeof bytes === 'number' ? bytes : 0)
      }, 0)
  }
}
