// Writes docs/reference/api.md and docs/reference/devices.md (part of `npm run format`).
import { writeFileSync } from 'node:fs'
import { apiReference } from './api-reference.ts'
import { devicesReference } from './device-cases.ts'

writeFileSync(new URL('../../docs/reference/api.md', import.meta.url), apiReference())
writeFileSync(new URL('../../docs/reference/devices.md', import.meta.url), await devicesReference())
