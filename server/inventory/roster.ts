// The servers that are watched now, in memory: rules and walls ask for them every second.
import type { DeviceKind } from '../../protocol/snmp-words.ts'
import type { Records } from '../stores/records/records.ts'

export type Server = {
  id: string
  slug: string
  name: string
  kind: DeviceKind
  createdAt: number
  agent: ServerAgent | null
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
  all(): Server[]
  get(id: string): Server | undefined
  /** Reads one server again after its record changed; drops it when it is gone. */
  refresh(id: string): Promise<void>
  /** What a batch just told; times only move forward. The record itself is written by the same caller. */
  observed(id: string, seen: Partial<ServerAgent>): void
}

export async function createRoster(deps: { records: Records }): Promise<Roster> {
  const servers = new Map<string, Server>()

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
    for (const device of devices) {
      const agent = newest.get(device.id)
      servers.set(device.id, {
        id: device.id,
        slug: device.slug,
        name: device.name,
        kind: device.kind,
        createdAt: device.created_at,
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
  }

  await read()
  const later = (known: number | null, told: number | null | undefined) =>
    known === null || told === null || told === undefined ? (told ?? known) : Math.max(known, told)
  return {
    all: () => [...servers.values()],
    get: id => servers.get(id),
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
  }
}
