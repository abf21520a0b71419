import { type Kysely, sql } from 'kysely'

const STATEMENTS = [
  // Copies of the collector itself, and tries that failed. `reason`: {"id": ..., "en": ...} of a try that failed.
  `create table own_copy (
    id text primary key, begun_at integer not null, ended_at integer not null, path text not null,
    bytes integer, files integer, reason text
  ) without rowid`,
  'create index own_copy_begun on own_copy (begun_at)',
]

export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of STATEMENTS) await sql.raw(statement).execute(db)
}
