// What is known of each recovery centre now, from what stands there, what is copied there and what replicas tell.
import type { CoverageView } from '../../protocol/backup-views.ts'
import type { StateBoard } from '../availability/state-board.ts'
import { evidenceLastsMs } from '../availability/subject-state.ts'
import { heartbeatOf, type KeptThere, type RecoveryCentre, type StandsThere } from '../backups/recovery-centre.ts'
import { hearingOf, type Roster } from '../inventory/roster.ts'
import type { DutyPorts } from '../rules/duties/snapshot.ts'
import type { CurrentValues } from '../stores/current-values.ts'
import type { Records } from '../stores/records/records.ts'
import { listLinks } from './links.ts'
import type { Wall } from './wall.ts'

/**
 * How far a replica is behind, in seconds, as exporters of the databases call it; `replication_lag_seconds` for all else.
 * A label `dataset` with the id of a data set says whose replica it is.
 */
const REPLICATION_METRICS = [
  'pg_replication_lag_seconds',
  'mysql_slave_status_seconds_behind_master',
  'mysql_slave_status_seconds_behind_source',
  'replication_lag_seconds',
] as const

export type RecoveryCentreDeps = {
  records: Records
  board: StateBoard
  wall: Pick<Wall, 'tile'>
  roster: Pick<Roster, 'get'>
  current: CurrentValues
  /** What must be copied where, and what was seen. */
  coverage: (records: Records, at: number) => Promise<CoverageView>
  listeningSince: number
}

/** By the id of the site. Empty where no site is a recovery centre. */
export async function readRecoveryCentres(
  deps: RecoveryCentreDeps,
  at: number,
): Promise<ReadonlyMap<string, RecoveryCentre>> {
  const sites = await deps.records
    .selectFrom('site')
    .select('id')
    .where('kind', '=', 'drc')
    .where('removed_at', 'is', null)
    .execute()
  if (sites.length === 0) return new Map()
  const devices = await deps.records
    .selectFrom('device')
    .select(['id', 'name', 'kind', 'site_id'])
    .where('removed_at', 'is', null)
    .where('site_id', 'is not', null)
    .orderBy('name')
    .execute()
  const links = await listLinks(deps, at)
  const copies = copiesOf(await deps.coverage(deps.records, at), at)
  return new Map(
    sites.map(({ id }) => {
      const own = devices.filter(({ site_id }) => site_id === id)
      const ending = links.filter(({ near, far }) => near.siteId === id || far.siteId === id)
      const standsThere: StandsThere[] = [
        ...own.map(device => deviceThere(deps, device, at)),
        ...ending.map(link => ({
          ...{ id: link.id, name: link.name, kind: 'link', heartbeat: null },
          state: link.monitored ? link.standing.state : null,
        })),
      ]
      return [id, { standsThere, keptThere: withStreams(copies, streamsOf(deps, own, at)) }]
    }),
  )
}

/** What the duties ask of other rooms at `at`, beside what their own snapshot reads. */
export async function observedPorts(deps: RecoveryCentreDeps, at: number): Promise<Partial<DutyPorts>> {
  const centres = await readRecoveryCentres(deps, at)
  return { drc: id => centres.get(id) ?? null }
}

function deviceThere(
  deps: RecoveryCentreDeps,
  { id, name, kind }: { id: string; name: string; kind: string },
  at: number,
): StandsThere {
  const server = deps.roster.get(id)
  const hearing = server === undefined ? null : hearingOf(server)
  const isWatched = hearing !== null || deps.board.standing(id, at) !== null
  return {
    ...{ id, name, kind },
    state: isWatched ? (deps.wall.tile(id, at)?.state ?? null) : null,
    heartbeat:
      kind !== 'server'
        ? null
        : deps.board.inMaintenance(id, at) && hearing !== null
          ? 'heard'
          : heartbeatOf(
              hearing === null ? null : { ...hearing, evidenceLastsMs: evidenceLastsMs(hearing.intervalMs) },
              deps.listeningSince,
              at,
            ),
  }
}

/** Of each data set whose class asks for a copy at the recovery centre. */
function copiesOf({ agencies }: CoverageView, at: number): KeptThere[] {
  return agencies.flatMap(({ rows }) =>
    rows.flatMap(({ dataset, urgency, cells }) => {
      const cell = cells.find(({ place }) => place === 'drc')
      if (cell === undefined || !cell.required) return []
      const { state, lastGoodAt } = cell
      const found = lastGoodAt === null ? (state === 'never' ? 'never' : 'unknown') : state === 'late' ? 'late' : 'copy'
      return [
        {
          ...{ what: 'dataset' as const, id: dataset.id, name: dataset.name, urgency, found },
          lagMs: lastGoodAt === null ? null : Math.max(0, at - lastGoodAt),
        },
      ]
    }),
  )
}

type Stream = { kept: KeptThere; dataset: string | undefined }

/** A replica that fell silent falls behind by the time of its silence. */
function streamsOf(
  { current }: RecoveryCentreDeps,
  devices: readonly { id: string; name: string }[],
  at: number,
): Stream[] {
  return devices.flatMap(({ id, name }) =>
    REPLICATION_METRICS.flatMap(metric => current.of(id, metric)).map(value => ({
      kept: {
        ...{ what: 'stream' as const, id, urgency: null, found: 'copy' as const },
        name: [name, ...Object.values(value.labels)].join(' '),
        lagMs: Math.max(0, value.value * 1000 + (at - value.at)),
      },
      dataset: value.labels.dataset,
    })),
  )
}

/** A data set with a replica is as far behind as the nearer of the two; other replicas stand for themselves. */
function withStreams(copies: readonly KeptThere[], streams: readonly Stream[]): KeptThere[] {
  const merged = copies.map(copy => {
    const own = streams.filter(({ dataset }) => dataset === copy.id).map(({ kept }) => kept.lagMs ?? 0)
    if (own.length === 0) return copy
    return { ...copy, found: 'copy' as const, lagMs: Math.min(...own, copy.lagMs ?? Number.POSITIVE_INFINITY) }
  })
  const named = new Set(copies.map(({ id }) => id))
  return [
    ...merged,
    ...streams.filter(({ dataset }) => dataset === undefined || !named.has(dataset)).map(({ kept }) => kept),
  ]
}
