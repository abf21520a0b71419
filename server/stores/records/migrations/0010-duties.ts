import { type Kysely, sql } from 'kysely'

const STATEMENTS = [
  `create table enabled_pack (
    id text primary key, pack_id text not null, valid_from text not null, valid_until text, entered_at integer not null,
    entered_by text not null, ended_at integer, ended_by text)`,
  `create table rule_setting (
    id text primary key, rule_id text not null, name text not null, value text not null, valid_from text not null,
    valid_until text, author text not null, decree text not null, entered_at integer not null, entered_by text not null,
    ended_at integer, ended_by text)`,
  `create index rule_setting_rule on rule_setting (rule_id, name)`,
  `create table manifest (
    seq integer primary key, day text not null, at integer not null, content text not null, content_hash text not null,
    previous_hash text not null, hash text not null)`,
  `create unique index manifest_day on manifest (day)`,
  `create table duty_reminder (
    rule_id text not null, subject_id text not null, part text not null, due_on text not null, told_at integer not null,
    primary key (rule_id, subject_id, part, due_on)) without rowid`,
  `create index evidence_rule on evidence (rule_id, subject_id, seq)`,
]

export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of STATEMENTS) await sql.raw(statement).execute(db)
}
