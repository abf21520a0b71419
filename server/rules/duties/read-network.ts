// What polled devices showed of themselves and of what stands beside them, held against the inventory.
import { z } from 'zod'
import type { Records } from '../../stores/records/records.ts'
import { readSweptStrangers } from './read-swept.ts'
import type { DutyPorts, SeenChange } from './snapshot.ts'

const DAY_MS = 86_400_000
/** A device is looked over each six hours; one that was not for days is not watched. */
const LOOK_LASTS_MS = 3 * DAY_MS
const CHANGES_SEARCHED_MS = 90 * DAY_MS
/** What a person sets on a device. What its neighbours or its sensors do is no change of it. */
const CONFIGURED = [
  ...['identity.osVersion', 'identity.sysName', 'identity.sysLocation', 'identity.sysContact'],
  ...['interface.name', 'interface.alias', 'interface.addresses', 'interface.appeared', 'interface.gone'],
]
const texts = z.array(z.string())
const named = z.object({ sysName: z.string().nullish() })

export async function readNetwork(
  records: Records,
  at: number,
): Promise<Pick<DutyPorts, 'configurationChanges' | 'unknownDevices'>> {
  const polled = await records
    .selectFrom('polled_device')
    .innerJoin('device', 'device.id', 'polled_device.device_id')
    .select(['device.id', 'device.name', 'device.agency_id', 'device.created_at'])
    .select(['polled_device.address', 'polled_device.identity', 'polled_device.discovered_at'])
    .where('device.removed_at', 'is', null)
    .execute()
  const watched = polled.filter(({ discovered_at }) => discovered_at !== null && at - discovered_at <= LOOK_LASTS_MS)
  const changes = await records
    .selectFrom('device_change')
    .select(['device_id', 'at', 'what', 'part'])
    .where('at', '>', at - CHANGES_SEARCHED_MS)
    .where('at', '<=', at)
    .orderBy('at', 'desc')
    .execute()
  const byDevice = Map.groupBy(changes, ({ device_id }) => device_id)
  const watchedIds = new Set(watched.map(({ id }) => id))
  const isKnown = await readKnown(records, polled)
  const strangers = await readStrangers(records, byDevice, new Map(watched.map(one => [one.id, one])), isKnown)
  for (const { agencyId, ...seen } of await readSweptStrangers(records, at, isKnown)) {
    strangers.set(agencyId, [...(strangers.get(agencyId) ?? []), seen])
  }
  const agencies = new Set(watched.flatMap(({ agency_id }) => (agency_id === null ? [] : [agency_id])))
  return {
    configurationChanges: id =>
      watchedIds.has(id)
        ? (byDevice.get(id) ?? [])
            .filter(({ what }) => CONFIGURED.includes(what))
            .map(change => ({ at: change.at, what: `${change.what} ${change.part}`.trim() }))
        : null,
    unknownDevices: id => (agencies.has(id) ? (strangers.get(id) ?? []) : null),
  }
}

/** Whether a name, a MAC or an address belongs to something of the inventory. */
async function readKnown(
  records: Records,
  polled: readonly { name: string; address: string; identity: string | null }[],
): Promise<(text: string | null) => boolean> {
  const devices = await records.selectFrom('device').select('name').where('removed_at', 'is', null).execute()
  const agents = await records.selectFrom('agent').select('hostname').where('revoked_at', 'is', null).execute()
  const ports = await records.selectFrom('interface').select(['mac', 'addresses']).execute()
  const facts = await records
    .selectFrom('fact')
    .select('value')
    .where(eb => eb.or([eb('name', 'like', 'net.%.mac'), eb('name', 'like', 'net.%.ip4')]))
    .execute()
  const known = new Set<string>()
  const add = (text: string | null | undefined) => {
    if (text !== null && text !== undefined && text !== '') known.add(shortOf(text))
  }
  for (const { name } of devices) add(name)
  for (const { hostname } of agents) add(hostname)
  for (const { name, address, identity } of polled) {
    for (const text of [name, address]) add(text)
    if (identity !== null) add(named.parse(JSON.parse(identity)).sysName)
  }
  for (const { mac, addresses } of ports) {
    add(mac)
    for (const address of texts.parse(JSON.parse(addresses))) add(address.split('/')[0])
  }
  for (const { value } of facts) add(String(JSON.parse(value)))
  return text => text !== null && text !== '' && known.has(shortOf(text))
}

/** "core-1.example.go.id" and "Core-1" are one name; an address stays as it is. */
function shortOf(text: string): string {
  const lower = text.trim().toLowerCase()
  return /^[0-9.:a-f/]+$/.test(lower) ? lower : (lower.split('.')[0] ?? lower)
}

/** By agency: neighbours of its devices that stand in no inventory, with when they were first seen. */
async function readStrangers(
  records: Records,
  changes: ReadonlyMap<string, readonly { at: number; what: string; part: string }[]>,
  watched: ReadonlyMap<string, { agency_id: string | null; created_at: number }>,
  isKnown: (text: string | null) => boolean,
): Promise<Map<string, SeenChange[]>> {
  const rows = await records.selectFrom('neighbour').selectAll().execute()
  const found = new Map<string, SeenChange[]>()
  for (const row of rows) {
    const device = watched.get(row.device_id)
    if (device === undefined || device.agency_id === null) continue
    if ([row.name, row.port, row.address].some(isKnown)) continue
    const appeared = (changes.get(row.device_id) ?? []).find(
      ({ what, part }) => what === 'neighbour.appeared' && part.includes(row.name),
    )
    const what = row.name === '' ? (row.address ?? row.port ?? '?') : row.name
    found.set(device.agency_id, [
      ...(found.get(device.agency_id) ?? []),
      { at: appeared?.at ?? device.created_at, what },
    ])
  }
  return found
}
