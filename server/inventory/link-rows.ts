import type { z } from 'zod'
import type { CALLS } from '../../protocol/api.ts'
import type { RecordsTransaction } from '../stores/records/records.ts'
import { requireKept } from './place-queries.ts'

type LinkBody = z.output<typeof CALLS.createLink.body>

/** The columns of what a person wrote. */
export function linkColumns(body: LinkBody) {
  const { near, far } = body
  return {
    ...{ name: body.name, peer: body.peer, peer_name: body.peerName, agency_id: body.agencyId },
    ...{ provider_id: body.providerId, contract_number: body.contractNumber, committed_bps: body.committedBps },
    ...{ near_site_id: near.siteId, near_device_id: near.deviceId, near_interface: near.interface },
    ...{ far_site_id: far.siteId, far_device_id: far.deviceId, far_interface: far.interface },
    ...{ address: body.address, calendar_id: body.calendarId },
  }
}

/** Errors: `not-found` for whatever the link names and is not there. */
export async function requireEnds(tx: RecordsTransaction, body: LinkBody): Promise<void> {
  await requireKept(tx, 'agency', body.agencyId)
  await requireKept(tx, 'provider', body.providerId)
  await requireKept(tx, 'service_calendar', body.calendarId)
  for (const { siteId, deviceId } of [body.near, body.far]) {
    await requireKept(tx, 'site', siteId)
    await requireKept(tx, 'device', deviceId)
  }
}
