import { type Kysely, sql } from 'kysely'

const STATEMENTS = [
  // What a sweep asked and found so far. `task_id` is the task that an agent works on now: going on makes another one.
  `create table sweep (
    id text primary key,
    task_id text not null unique,
    agent_id text not null references agent(id),
    request text not null,
    asked_at integer not null,
    heard_at integer not null,
    ended_at integer,
    asked_before integer not null,
    asked integer not null,
    total integer not null,
    found text not null
  )`,
  'create index sweep_by_time on sweep (asked_at)',
]

export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of STATEMENTS) await sql.raw(statement).execute(db)
}
