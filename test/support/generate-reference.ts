// Writes docs/reference/api.md, docs/reference/devices.md and config/schema/vendor.json (part of `npm run format`).
import { writeFileSync } from 'node:fs'
import { apiReference } from './api-reference.ts'
import { devicesReference, vendorSchema } from './device-cases.ts'

writeFileSync(new URL('../../docs/reference/api.md', import.meta.url), apiReference())
writeFileSync(new URL('../../docs/reference/devices.md', import.meta.url), await devicesReference())
writeFileSync(new URL('../../config/schema/vendor.json', import.meta.url), vendorSchema())
