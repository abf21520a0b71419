// Agencies and sites: who owes duties, and where things stand.
import { z } from 'zod'
import type { Call } from './call.ts'
import { instant, recordId } from './shapes.ts'
import { AGENCY_KINDS, SITE_KINDS } from './vocabulary.ts'

const nothing = z.strictObject({})
const name = z.string().trim().min(1).max(200)

const agencyBody = z.strictObject({
  name,
  /** What people call it aloud: "Diskominfo", "Dinkes". */
  shortName: z.string().trim().min(1).max(50),
  kind: z.enum(AGENCY_KINDS).default('agency'),
  /** Number of the decree that makes it a PD Mandiri TIK. */
  independentDecree: z.string().trim().min(1).max(200).nullable().default(null),
})

const siteBody = z.strictObject({
  name,
  kind: z.enum(SITE_KINDS).default('office'),
  agencyId: recordId.nullable().default(null),
  address: z.string().trim().max(500).default(''),
  /** Name of the feeder or UPS that it hangs on: sites with the same one go dark together. */
  powerFeed: z.string().trim().max(100).default(''),
  /** Degrees, WGS 84. */
  coordinates: z
    .strictObject({ latitude: z.number().min(-90).max(90), longitude: z.number().min(-180).max(180) })
    .nullable()
    .default(null),
})

export const agencyView = z.strictObject({
  id: recordId,
  slug: z.string(),
  ...agencyBody.shape,
  createdAt: instant,
  sites: z.int(),
  devices: z.int(),
})
export type AgencyView = z.output<typeof agencyView>

export const siteView = z.strictObject({
  id: recordId,
  slug: z.string(),
  ...siteBody.shape,
  createdAt: instant,
  devices: z.int(),
})
export type SiteView = z.output<typeof siteView>

export const PLACE_CALLS = {
  agencies: {
    summary: 'Agencies, by name',
    access: 'read',
    response: z.strictObject({ agencies: z.array(agencyView) }),
  },
  createAgency: { summary: 'Add an agency', access: 'inventory:write', body: agencyBody, response: agencyView },
  updateAgency: { summary: 'Change an agency', access: 'inventory:write', body: agencyBody, response: agencyView },
  removeAgency: {
    summary: 'Remove an agency that has neither sites nor devices; its history stays',
    access: 'inventory:write',
    response: nothing,
  },
  sites: { summary: 'Sites, by name', access: 'read', response: z.strictObject({ sites: z.array(siteView) }) },
  createSite: { summary: 'Add a site', access: 'inventory:write', body: siteBody, response: siteView },
  updateSite: { summary: 'Change a site', access: 'inventory:write', body: siteBody, response: siteView },
  removeSite: {
    summary: 'Remove a site where no device stands; its history stays',
    access: 'inventory:write',
    response: nothing,
  },
  placeDevice: {
    summary: 'Say whose a device is, where it stands, or both; what is not named stays as it is',
    access: 'inventory:write',
    body: z.strictObject({ agencyId: recordId.nullable().optional(), siteId: recordId.nullable().optional() }),
    response: nothing,
  },
} as const satisfies Record<string, Call>
