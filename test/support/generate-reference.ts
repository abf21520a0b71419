// Writes what is generated from the code (part of `npm run format`): the reference of the API and of the devices, and the
// schemas of vendor profiles and regulation packs.
import { writeFileSync } from 'node:fs'
import { apiReference } from './api-reference.ts'
import { devicesReference, vendorSchema } from './device-cases.ts'
import { regulationSchema } from './regulation-schema.ts'

writeFileSync(new URL('../../docs/reference/api.md', import.meta.url), apiReference())
writeFileSync(new URL('../../docs/reference/devices.md', import.meta.url), await devicesReference())
writeFileSync(new URL('../../config/schema/vendor.json', import.meta.url), vendorSchema())
writeFileSync(new URL('../../config/schema/regulation.json', import.meta.url), regulationSchema())
