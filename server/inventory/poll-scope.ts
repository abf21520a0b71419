// For which devices an agent may deliver: those that it polls, and for a while those that it polled before.

import type { Records } from '../stores/records/records.ts'
import { probedBy } from './probe-queries.ts'

export type PollScope = {
  /** Those of `subjectIds` that this agent may not speak for. */
  foreign(agentId: string, subjectIds: Iterable<string>): Promise<Set<string>>
  /** Call it after the commit that changed who polls what. */
  forget(): void
}

/** As long as samples may come late, and a day more for clocks. */
const LATE_MS = 31 * 24 * 3_600_000

export function createPollScope(deps: { records: Records; now: () => number }): PollScope {
  let known = new Map<string, Promise<Map<string, number | null>>>()

  async function read(agentId: string): Promise<Map<string, number | null>> {
    const rows = await deps.records
      .selectFrom('poll_assignment')
      .select(['device_id', 'until_ms'])
      .where('agent_id', '=', agentId)
      .orderBy('from_ms')
      .execute()
    const scope = new Map(rows.map(row => [row.device_id, row.until_ms]))
    for (const { subjectId, until } of await probedBy(deps.records, agentId)) {
      if (scope.get(subjectId) !== null) scope.set(subjectId, until)
    }
    return scope
  }

  return {
    async foreign(agentId, subjectIds) {
      const reading = known.get(agentId) ?? read(agentId)
      known.set(agentId, reading)
      reading.catch(() => known.delete(agentId))
      const scope = await reading
      const isForeign = (id: string): boolean => {
        const until = scope.get(id)
        return until === undefined || (until !== null && until < deps.now() - LATE_MS)
      }
      return new Set([...new Set(subjectIds)].filter(isForeign))
    },
    forget() {
      known = new Map()
    },
  }
}
