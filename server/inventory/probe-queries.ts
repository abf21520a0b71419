// What is probed, by whom: the probes that people wrote down, and a ping of each device that is polled.
import { z } from 'zod'
import type { ProbeView } from '../../protocol/links.ts'
import { type ProbeTarget, probeSettings, probeTarget } from '../../protocol/probes.ts'
import { recordId } from '../../protocol/shapes.ts'
import { ProblemError } from '../platform/problem-error.ts'
import type { Records } from '../stores/records/records.ts'
import { readEdges } from './parent-queries.ts'
import { DEFAULT_TIMING, PING, pingOf } from './ping-probe.ts'

const agentIds = z.array(recordId)

/** Probes that were not removed, by name. */
export async function listProbes(records: Records): Promise<ProbeView[]> {
  const rows = await records
    .selectFrom('probe')
    .innerJoin('subject', 'subject.id', 'probe.subject_id')
    .selectAll('probe')
    .where('probe.removed_at', 'is', null)
    .where('subject.removed_at', 'is', null)
    .orderBy('probe.name')
    .execute()
  return rows.map(row => ({
    ...{ id: row.id, subjectId: row.subject_id, name: row.name, decides: row.decides },
    agentIds: agentIds.parse(JSON.parse(row.agent_ids)),
    ...probeSettings.parse(JSON.parse(row.settings)),
  }))
}

/** Errors: `not-found`. */
export async function readProbe(records: Records, id: string): Promise<ProbeView> {
  const found = (await listProbes(records)).find(one => one.id === id)
  if (found === undefined) throw new ProblemError('not-found', 'There is no probe with this id')
  return found
}

/** Also the pings that nobody wrote down: a device that is polled is pinged by its poller, under the device's own id. */
export async function allProbes(records: Records): Promise<ProbeView[]> {
  const written = await listProbes(records)
  const pinged = new Set(written.filter(({ name }) => name === PING).map(({ subjectId }) => subjectId))
  const polled = await records
    .selectFrom('polled_device')
    .innerJoin('device', 'device.id', 'polled_device.device_id')
    .select(['polled_device.device_id', 'polled_device.agent_id', 'polled_device.address'])
    .where('device.removed_at', 'is', null)
    .execute()
  const implied = polled
    .filter(({ device_id }) => !pinged.has(device_id))
    .map(
      (row): ProbeView => ({
        ...{ id: row.device_id, subjectId: row.device_id, name: PING, decides: 'state', agentIds: [row.agent_id] },
        ...{ ...DEFAULT_TIMING, check: pingOf(row.address) },
      }),
    )
  return [...written, ...implied]
}

/** What one agent is to probe; a probe without agents is that of the agent beside the collector. */
export async function probeTargetsOf(records: Records, agentId: string, at: number): Promise<ProbeTarget[]> {
  const agent = await records
    .selectFrom('agent')
    .select('kind')
    .where('id', '=', agentId)
    .where('revoked_at', 'is', null)
    .executeTakeFirst()
  const isOurs = ({ agentIds: ids }: ProbeView) => (ids.length === 0 ? agent?.kind === 'noc' : ids.includes(agentId))
  const parents = Map.groupBy(await readEdges(records, at), ({ childId }) => childId)
  return (await allProbes(records)).filter(isOurs).map(probe =>
    probeTarget.parse({
      ...{ id: probe.id, subject: probe.subjectId, name: probe.name, check: probe.check },
      ...{ everyMs: probe.everyMs, timeoutMs: probe.timeoutMs, figuresEveryMs: probe.figuresEveryMs },
      ...{ failures: probe.failures, retryEveryMs: probe.retryEveryMs, successes: probe.successes },
      parents: (parents.get(probe.subjectId) ?? []).map(({ parentId }) => parentId).sort(),
    }),
  )
}

/** Subjects that an agent probes, or probed until some moment: what it says of them is taken, also when it comes late. */
export async function probedBy(
  records: Records,
  agentId: string,
): Promise<{ subjectId: string; until: number | null }[]> {
  const agent = await records.selectFrom('agent').select('kind').where('id', '=', agentId).executeTakeFirst()
  const rows = await records
    .selectFrom('probe')
    .select(['subject_id', 'agent_ids', 'removed_at'])
    .orderBy('created_at')
    .execute()
  return rows
    .filter(row => {
      const ids = agentIds.parse(JSON.parse(row.agent_ids))
      return ids.length === 0 ? agent?.kind === 'noc' : ids.includes(agentId)
    })
    .map(row => ({ subjectId: row.subject_id, until: row.removed_at }))
}
