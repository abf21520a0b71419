import { type Kysely, sql } from 'kysely'

const CHANGES = [
  `alter table agent add column enrolment_token_id text`,
  `alter table agent add column bundle_arch text`,
  `alter table agent add column bundle_sequence integer`,
  `alter table agent add column upgrade_to integer`,
  `alter table agent add column upgrade_again integer not null default 0`,
  `alter table agent add column upgrade_failed integer`,
  `create index agent_enrolment_token on agent (enrolment_token_id)`,
  `create table push_state (
    agent_id text primary key references agent (id), number integer not null, counters text not null) without rowid`,
]

export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of CHANGES) await sql.raw(statement).execute(db)
}
