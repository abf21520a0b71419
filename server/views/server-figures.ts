import type { ServerFigures } from '../../protocol/server-views.ts'
import type { Roster, Server } from '../inventory/roster.ts'
import type { Rule } from '../rules/pack.ts'
import { verdictViews } from '../rules/rule-views.ts'
import type { Standings } from '../rules/standings.ts'
import type { CurrentValues } from '../stores/current-values.ts'
import { filesystemsOf, newestReading } from './tile.ts'

export type FiguresDeps = { roster: Roster; current: CurrentValues; standings: Standings; rules: readonly Rule[] }

/** What is in memory of a server; null when there is none with this id. */
export function readServerFigures(deps: FiguresDeps, id: string): ServerFigures | null {
  const server = deps.roster.get(id)
  if (server === undefined) return null
  const bootedS = deps.current.of(id, 'node_boot_time_seconds')[0]?.value
  return {
    agent: agentOf(server, deps.current),
    bootedAt: bootedS === undefined ? null : Math.round(bootedS * 1000),
    filesystems: filesystemsOf(id, deps.current),
    interfaces: interfacesOf(id, deps.current),
    verdicts: verdictViews(deps.rules, deps.standings, id),
  }
}

function agentOf(server: Server, current: CurrentValues): ServerFigures['agent'] {
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

function interfacesOf(id: string, current: CurrentValues): ServerFigures['interfaces'] {
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
