import { type Kysely, sql } from 'kysely'

export async function up(db: Kysely<unknown>): Promise<void> {
  await sql
    .raw(
      `create table agent_quarantine (
        agent_id text primary key references agent (id), at integer not null, reason text not null) without rowid`,
    )
    .execute(db)
}
