// What a poller found of a device, written down: identity, interfaces, neighbours, sensors, and what is different now.
import {
  type DeviceIdentity,
  type Discovery,
  deviceIdentity,
  type FoundNeighbour,
  type FoundSensor,
} from '../../protocol/snmp.ts'
import { FIGURES } from '../../protocol/snmp-words.ts'
import { newId } from '../platform/ids.ts'
import type { RecordsTransaction } from '../stores/records/records.ts'
import { contradiction, identityKeyOf } from './device-identity.ts'
import { type KeptConflict, keptConflict } from './device-queries.ts'
import { type Difference, differencesOf, type KnownPort } from './discovery-differences.ts'
import { matchInterfaces } from './match-interfaces.ts'
import { writeInterfaces } from './write-interfaces.ts'

/**
 * Idempotent: what is older than what is known changes nothing. A device that can't be the one on record is noted as a
 * conflict and changes nothing else until a person decides.
 */
export async function recordDiscovery(tx: RecordsTransaction, found: Discovery): Promise<void> {
  const { subject: deviceId, at, identity } = found
  const row = await tx.selectFrom('polled_device').selectAll().where('device_id', '=', deviceId).executeTakeFirst()
  if (row === undefined || (row.discovered_at ?? -1) >= at) return
  const recorded = row.identity === null ? null : deviceIdentity.parse(JSON.parse(row.identity))
  const against = recorded === null ? null : contradiction(recorded, identity)
  if (against !== null) {
    await noteConflict(tx, deviceId, { at, ...against, otherId: null, identity })
    return
  }
  const key = identityKeyOf(identity)
  await judgeKey(tx, { deviceId, at, identity, key, knownKey: row.identity_key, conflict: row.conflict })

  const known = await tx.selectFrom('interface').selectAll().where('device_id', '=', deviceId).execute()
  const ports = matchInterfaces<(typeof known)[number] & KnownPort>(known, found.interfaces)
  if (recorded !== null) {
    const before = { identity: recorded, ...(await readLists(tx, deviceId)), notOffered: figuresOf(row.not_offered) }
    await writeChanges(tx, deviceId, at, differencesOf(before, found, ports))
  }
  await writeInterfaces(tx, deviceId, at, ports)
  await writeLists(tx, found)
  await tx
    .updateTable('polled_device')
    .set({
      ...{ discovered_at: at, identity_key: key, identity: JSON.stringify(identity) },
      not_offered: JSON.stringify(found.notOffered),
    })
    .where('device_id', '=', deviceId)
    .execute()
  if (recorded === null) await introduce(tx, found, row.address)
}

/** At first sight a device that was added by its address alone gets the name that it says, and turns out to be something. */
async function introduce(tx: RecordsTransaction, { subject, identity }: Discovery, address: string): Promise<void> {
  const nameless = tx.updateTable('device').where('id', '=', subject).where('name', '=', address)
  if (identity.kind !== null) await nameless.set({ kind: identity.kind }).execute()
  if (identity.sysName !== null) await nameless.set({ name: identity.sysName.slice(0, 100) }).execute()
}

export async function noteConflict(
  tx: RecordsTransaction,
  deviceId: string,
  conflict: KeptConflict | null,
): Promise<void> {
  const text = conflict === null ? null : JSON.stringify(conflict)
  await tx.updateTable('polled_device').set({ conflict: text }).where('device_id', '=', deviceId).execute()
}

/** Another device that says the same of itself is told of once, when it is first seen: a person may have said that it is so. */
async function judgeKey(
  tx: RecordsTransaction,
  one: {
    deviceId: string
    at: number
    identity: DeviceIdentity
    key: string | null
    knownKey: string | null
    conflict: string | null
  },
): Promise<void> {
  const { deviceId, at, identity, key, knownKey, conflict } = one
  if (key !== null && key !== knownKey) {
    const otherId = identity.simulated ? null : await otherWith(tx, key, deviceId)
    const doubled = otherId === null ? null : { at, recorded: key, found: key, otherId, identity }
    await noteConflict(tx, deviceId, doubled)
  } else if (conflict !== null && keptConflict.parse(JSON.parse(conflict)).otherId === null) {
    await noteConflict(tx, deviceId, null)
  }
}

async function otherWith(tx: RecordsTransaction, key: string, deviceId: string): Promise<string | null> {
  const other = await tx
    .selectFrom('polled_device')
    .innerJoin('device', 'device.id', 'polled_device.device_id')
    .select('device_id')
    .where('identity_key', '=', key)
    .where('device_id', '!=', deviceId)
    .where('device.removed_at', 'is', null)
    .executeTakeFirst()
  return other?.device_id ?? null
}

const figuresOf = (text: string | null) => {
  const names: unknown = text === null ? [] : JSON.parse(text)
  return FIGURES.filter(figure => Array.isArray(names) && names.includes(figure))
}

async function readLists(tx: RecordsTransaction, deviceId: string) {
  const sensors: FoundSensor[] = await tx
    .selectFrom('device_sensor')
    .select(['sensor', 'kind'])
    .where('device_id', '=', deviceId)
    .execute()
  const rows = await tx.selectFrom('neighbour').selectAll().where('device_id', '=', deviceId).execute()
  const neighbours = rows.map((row): FoundNeighbour => {
    const { protocol, interface_name: device, name, port, address, platform } = row
    return { protocol, device, name, port, address, platform }
  })
  return { sensors, neighbours }
}

/** Lists are short and have no history of their own: the new one takes the place of the old one. */
async function writeLists(tx: RecordsTransaction, { subject, sensors, neighbours }: Discovery): Promise<void> {
  await tx.deleteFrom('device_sensor').where('device_id', '=', subject).execute()
  for (const one of new Map(sensors.map(sensor => [sensor.sensor, sensor])).values()) {
    await tx
      .insertInto('device_sensor')
      .values({ device_id: subject, ...one })
      .execute()
  }
  await tx.deleteFrom('neighbour').where('device_id', '=', subject).execute()
  for (const [position, { device, ...rest }] of neighbours.entries()) {
    await tx
      .insertInto('neighbour')
      .values({ device_id: subject, position, interface_name: device, ...rest })
      .execute()
  }
}

export async function writeChanges(
  tx: RecordsTransaction,
  deviceId: string,
  at: number,
  changes: readonly Difference[],
): Promise<void> {
  for (const change of changes) {
    await tx
      .insertInto('device_change')
      .values({ id: newId(at), device_id: deviceId, at, ...change })
      .execute()
  }
}
