// Hosts that a writer speaks for. Each becomes a server of its own at first sight, bound to that writer: what another
// writer calls by the same name is another server, so nobody can write into what is not theirs.
import { COLLECTOR } from '../access/actor.ts'
import { appendAudit } from '../access/audit.ts'
import type { WriterIdentity } from '../access/writer-keys.ts'
import { newId } from '../platform/ids.ts'
import type { ChangeFeed } from '../stores/change-feed.ts'
import type { Records, RecordsTransaction } from '../stores/records/records.ts'
import { freeSlug } from './free-slug.ts'
import type { Roster } from './roster.ts'

export type WriterHost = { agentId: string; deviceId: string }

/** `removed`: a person took this host off the wall, or revoked it; `too-many`: the writer has as many as it may. */
export type HostAnswer = { kind: 'host'; host: WriterHost } | { kind: 'removed' } | { kind: 'too-many' }

export type WriterHosts = {
  /** The host of this name, made when it is new. `version` is what the client calls itself. */
  find(writer: WriterIdentity, hostname: string, version: string): Promise<HostAnswer>
  /** Call it when the record of a device changed. */
  forget(deviceId: string): void
}

export function createWriterHosts(deps: {
  records: Records
  roster: Roster
  changes: ChangeFeed
  now: () => number
}): WriterHosts {
  const { records, roster, changes, now } = deps
  const known = new Map<string, WriterHost>()
  let forgotten = 0
  // One after the other: two requests must not make the same host twice, nor pass the limit together.
  let turn: Promise<unknown> = Promise.resolve()

  async function findOrMake(writer: WriterIdentity, hostname: string, version: string): Promise<HostAnswer> {
    const key = `${writer.id} ${hostname}`
    const remembered = known.get(key)
    if (remembered !== undefined) return { kind: 'host', host: remembered }
    const forgottenBefore = forgotten
    const { answer, isNew } = await records
      .transaction()
      .execute(tx => readOrMake(tx, writer, hostname, version, now()))
    if (answer.kind !== 'host') return answer
    if (isNew) {
      await roster.refresh(answer.host.deviceId)
      changes.append({ kind: 'server', id: answer.host.deviceId })
    }
    // Unless a person changed something meanwhile: then it is read again next time.
    if (isNew || forgotten === forgottenBefore) known.set(key, answer.host)
    return answer
  }

  return {
    find(writer, hostname, version) {
      const host = known.get(`${writer.id} ${hostname}`)
      if (host !== undefined) return Promise.resolve({ kind: 'host', host })
      const found = turn.then(() => findOrMake(writer, hostname, version))
      turn = found.catch(() => undefined)
      return found
    },
    forget(deviceId) {
      forgotten += 1
      for (const [key, host] of known) if (host.deviceId === deviceId) known.delete(key)
    },
  }
}

async function readOrMake(
  tx: RecordsTransaction,
  writer: WriterIdentity,
  hostname: string,
  version: string,
  at: number,
): Promise<{ answer: HostAnswer; isNew: boolean }> {
  const found = await tx
    .selectFrom('agent')
    .innerJoin('device', 'device.id', 'agent.device_id')
    .select(['agent.id as agentId', 'device.id as deviceId', 'agent.revoked_at', 'device.removed_at'])
    .where('agent.writer_id', '=', writer.id)
    .where('agent.hostname', '=', hostname)
    .executeTakeFirst()
  if (found !== undefined) {
    const { agentId, deviceId, revoked_at: revokedAt, removed_at: removedAt } = found
    if (revokedAt !== null || removedAt !== null) return { answer: { kind: 'removed' }, isNew: false }
    return { answer: { kind: 'host', host: { agentId, deviceId } }, isNew: false }
  }
  const { hosts } = await tx
    .selectFrom('agent')
    .select(eb => eb.fn.countAll<number>().as('hosts'))
    .where('writer_id', '=', writer.id)
    .executeTakeFirstOrThrow()
  if (hosts >= writer.maxHosts) return { answer: { kind: 'too-many' }, isNew: false }

  const deviceId = newId(at)
  const agentId = newId(at)
  await tx
    .insertInto('device')
    .values({
      ...{ id: deviceId, slug: await freeSlug(tx, hostname), name: hostname, kind: 'server' },
      ...{ machine_id: null, created_at: at, removed_at: null },
    })
    .execute()
  await tx
    .insertInto('agent')
    .values({
      ...{ id: agentId, device_id: deviceId, kind: 'writer', hostname, version, interval_ms: writer.intervalMs },
      // It has no key of its own: no key hashes to this.
      ...{ key_hash: `writer ${agentId}`, writer_id: writer.id, enrolled_at: at },
      ...{ last_contact_at: null, last_sample_at: null, skew_ms: null, revoked_at: null },
    })
    .execute()
  await appendAudit(tx, {
    at,
    actor: COLLECTOR,
    action: 'writer.host',
    subject: agentId,
    detail: { writerId: writer.id, deviceId, hostname },
  })
  return { answer: { kind: 'host', host: { agentId, deviceId } }, isNew: true }
}
