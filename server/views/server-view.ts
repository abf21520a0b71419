import type { ServerView } from '../../protocol/server-views.ts'
import { availabilityOf, historyOf, readIntervals, upUntil } from '../availability/history.ts'
import { evidenceLastsMs } from '../availability/subject-state.ts'
import { listIncidents } from '../incidents/incident-queries.ts'
import { factsOf } from '../inventory/fact-queries.ts'
import { placeOf } from '../inventory/place-queries.ts'
import type { Roster, Server } from '../inventory/roster.ts'
import { ProblemError } from '../platform/problem-error.ts'
import type { Rule } from '../rules/pack.ts'
import { verdictViews } from '../rules/rule-views.ts'
import type { Standings } from '../rules/standings.ts'
import type { CurrentValue, CurrentValues } from '../stores/current-values.ts'
import type { Records } from '../stores/records/records.ts'
import { filesystemsOf, newestReading } from './tile.ts'
import type { Wall } from './wall.ts'

const DAY_MS = 86_400_000
const AVAILABILITY_DAYS = 30

/** Everything about one server. Errors: `not-found`. */
export async function readServerView(
  deps: {
    records: Records
    roster: Roster
    current: CurrentValues
    standings: Standings
    rules: readonly Rule[]
    wall: Wall
  },
  id: string,
  at: number,
): Promise<ServerView> {
  const server = deps.roster.get(id)
  const tile = deps.wall.tile(id, at)
  if (server === undefined || tile === null) throw new ProblemError('not-found', 'There is no server with this id')
  const month = { from: Math.max(server.createdAt, at - AVAILABILITY_DAYS * DAY_MS), to: at }
  const recorded = await readIntervals(deps.records, id, { from: Math.min(month.from, at - DAY_MS), to: at })
  const known = upUntil(recorded, at, evidenceLastsMs(tile.intervalMs))
  const bootedS = deps.current.of(id, 'node_boot_time_seconds')[0]?.value
  return {
    tile,
    agent: agentOf(server, deps.current),
    bootedAt: bootedS === undefined ? null : Math.round(bootedS * 1000),
    place: await placeOf(deps.records, id),
    facts: await factsOf(deps.records, id),
    filesystems: filesystemsOf(id, deps.current),
    interfaces: interfacesOf(id, deps.current),
    metrics: metricsOf(deps.current.all(id)),
    verdicts: verdictViews(deps.rules, deps.standings, id),
    incidents: await listIncidents(deps.records, { subject: id, limit: 50 }),
    history: historyOf(known, { from: at - DAY_MS, to: at }),
    availability: availabilityOf(known, month),
  }
}

function agentOf(server: Server, current: CurrentValues): ServerView['agent'] {
  const { agent } = server
  if (agent === null) return null
  const newest = (metric: string) => current.of(server.id, metric)[0]?.value ?? null
  const durations = new Map(
    current.of(server.id, 'source_duration_seconds').map(({ labels, value }) => [labels.source, value]),
  )
  return {
    id: agent.id,
    version: agent.version,
    enrolledAt: agent.enrolledAt,
    lastContactAt: agent.lastContactAt,
    skewMs: agent.skewMs,
    revoked: agent.revokedAt !== null,
    sources: current
      .of(server.id, 'source_ok')
      .map(({ labels, value }) => ({
        name: labels.source ?? '',
        state: value === 1 ? ('ok' as const) : ('failing' as const),
        durationS: durations.get(labels.source) ?? null,
      }))
      .sort((left, right) => (left.name < right.name ? -1 : 1)),
    spool: {
      bytes: newest('pantau_agent_spool_bytes'),
      secondsLeft: newest('pantau_agent_spool_seconds_left'),
      droppedBatches: newest('pantau_agent_spool_dropped_batches'),
    },
  }
}

function metricsOf(values: readonly CurrentValue[]): ServerView['metrics'] {
  return [...Map.groupBy(values, ({ metric }) => metric)]
    .map(([metric, series]) => ({
      metric,
      series: series.length,
      newestAt: series.reduce((newest, { at }) => Math.max(newest, at), 0),
    }))
    .sort((left, right) => (left.metric < right.metric ? -1 : 1))
}

function interfacesOf(id: string, current: CurrentValues): ServerView['interfaces'] {
  const bitsOf = (metric: string) =>
    new Map(newestReading(current.of(id, metric)).map(({ labels, value }) => [labels.device ?? '', value * 8]))
  const receive = bitsOf('node_network_receive_bytes_per_second')
  const transmit = bitsOf('node_network_transmit_bytes_per_second')
  return [...new Set([...receive.keys(), ...transmit.keys()])].sort().map(device => ({
    device,
    receiveBps: receive.get(device) ?? null,
    transmitBps: transmit.get(device) ?? null,
  }))
}
