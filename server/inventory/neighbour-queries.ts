import { z } from 'zod'
import { deviceIdentity } from '../../protocol/snmp.ts'
import type { Records, RecordsTransaction } from '../stores/records/records.ts'
import { type Adjacency, adjacenciesOf, proposeParents } from './neighbours.ts'
import { readEdges } from './parent-queries.ts'
import type { Edge } from './topology.ts'

const addressList = z.array(z.string())

/** Cables between devices of ours, as their neighbours tell. */
export async function readAdjacencies(records: Records | RecordsTransaction): Promise<Adjacency[]> {
  const heard = await records.selectFrom('neighbour').selectAll().execute()
  if (heard.length === 0) return []
  const devices = await records
    .selectFrom('device')
    .leftJoin('polled_device', 'polled_device.device_id', 'device.id')
    .select(['device.id', 'device.name', 'polled_device.address', 'polled_device.identity'])
    .where('device.removed_at', 'is', null)
    .execute()
  const interfaces = await records
    .selectFrom('interface')
    .select(['device_id', 'name', 'mac', 'addresses'])
    .where('gone_at', 'is', null)
    .where(eb => eb.or([eb('addresses', '!=', '[]'), eb('mac', 'is not', null)]))
    .execute()
  const interfacesOf = Map.groupBy(interfaces, row => row.device_id)
  const known = devices.map(({ id, name, address, identity }) => {
    const said = identity === null ? null : deviceIdentity.parse(JSON.parse(identity))
    const ports = interfacesOf.get(id) ?? []
    const own = ports.flatMap(row => addressList.parse(JSON.parse(row.addresses)))
    return {
      id,
      names: [name, said?.sysName, said?.baseMac].filter(one => one !== null && one !== undefined),
      addresses: [...(address === null ? [] : [address]), ...own.map(one => one.replace(/\/\d+$/, ''))],
      ports: ports.flatMap(port => (port.mac === null ? [] : [{ name: port.name, mac: port.mac }])),
    }
  })
  const ids = new Set(known.map(({ id }) => id))
  return adjacenciesOf(
    heard
      .filter(row => ids.has(row.device_id))
      .map(({ device_id: deviceId, interface_name: interfaceName, name, port, address }) => {
        return { deviceId, interfaceName, name, port, address }
      }),
    known,
  )
}

/** Who could be reached through whom by what neighbours tell; a person accepts it, or says otherwise. */
export async function readProposedParents(records: Records | RecordsTransaction, at: number): Promise<Edge[]> {
  const adjacencies = await readAdjacencies(records)
  if (adjacencies.length === 0) return []
  const said = await records.selectFrom('parents_said').select('child_id').execute()
  const central = await records
    .selectFrom('device')
    .innerJoin('site', 'site.id', 'device.site_id')
    .select('device.id')
    .where('site.kind', '=', 'data-centre')
    .execute()
  return proposeParents({
    adjacencies,
    edges: await readEdges(records, at),
    central: new Set(central.map(({ id }) => id)),
    said: new Set(said.map(row => row.child_id)),
  })
}
