import { createAgency } from '../../inventory/create-agency.ts'
import { createSite } from '../../inventory/create-site.ts'
import { placeDevice } from '../../inventory/place-device.ts'
import { listAgencies, listSites, readAgency, readSite } from '../../inventory/place-queries.ts'
import { removeAgency } from '../../inventory/remove-agency.ts'
import { removeSite } from '../../inventory/remove-site.ts'
import { updateAgency } from '../../inventory/update-agency.ts'
import { updateSite } from '../../inventory/update-site.ts'
import { type Route, readRoute, verbRoute } from '../route.ts'

export const placeRoutes: readonly Route[] = [
  readRoute('agencies', async ({ records }) => ({ agencies: await listAgencies(records) })),
  verbRoute('createAgency', createAgency, ({ records }, _context, { id }) => readAgency(records, id)),
  verbRoute('updateAgency', updateAgency, ({ records }, _context, { id }) => readAgency(records, id)),
  verbRoute('removeAgency', removeAgency, () => ({})),
  readRoute('sites', async ({ records }) => ({ sites: await listSites(records) })),
  verbRoute('createSite', createSite, ({ records }, _context, { id }) => readSite(records, id)),
  verbRoute('updateSite', updateSite, ({ records }, _context, { id }) => readSite(records, id)),
  verbRoute('removeSite', removeSite, () => ({})),
  verbRoute('placeDevice', placeDevice, () => ({})),
]
