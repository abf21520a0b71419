// Writes docs/reference/api.md and config/schema/regulation.json (part of `npm run format`).
import { writeFileSync } from 'node:fs'
import { apiReference } from './api-reference.ts'
import { regulationSchema } from './regulation-schema.ts'

writeFileSync(new URL('../../docs/reference/api.md', import.meta.url), apiReference())
writeFileSync(new URL('../../config/schema/regulation.json', import.meta.url), regulationSchema())
