import type { CalendarView, ProviderView } from '../../protocol/links.ts'
import { serviceCalendar } from '../../protocol/links.ts'
import { ProblemError } from '../platform/problem-error.ts'
import type { Records } from '../stores/records/records.ts'

/** All providers that were not removed, by name. */
export async function listProviders(records: Records): Promise<ProviderView[]> {
  const rows = await records
    .selectFrom('provider')
    .selectAll('provider')
    .select(eb =>
      eb
        .selectFrom('link')
        .select(link => link.fn.countAll<number>().as('links'))
        .whereRef('link.provider_id', '=', 'provider.id')
        .where('link.removed_at', 'is', null)
        .as('links'),
    )
    .where('removed_at', 'is', null)
    .orderBy('name')
    .execute()
  return rows.map(({ id, slug, name, contact, created_at, links }) => ({
    ...{ id, slug, name, contact, createdAt: created_at, links: links ?? 0 },
  }))
}

/** Errors: `not-found`. */
export async function readProvider(records: Records, id: string): Promise<ProviderView> {
  const found = (await listProviders(records)).find(one => one.id === id)
  if (found === undefined) throw new ProblemError('not-found', 'There is no provider with this id')
  return found
}

/** All service calendars, by name. */
export async function listCalendars(records: Records): Promise<CalendarView[]> {
  const rows = await records
    .selectFrom('service_calendar')
    .selectAll()
    .where('removed_at', 'is', null)
    .orderBy('name')
    .execute()
  return rows.map(row => ({
    ...{ id: row.id, name: row.name },
    definition: serviceCalendar.parse(JSON.parse(row.definition)),
  }))
}

/** Errors: `not-found`. */
export async function readCalendar(records: Records, id: string): Promise<CalendarView> {
  const found = (await listCalendars(records)).find(one => one.id === id)
  if (found === undefined) throw new ProblemError('not-found', 'There is no service calendar with this id')
  return found
}
