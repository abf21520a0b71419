import { type Kysely, sql } from 'kysely'

const CHANGES = [
  // Name of the feeder or UPS that a site hangs on; sites with the same one go dark together.
  `alter table site add column power_feed text not null default ''`,
  // Of whom a person said through what they are reached, also when that is nothing: neighbours are not asked about these.
  `create table parents_said (child_id text primary key, at_ms integer not null) without rowid`,
  `insert into parents_said (child_id, at_ms)
    select child_id, max(from_ms) from parent where source = 'person' group by child_id`,
]

export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of CHANGES) await sql.raw(statement).execute(db)
}
