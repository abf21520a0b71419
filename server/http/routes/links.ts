import { acceptNeighbours } from '../../inventory/accept-neighbours.ts'
import { createCalendar } from '../../inventory/create-calendar.ts'
import { createLink } from '../../inventory/create-link.ts'
import { createProbe } from '../../inventory/create-probe.ts'
import { createProvider } from '../../inventory/create-provider.ts'
import { listProbes, readProbe } from '../../inventory/probe-queries.ts'
import { listCalendars, listProviders, readCalendar, readProvider } from '../../inventory/provider-queries.ts'
import { removeCalendar } from '../../inventory/remove-calendar.ts'
import { removeLink } from '../../inventory/remove-link.ts'
import { removeProbe } from '../../inventory/remove-probe.ts'
import { removeProvider } from '../../inventory/remove-provider.ts'
import { setParents } from '../../inventory/set-parents.ts'
import { updateCalendar } from '../../inventory/update-calendar.ts'
import { updateLink } from '../../inventory/update-link.ts'
import { updateProvider } from '../../inventory/update-provider.ts'
import { listLinks, readLink, readTopology } from '../../views/links.ts'
import { type Route, readRoute, verbRoute } from '../route.ts'

export const linkRoutes: readonly Route[] = [
  readRoute('providers', async ({ records }) => ({ providers: await listProviders(records) })),
  verbRoute('createProvider', createProvider, ({ records }, _context, { id }) => readProvider(records, id)),
  verbRoute('updateProvider', updateProvider, ({ records }, _context, { id }) => readProvider(records, id)),
  verbRoute('removeProvider', removeProvider, () => ({})),
  readRoute('calendars', async ({ records }) => ({ calendars: await listCalendars(records) })),
  verbRoute('createCalendar', createCalendar, ({ records }, _context, { id }) => readCalendar(records, id)),
  verbRoute('updateCalendar', updateCalendar, ({ records }, _context, { id }) => readCalendar(records, id)),
  verbRoute('removeCalendar', removeCalendar, () => ({})),
  readRoute('links', async (services, { at }) => ({ links: await listLinks(services, at) })),
  verbRoute('createLink', createLink, async (services, { at }, { id }) => {
    await services.board.refresh()
    return await readLink(services, id, at)
  }),
  verbRoute('updateLink', updateLink, async (services, { at }, { id }) => {
    await services.board.refresh()
    return await readLink(services, id, at)
  }),
  verbRoute('removeLink', removeLink, async ({ board }) => {
    await board.refresh()
    return {}
  }),
  readRoute('topology', (services, { at }) => readTopology(services, at)),
  verbRoute('setParents', setParents, async ({ board }) => {
    await board.refresh()
    return {}
  }),
  verbRoute('acceptNeighbours', acceptNeighbours, async ({ board }) => {
    await board.refresh()
    return {}
  }),
  readRoute('probes', async ({ records }) => ({ probes: await listProbes(records) })),
  verbRoute('createProbe', createProbe, async ({ records, board }, _context, { id }) => {
    await board.refresh()
    return await readProbe(records, id)
  }),
  verbRoute('removeProbe', removeProbe, async ({ board }) => {
    await board.refresh()
    return {}
  }),
]
