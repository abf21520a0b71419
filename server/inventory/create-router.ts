import { z } from 'zod'
import { CALLS } from '../../protocol/api.ts'
import { newAgentKey } from '../access/agent-keys.ts'
import { defineVerb, type VerbContext, type VerbDeps } from '../access/verb.ts'
import { newId } from '../platform/ids.ts'
import { freeSlug } from './free-slug.ts'

const PUSH_EVERY_MS = 60_000

/**
 * Adds a router that pushes, with a key of its own; the key is answered this once. `refuseEnrolment` throws while routers
 * could not find this collector.
 */
export const createRouter = defineVerb({
  name: 'router.create',
  permission: 'agents:write',
  input: z.strictObject({ ...CALLS.createRouter.body.shape }),
  async run({ deps, tx, at }: VerbContext<VerbDeps & { refuseEnrolment?: () => void }>, input) {
    deps.refuseEnrolment?.()
    const { key, keyHash } = newAgentKey()
    const deviceId = newId(at)
    const agentId = newId(at)
    const slug = await freeSlug(tx, input.name)
    await tx
      .insertInto('device')
      .values({
        ...{ id: deviceId, slug, name: input.name, kind: 'router', machine_id: null, created_at: at, removed_at: null },
      })
      .execute()
    await tx
      .insertInto('agent')
      .values({
        id: agentId,
        device_id: deviceId,
        kind: 'push',
        hostname: input.name,
        version: input.system,
        key_hash: keyHash,
        interval_ms: PUSH_EVERY_MS,
        enrolled_at: at,
        ...{ last_contact_at: null, last_sample_at: null, skew_ms: null, revoked_at: null },
        ...{
          enrolment_token_id: null,
          bundle_arch: null,
          bundle_sequence: null,
          upgrade_to: null,
          upgrade_failed: null,
        },
      })
      .execute()
    return { agentId, deviceId, key, system: input.system }
  },
  audit: (input, { agentId, deviceId }) => ({
    subject: agentId,
    detail: { deviceId, name: input.name, system: input.system },
  }),
  committed: (deps, _input, { deviceId }) => deps.changes.append({ kind: 'server', id: deviceId }),
})
