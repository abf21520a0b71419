import type { WriterView } from '../../protocol/agent-views.ts'
import { ProblemError } from '../platform/problem-error.ts'
import type { Records } from '../stores/records/records.ts'

/** What the door counted of one writer since the collector started. */
export type WriterActivity = Pick<WriterView, 'keptLines' | 'refusedLines' | 'textFields' | 'lastRefusal'>

type Deps = { records: Records; writerActivity: (writerId: string) => WriterActivity }

/** All writers, newest first, the revoked ones too. */
export async function listWriters(deps: Deps): Promise<WriterView[]> {
  return await views(deps)
}

/** Errors: `not-found`. */
export async function readWriter(deps: Deps, id: string): Promise<WriterView> {
  const [view] = await views(deps, id)
  if (view === undefined) throw new ProblemError('not-found', 'There is no writer with this id')
  return view
}

async function views({ records, writerActivity }: Deps, id?: string): Promise<WriterView[]> {
  const rows = await records
    .selectFrom('writer')
    .leftJoin('agent', 'agent.writer_id', 'writer.id')
    .select(['writer.id', 'writer.name', 'writer.interval_ms', 'writer.max_hosts'])
    .select(['writer.created_at', 'writer.revoked_at'])
    .select(eb => [
      eb.fn.count<number>('agent.id').as('hosts'),
      eb.fn.max<number | null>('agent.last_contact_at').as('last_write_at'),
    ])
    .$if(id !== undefined, query => query.where('writer.id', '=', id ?? ''))
    .groupBy('writer.id')
    .orderBy('writer.id', 'desc')
    .execute()
  return rows.map(row => ({
    ...{ id: row.id, name: row.name, intervalMs: row.interval_ms, maxHosts: row.max_hosts, hosts: row.hosts },
    ...{ createdAt: row.created_at, revokedAt: row.revoked_at, lastWriteAt: row.last_write_at },
    ...writerActivity(row.id),
  }))
}
