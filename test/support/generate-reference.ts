// Writes docs/reference/api.md (part of `npm run format`).
import { writeFileSync } from 'node:fs'
import { apiReference } from './api-reference.ts'

writeFileSync(new URL('../../docs/reference/api.md', import.meta.url), apiReference())
