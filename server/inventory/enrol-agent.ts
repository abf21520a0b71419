import type { Enrolled, Enrolment } from '../../protocol/batch.ts'
import { COLLECTOR } from '../access/actor.ts'
import { newAgentKey } from '../access/agent-keys.ts'
import { appendAudit } from '../access/audit.ts'
import { redeemEnrolmentToken } from '../access/redeem-enrolment-token.ts'
import { newId } from '../platform/ids.ts'
import { ProblemError } from '../platform/problem-error.ts'
import type { Records, RecordsTransaction } from '../stores/records/records.ts'
import { freeSlug } from './free-slug.ts'

/** An agent of the same machine that spoke this recently is alive: a second one under another name is a clone. */
const ALIVE_MS = 60_000
const DEFAULT_INTERVAL_MS = 10_000

/**
 * Takes a machine in: the device is found again by its machine id (so a reinstalled agent keeps its history) or made,
 * and gets a new agent key; keys that the device had before stop working.
 * Errors: `unauthenticated` (token), `identity-conflict` (a live machine with the same id and another name).
 */
export async function enrolAgent(
  deps: { records: Records; now: () => number },
  request: { tokenSecret: string; enrolment: Enrolment },
): Promise<Enrolled & { replacedAgentIds: string[] }> {
  const at = deps.now()
  const { enrolment } = request
  const { key, keyHash } = newAgentKey()
  return await deps.records.transaction().execute(async tx => {
    const { id: tokenId } = await redeemEnrolmentToken(tx, request.tokenSecret, at)
    const token = await tx
      .selectFrom('enrolment_token')
      .select('created_by')
      .where('id', '=', tokenId)
      .executeTakeFirstOrThrow()
    const deviceId = await findOrMakeDevice(tx, enrolment, at)
    const before = await tx
      .selectFrom('agent')
      .select(['id', 'kind'])
      .where('device_id', '=', deviceId)
      .where('revoked_at', 'is', null)
      .execute()
    if (before.length > 0) {
      await tx
        .updateTable('agent')
        .set({ revoked_at: at })
        .where('device_id', '=', deviceId)
        .where('revoked_at', 'is', null)
        .execute()
    }
    const agentId = newId(at)
    await tx
      .insertInto('agent')
      .values({
        id: agentId,
        device_id: deviceId,
        // A token that the collector made for itself is for the agent beside it.
        kind: token.created_by === COLLECTOR.id ? 'noc' : 'remote',
        hostname: enrolment.hostname,
        version: enrolment.agentVersion,
        key_hash: keyHash,
        interval_ms: DEFAULT_INTERVAL_MS,
        enrolled_at: at,
        last_contact_at: null,
        last_sample_at: null,
        skew_ms: null,
        revoked_at: null,
        writer_id: null,
        enrolment_token_id: tokenId,
        bundle_arch: null,
        bundle_sequence: null,
        upgrade_to: null,
        upgrade_failed: null,
      })
      .execute()
    await appendAudit(tx, {
      at,
      actor: COLLECTOR,
      action: 'agent.enrol',
      subject: agentId,
      detail: {
        deviceId,
        enrolmentTokenId: tokenId,
        hostname: enrolment.hostname,
        replaced: before.map(({ id }) => id),
      },
    })
    return { agentId, deviceId, key, replacedAgentIds: before.map(({ id }) => id) }
  })
}

async function findOrMakeDevice(tx: RecordsTransaction, enrolment: Enrolment, at: number): Promise<string> {
  const known = await tx
    .selectFrom('device')
    .leftJoin('agent', join => join.onRef('agent.device_id', '=', 'device.id').on('agent.revoked_at', 'is', null))
    .select(['device.id', 'device.removed_at', 'agent.hostname', 'agent.last_contact_at'])
    .where('device.machine_id', '=', enrolment.machineId)
    .executeTakeFirst()
  if (known !== undefined) {
    const alive = known.last_contact_at !== null && known.last_contact_at > at - ALIVE_MS
    if (alive && known.hostname !== enrolment.hostname) {
      throw new ProblemError(
        'identity-conflict',
        `${known.hostname} is alive with the same machine id: ${enrolment.hostname} looks like its clone. ` +
          'Give the clone an identity of its own (systemd-machine-id-setup after removing /etc/machine-id).',
      )
    }
    await tx
      .updateTable('device')
      .set({
        removed_at: null,
        name: enrolment.hostname,
        // Nobody owed anything for a server that was off the wall: it is watched anew from here on.
        ...(known.removed_at === null ? {} : { created_at: at }),
      })
      .where('id', '=', known.id)
      .execute()
    return known.id
  }
  const id = newId(at)
  await tx
    .insertInto('device')
    .values({
      id,
      slug: await freeSlug(tx, enrolment.hostname),
      name: enrolment.hostname,
      kind: 'server',
      machine_id: enrolment.machineId,
      created_at: at,
      removed_at: null,
    })
    .execute()
  return id
}
