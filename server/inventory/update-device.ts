import { z } from 'zod'
import { CALLS } from '../../protocol/api.ts'
import { recordId } from '../../protocol/shapes.ts'
import { defineVerb, type VerbContext, type VerbDeps } from '../access/verb.ts'
import type { AssignmentBook } from './assignments.ts'
import { requireCredential } from './credential-secrets.ts'
import { requirePolled } from './device-queries.ts'
import { assignPoller, requirePoller } from './poller.ts'

/** Changes a polled device; its history stays. Errors: `not-found`, `wrong-state` (an agent that can't poll). */
export const updateDevice = defineVerb({
  name: 'device.update',
  permission: 'inventory:write',
  input: z.strictObject({ id: recordId, ...CALLS.updateDevice.body.shape }),
  async run({ tx, at }: VerbContext<VerbDeps & { assignments: AssignmentBook }>, input) {
    const { id, name, kind, ...polling } = input
    const before = await requirePolled(tx, id)
    const agentId = polling.agentId === undefined ? before.agent_id : await requirePoller(tx, polling.agentId)
    if (polling.credentialId !== undefined) await requireCredential(tx, polling.credentialId)
    if (agentId !== before.agent_id) await assignPoller(tx, id, agentId, at)
    await tx
      .updateTable('polled_device')
      .set({
        ...{ agent_id: agentId, assigned_at: agentId === before.agent_id ? before.assigned_at : at },
        credential_id: polling.credentialId ?? before.credential_id,
        address: polling.address ?? before.address,
        port: polling.port ?? before.port,
        interval_ms: polling.intervalMs ?? before.interval_ms,
        timeout_ms: polling.timeoutMs ?? before.timeout_ms,
        retries: polling.retries ?? before.retries,
        trap_port: polling.trapPort === undefined ? before.trap_port : polling.trapPort,
      })
      .where('device_id', '=', id)
      .execute()
    if (name !== undefined || kind !== undefined) {
      await tx
        .updateTable('device')
        .set({ ...(name === undefined ? {} : { name }), ...(kind === undefined ? {} : { kind }) })
        .where('id', '=', id)
        .execute()
    }
    return { agentIds: [...new Set([agentId, before.agent_id])] }
  },
  audit: ({ id, ...values }) => ({ subject: id, detail: values }),
  committed: (deps, { id }, { agentIds }) => {
    for (const agentId of agentIds) deps.assignments.changed(agentId)
    deps.changes.append({ kind: 'server', id })
  },
})
