import { type Kysely, sql } from 'kysely'

const STATEMENTS = [
  `create table writer (
    id text primary key, name text not null, key_hash text not null unique, interval_ms integer not null,
    max_hosts integer not null, created_at integer not null, created_by text not null, revoked_at integer)`,
  `create unique index writer_name on writer (name) where revoked_at is null`,
  `alter table agent add column writer_id text references writer (id)`,
  `create unique index agent_writer_host on agent (writer_id, hostname) where writer_id is not null`,
]

export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of STATEMENTS) await sql.raw(statement).execute(db)
}
