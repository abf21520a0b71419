// Whose a device is and where it stands are two answers, often given one right after the other.
import { expect, it } from 'vitest'
import { createAgency } from '../../../server/inventory/create-agency.ts'
import { createSite } from '../../../server/inventory/create-site.ts'
import { placeDevice } from '../../../server/inventory/place-device.ts'
import { ADMIN, openWatch } from '../rules/watch.ts'

it('the site that is named takes nothing from the agency that was named before it, nor the other way round', async () => {
  const watch = await openWatch()
  const { deviceId } = await watch.enrol('server-dinkes')
  const { id: agencyId } = await createAgency.perform(watch.verbDeps, ADMIN, {
    name: 'Dinas Kesehatan',
    shortName: 'D',
  })
  const { id: siteId } = await createSite.perform(watch.verbDeps, ADMIN, { name: 'Kantor' })
  const place = async (named: { agencyId?: string | null; siteId?: string | null }) => {
    await placeDevice.perform(watch.verbDeps, ADMIN, { id: deviceId, ...named })
    return watch.records.selectFrom('device').select(['agency_id', 'site_id']).where('id', '=', deviceId).execute()
  }
  expect(await place({ agencyId })).toEqual([{ agency_id: agencyId, site_id: null }])
  expect(await place({ siteId })).toEqual([{ agency_id: agencyId, site_id: siteId }])
  expect(await place({})).toEqual([{ agency_id: agencyId, site_id: siteId }])
  expect(await place({ agencyId: null })).toEqual([{ agency_id: null, site_id: siteId }])
})
