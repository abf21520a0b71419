import type { Selectable } from 'kysely'
import type { AgencyView, SiteView } from '../../protocol/places.ts'
import { ProblemError } from '../platform/problem-error.ts'
import type { Records, RecordsTransaction } from '../stores/records/records.ts'
import type { Tables } from '../stores/records/schema.ts'

/** All agencies that were not removed, by name. */
export async function listAgencies(records: Records): Promise<AgencyView[]> {
  const rows = await records.selectFrom('agency').selectAll().where('removed_at', 'is', null).orderBy('name').execute()
  const [sites, devices] = [await countBy(records, 'site', 'agency_id'), await countBy(records, 'device', 'agency_id')]
  return rows.map(row => agencyViewOf(row, { sites: sites.get(row.id) ?? 0, devices: devices.get(row.id) ?? 0 }))
}

/** All sites that were not removed, by name. */
export async function listSites(records: Records): Promise<SiteView[]> {
  const rows = await records.selectFrom('site').selectAll().where('removed_at', 'is', null).orderBy('name').execute()
  const devices = await countBy(records, 'device', 'site_id')
  return rows.map(row => siteViewOf(row, { devices: devices.get(row.id) ?? 0 }))
}

/** Errors: `not-found`. */
export async function readAgency(records: Records, id: string): Promise<AgencyView> {
  return found(await listAgencies(records), id, 'agency')
}

/** Errors: `not-found`. */
export async function readSite(records: Records, id: string): Promise<SiteView> {
  return found(await listSites(records), id, 'site')
}

/** Whose a device is and where it stands. */
export async function placeOf(records: Records, deviceId: string) {
  const row = await records
    .selectFrom('device')
    .select(['agency_id', 'site_id'])
    .where('id', '=', deviceId)
    .executeTakeFirst()
  return { agencyId: row?.agency_id ?? null, siteId: row?.site_id ?? null }
}

/** Errors: `not-found` where there is none that was not removed. */
export async function requireKept(
  tx: RecordsTransaction,
  table: 'agency' | 'site' | 'device' | 'provider' | 'link' | 'service_calendar',
  id: string | null,
) {
  if (id === null) return
  const row = await tx.selectFrom(table).select('id').where('id', '=', id).where('removed_at', 'is', null).execute()
  if (row.length === 0) throw new ProblemError('not-found', `There is no ${table.replace('_', ' ')} with the id ${id}`)
}

function found<View extends { id: string }>(views: readonly View[], id: string, what: string): View {
  const view = views.find(one => one.id === id)
  if (view === undefined) throw new ProblemError('not-found', `There is no ${what} with this id`)
  return view
}

/** How many of `table` that were not removed belong to each owner. */
async function countBy(
  records: Records | RecordsTransaction,
  table: 'site' | 'device',
  owner: 'agency_id' | 'site_id',
): Promise<Map<string, number>> {
  const rows =
    table === 'site'
      ? await records.selectFrom('site').select('agency_id as owner').where('removed_at', 'is', null).execute()
      : await records.selectFrom('device').select(`${owner} as owner`).where('removed_at', 'is', null).execute()
  const counts = new Map<string, number>()
  for (const { owner: id } of rows) if (id !== null) counts.set(id, (counts.get(id) ?? 0) + 1)
  return counts
}

function agencyViewOf(row: Selectable<Tables['agency']>, counts: { sites: number; devices: number }): AgencyView {
  return {
    id: row.id,
    slug: row.slug,
    name: row.name,
    shortName: row.short_name,
    kind: row.kind,
    independentDecree: row.independent_decree,
    createdAt: row.created_at,
    ...counts,
  }
}

function siteViewOf(row: Selectable<Tables['site']>, counts: { devices: number }): SiteView {
  const { latitude, longitude } = row
  return {
    id: row.id,
    slug: row.slug,
    name: row.name,
    kind: row.kind,
    agencyId: row.agency_id,
    address: row.address,
    powerFeed: row.power_feed,
    coordinates: latitude === null || longitude === null ? null : { latitude, longitude },
    createdAt: row.created_at,
    ...counts,
  }
}
