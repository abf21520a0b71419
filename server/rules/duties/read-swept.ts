// What sweeps found that stands in no inventory, by the agency in whose subnet it answered.
import { BlockList } from 'node:net'
import { z } from 'zod'
import { SNMP_LIMITS } from '../../../protocol/snmp-words.ts'
import { addressesOf } from '../../inventory/address-ranges.ts'
import { foundOf, requestOf } from '../../inventory/sweeps.ts'
import type { Records } from '../../stores/records/records.ts'
import type { SeenChange } from './snapshot.ts'

const DAY_MS = 86_400_000
/** An answer of a sweep older than this says nothing of today. */
const ANSWER_LASTS_MS = 30 * DAY_MS
const texts = z.array(z.string())

type Sighting = SeenChange & { address: string; names: (string | null)[] }

/** Devices that answered the newest sweep of their address and are known by none of their names. */
export async function readSweptStrangers(
  records: Records,
  at: number,
  isKnown: (text: string | null) => boolean,
): Promise<(SeenChange & { agencyId: string })[]> {
  const strangers = (await readSightings(records, at)).filter(({ names }) => !names.some(isKnown))
  if (strangers.length === 0) return []
  const agencyOf = await readSubnets(records)
  return strangers.flatMap(({ address, at: seenAt, what }) => {
    const agencyId = agencyOf(address)
    return agencyId === undefined ? [] : [{ agencyId, at: seenAt, what }]
  })
}

/** By address what answered last; a later sweep to the end in which it was silent takes it away. */
async function readSightings(records: Records, at: number): Promise<Sighting[]> {
  const rows = await records
    .selectFrom('sweep')
    .selectAll()
    .where('heard_at', '>', at - ANSWER_LASTS_MS)
    .where('asked_at', '<=', at)
    .orderBy('asked_at')
    .execute()
  const newest = new Map<string, Sighting>()
  for (const row of rows) {
    const before = new Map(newest)
    if (row.ended_at !== null)
      for (const address of addressesOf(requestOf(row).ranges, SNMP_LIMITS.addresses)) newest.delete(address)
    for (const { address, identity } of foundOf(row)) {
      const { sysName, baseMac, vendor, model } = identity
      newest.set(address, {
        ...{ address, names: [address, sysName, baseMac] },
        at: before.get(address)?.at ?? row.asked_at,
        what: [sysName ?? [vendor, model].filter(Boolean).join(' '), address].filter(Boolean).join(', '),
      })
    }
  }
  return [...newest.values()]
}

/** Whose subnet an address lies in: that of a port of a device of the agency; the narrowest counts. */
async function readSubnets(records: Records): Promise<(address: string) => string | undefined> {
  const ports = await records
    .selectFrom('interface')
    .innerJoin('device', 'device.id', 'interface.device_id')
    .select(['interface.addresses', 'device.agency_id'])
    .where('device.removed_at', 'is', null)
    .where('interface.gone_at', 'is', null)
    .execute()
  const subnets = ports
    .flatMap(({ addresses, agency_id: agencyId }) =>
      agencyId === null ? [] : texts.parse(JSON.parse(addresses)).flatMap(text => subnetOf(text, agencyId) ?? []),
    )
    .sort((one, other) => other.bits - one.bits)
  return address => subnets.find(({ list }) => list.check(address, familyOf(address)))?.agencyId
}

const familyOf = (address: string) => (address.includes(':') ? 'ipv6' : 'ipv4')

function subnetOf(text: string, agencyId: string): { list: BlockList; bits: number; agencyId: string } | undefined {
  const [address = '', bits] = text.split('/')
  if (bits === undefined || Number(bits) === 0 || address.startsWith('127.')) return undefined
  const list = new BlockList()
  list.addSubnet(address, Number(bits), familyOf(address))
  return { list, bits: Number(bits), agencyId }
}
