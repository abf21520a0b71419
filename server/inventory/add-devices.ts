import { z } from 'zod'
import { CALLS } from '../../protocol/api.ts'
import { defineVerb, type VerbContext, type VerbDeps } from '../access/verb.ts'
import { newId } from '../platform/ids.ts'
import type { AssignmentBook } from './assignments.ts'
import { requireCredential } from './credential-secrets.ts'
import { freeSlug } from './free-slug.ts'
import { requireKept } from './place-queries.ts'
import { assignPoller, requirePoller } from './poller.ts'

/** Has devices polled. Errors: `not-found` (agent, credential, agency, site), `wrong-state` (an agent that can't poll). */
export const addDevices = defineVerb({
  name: 'device.add',
  permission: 'inventory:write',
  input: z.strictObject({ ...CALLS.addDevices.body.shape }),
  async run({ tx, at }: VerbContext<VerbDeps & { assignments: AssignmentBook }>, input) {
    const agentId = await requirePoller(tx, input.agentId)
    await requireCredential(tx, input.credentialId)
    await requireKept(tx, 'agency', input.agencyId)
    await requireKept(tx, 'site', input.siteId)
    const polled = await tx
      .selectFrom('polled_device')
      .innerJoin('device', 'device.id', 'polled_device.device_id')
      .select(['device_id', 'address'])
      .where('port', '=', input.port)
      .where('agent_id', '=', agentId)
      .where('device.removed_at', 'is', null)
      .execute()
    const knownAt = new Map(polled.map(row => [row.address, row.device_id]))
    const added: { id: string; address: string }[] = []
    const known: { id: string; address: string }[] = []
    for (const { address, name = address, kind = 'router' } of input.devices) {
      const knownId = knownAt.get(address)
      if (knownId !== undefined) {
        known.push({ id: knownId, address })
        continue
      }
      const id = newId(at)
      await tx
        .insertInto('device')
        .values({
          ...{ id, slug: await freeSlug(tx, name), name, kind, machine_id: null, created_at: at, removed_at: null },
          ...{ agency_id: input.agencyId, site_id: input.siteId },
        })
        .execute()
      await tx
        .insertInto('polled_device')
        .values({
          ...{ device_id: id, agent_id: agentId, credential_id: input.credentialId, address, port: input.port },
          ...{ interval_ms: input.intervalMs, timeout_ms: input.timeoutMs, retries: input.retries },
          ...{ trap_port: input.trapPort, assigned_at: at },
          ...{ last_polled_at: null, last_heard_at: null, discovered_at: null, identity_key: null, identity: null },
          ...{ not_offered: null, conflict: null },
        })
        .execute()
      await assignPoller(tx, id, agentId, at)
      knownAt.set(address, id)
      added.push({ id, address })
    }
    return { agentId, added, known }
  },
  audit: (input, { agentId, added, known }) => ({
    subject: agentId,
    detail: {
      credentialId: input.credentialId,
      agencyId: input.agencyId,
      siteId: input.siteId,
      added,
      alreadyPolled: known.length,
    },
  }),
  committed: (deps, _input, { agentId, added }) => {
    deps.assignments.changed(agentId)
    for (const { id } of added) deps.changes.append({ kind: 'server', id })
  },
})
