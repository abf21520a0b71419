import { type Kysely, sql } from 'kysely'

const STATEMENTS = [
  // The mail of a reminder to the contact of the agency: one at most, whatever becomes of it.
  `create table reminder_mail (
    reminder_id text primary key references backup_reminder (id), address text not null, state text not null,
    attempts integer not null, created_at integer not null, next_at integer not null, settled_at integer, reason text
  ) without rowid`,
  `create index reminder_mail_waiting on reminder_mail (next_at) where state = 'pending'`,
]

export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of STATEMENTS) await sql.raw(statement).execute(db)
}
