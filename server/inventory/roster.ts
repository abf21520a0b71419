// The servers that are watched now, in memory: rules and walls ask for them every second.
import { deviceIdentity } from '../../protocol/snmp.ts'
import type { DeviceKind } from '../../protocol/snmp-words.ts'
import type { Records } from '../stores/records/records.ts'

export type Server = {
  id: string
  slug: string
  name: string
  kind: DeviceKind
  createdAt: number
  /** That speaks for it; null for a device that an agent elsewhere polls. */
  agent: ServerAgent | null
  poll: ServerPoll | null
}
/** How a device is watched that has no agent of its own. */
export type ServerPoll = {
  agentId: string
  /** The machine that the polling agent runs on. */
  pollerId: string
  intervalMs: number
  assignedAt: number
  /** Newest attempt and newest success by the collector's clock. */
  lastPolledAt: number | null
  lastHeardAt: number | null
  simulated: boolean
}
/** By what a state is judged, of whichever kind a device is. */
export type Hearing = {
  intervalMs: number
  /** Since when it is watched. */
  since: number
  lastHeardAt: number | null
  /** Until when somebody listened: for a polled device the newest attempt, else null for "now". */
  listenedUntil: number | null
}
export type ServerAgent = {
  id: string
  kind: 'noc' | 'remote' | 'writer' | 'push'
  version: string
  intervalMs: number
  enrolledAt: number
  lastContactAt: number | null
  /** Newest sample by the collector's clock. */
  lastSampleAt: number | null
  skewMs: number | null
  revokedAt: number | null
}

export type Roster = {
  /** Asked for each second; a list that was given out stays as it is. */
  all(): readonly Server[]
  get(id: string): Server | undefined
  /** Grows whenever a server comes, goes or is read anew; what a batch tells does not count. */
  revision(): number
  /** Reads one server again after its record changed; drops it when it is gone. */
  refresh(id: string): Promise<void>
  /** What a batch just told; times only move forward. The record itself is written by the same caller. */
  observed(id: string, seen: Partial<ServerAgent>): void
  /** What a round of polling just told; times only move forward. */
  polled(id: string, seen: { polledAt: number; heardAt: number | null }): void
}

/** Null for a device that nothing watches. */
export function hearingOf({ agent, poll }: Server): Hearing | null {
  if (agent !== null) {
    const { intervalMs, enrolledAt: since, lastSampleAt: lastHeardAt } = agent
    return { intervalMs, since, lastHeardAt, listenedUntil: null }
  }
  if (poll === null) return null
  const { intervalMs, assignedAt: since, lastHeardAt, lastPolledAt } = poll
  return { intervalMs, since, lastHeardAt, listenedUntil: lastPolledAt ?? since }
}

export async function createRoster(deps: { records: Records }): Promise<Roster> {
  const servers = new Map<string, Server>()
  let revision = 0
  let list: readonly Server[] | null = null

  async function read(id?: string): Promise<void> {
    let query = deps.records.selectFrom('device').selectAll().where('removed_at', 'is', null)
    if (id !== undefined) query = query.where('id', '=', id)
    const devices = await query.execute()
    if (id !== undefined && devices.length === 0) servers.delete(id)
    const agents = await deps.records
      .selectFrom('agent')
      .selectAll()
      .$if(id !== undefined, agentQuery => agentQuery.where('device_id', '=', id ?? ''))
      .orderBy('enrolled_at')
      .execute()
    // The newest enrolment speaks for a device; the ones before it are history.
    const newest = new Map(agents.map(agent => [agent.device_id, agent]))
    const polls = await readPolls(deps.records, id)
    for (const device of devices) {
      const agent = newest.get(device.id)
      servers.set(device.id, {
        id: device.id,
        slug: device.slug,
        name: device.name,
        kind: device.kind,
        createdAt: device.created_at,
        poll: polls.get(device.id) ?? null,
        agent:
          agent === undefined
            ? null
            : {
                id: agent.id,
                kind: agent.kind,
                version: agent.version,
                intervalMs: agent.interval_ms,
                enrolledAt: agent.enrolled_at,
                lastContactAt: agent.last_contact_at,
                lastSampleAt: agent.last_sample_at,
                skewMs: agent.skew_ms,
                revokedAt: agent.revoked_at,
              },
      })
    }
    // Only now: who asks while this reads must not keep what was.
    revision += 1
    list = null
  }

  await read()
  const later = (known: number | null, told: number | null | undefined) =>
    known === null || told === null || told === undefined ? (told ?? known) : Math.max(known, told)
  return {
    all() {
      list ??= [...servers.values()]
      return list
    },
    get: id => servers.get(id),
    revision: () => revision,
    refresh: id => read(id),
    observed(id, seen) {
      const agent = servers.get(id)?.agent
      if (agent === undefined || agent === null) return
      // A late batch tells of an earlier version and rhythm, and of times that have passed.
      const isLate = (seen.lastSampleAt ?? Number.POSITIVE_INFINITY) < (agent.lastSampleAt ?? 0)
      const { version, intervalMs, ...rest } = seen
      Object.assign(agent, isLate ? rest : seen, {
        lastContactAt: later(agent.lastContactAt, seen.lastContactAt),
        lastSampleAt: later(agent.lastSampleAt, seen.lastSampleAt),
      })
    },
    polled(id, { polledAt, heardAt }) {
      const poll = servers.get(id)?.poll
      if (poll === undefined || poll === null) return
      poll.lastPolledAt = later(poll.lastPolledAt, polledAt)
      poll.lastHeardAt = later(poll.lastHeardAt, heardAt)
    },
  }
}

async function readPolls(records: Records, id: string | undefined): Promise<Map<string, ServerPoll>> {
  const rows = await records
    .selectFrom('polled_device')
    .innerJoin('agent', 'agent.id', 'polled_device.agent_id')
    .select(['polled_device.device_id', 'agent_id', 'agent.device_id as poller_id', 'polled_device.interval_ms'])
    .select(['assigned_at', 'last_polled_at', 'last_heard_at', 'identity'])
    .$if(id !== undefined, query => query.where('polled_device.device_id', '=', id ?? ''))
    .execute()
  return new Map(
    rows.map(row => [
      row.device_id,
      {
        ...{ agentId: row.agent_id, pollerId: row.poller_id, intervalMs: row.interval_ms },
        ...{ assignedAt: row.assigned_at, lastPolledAt: row.last_polled_at, lastHeardAt: row.last_heard_at },
        simulated: row.identity !== null && deviceIdentity.parse(JSON.parse(row.identity)).simulated,
      },
    ]),
  )
}
