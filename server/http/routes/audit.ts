import { listAudit } from '../../access/audit-queries.ts'
import { type Route, readRoute } from '../route.ts'

export const auditRoutes: readonly Route[] = [
  readRoute('audit', async ({ records }, { query }) => ({ entries: await listAudit(records, query) })),
]
