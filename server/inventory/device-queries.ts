import type { Selectable } from 'kysely'
import { z } from 'zod'
import { deviceIdentity } from '../../protocol/snmp.ts'
import { FIGURES } from '../../protocol/snmp-words.ts'
import { ProblemError } from '../platform/problem-error.ts'
import type { Records, RecordsTransaction } from '../stores/records/records.ts'
import type { Tables } from '../stores/records/schema.ts'

export const keptConflict = z.strictObject({
  at: z.number(),
  recorded: z.string(),
  found: z.string(),
  otherId: z.string().nullable(),
  identity: deviceIdentity,
})
export type KeptConflict = z.output<typeof keptConflict>

/** How a device is polled. Errors: `not-found`. */
export async function requirePolled(
  tx: RecordsTransaction,
  deviceId: string,
): Promise<Selectable<Tables['polled_device']>> {
  const row = await tx
    .selectFrom('polled_device')
    .innerJoin('device', 'device.id', 'polled_device.device_id')
    .selectAll('polled_device')
    .where('device_id', '=', deviceId)
    .where('device.removed_at', 'is', null)
    .executeTakeFirst()
  if (row === undefined) throw new ProblemError('not-found', 'There is no polled device with this id')
  return row
}

/** All that are polled now, or the one; with the names of poller and credential. */
export async function readPolled(records: Records, deviceId?: string) {
  const rows = await records
    .selectFrom('polled_device')
    .innerJoin('device', 'device.id', 'polled_device.device_id')
    .innerJoin('agent', 'agent.id', 'polled_device.agent_id')
    .innerJoin('credential', 'credential.id', 'polled_device.credential_id')
    .selectAll('polled_device')
    .select([
      'device.slug',
      'device.name',
      'device.kind',
      'agent.hostname as agent_name',
      'agent.device_id as poller_id',
    ])
    .select('credential.name as credential_name')
    .where('device.removed_at', 'is', null)
    .$if(deviceId !== undefined, query => query.where('polled_device.device_id', '=', deviceId ?? ''))
    .orderBy('device.name')
    .execute()
  return rows.map(({ identity, not_offered: notOffered, conflict, ...row }) => ({
    ...row,
    identity: identity === null ? null : deviceIdentity.parse(JSON.parse(identity)),
    notOffered: notOffered === null ? [] : z.array(z.enum(FIGURES)).parse(JSON.parse(notOffered)),
    conflict: conflict === null ? null : keptConflict.parse(JSON.parse(conflict)),
  }))
}
export type PolledRow = Awaited<ReturnType<typeof readPolled>>[number]

/** What was found of one device. */
export async function readFindings(records: Records, deviceId: string) {
  const interfaces = await records
    .selectFrom('interface')
    .selectAll()
    .where('device_id', '=', deviceId)
    .orderBy('position')
    .execute()
  const names = await records
    .selectFrom('interface_name')
    .innerJoin('interface', 'interface.id', 'interface_name.interface_id')
    .selectAll('interface_name')
    .where('device_id', '=', deviceId)
    .where('until_ms', 'is not', null)
    .orderBy('from_ms', 'desc')
    .execute()
  const states = await records
    .selectFrom('interface_state')
    .innerJoin('interface', 'interface.id', 'interface_state.interface_id')
    .select(['interface_id', eb => eb.fn.max<number>('from_ms').as('since')])
    .where('device_id', '=', deviceId)
    .groupBy('interface_id')
    .execute()
  const [neighbours, sensors, changes, events] = await Promise.all([
    records.selectFrom('neighbour').selectAll().where('device_id', '=', deviceId).orderBy('position').execute(),
    records.selectFrom('device_sensor').selectAll().where('device_id', '=', deviceId).orderBy('sensor').execute(),
    records
      .selectFrom('device_change')
      .selectAll()
      .where('device_id', '=', deviceId)
      .orderBy('at', 'desc')
      .orderBy('id')
      .limit(200)
      .execute(),
    records
      .selectFrom('device_event')
      .selectAll()
      .where('device_id', '=', deviceId)
      .orderBy('at', 'desc')
      .limit(100)
      .execute(),
  ])
  return { interfaces, names, states, neighbours, sensors, changes, events }
}
export type Findings = Awaited<ReturnType<typeof readFindings>>
