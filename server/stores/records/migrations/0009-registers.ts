import { type Kysely, sql } from 'kysely'

const STATEMENTS = [
  `create table register_version (
    id text primary key, record_id text not null, version integer not null, kind text not null, title text not null,
    number text, issued_on text, valid_from text, valid_until text, legal_basis text, subjects text not null,
    fields text not null, entered_at integer not null, entered_by text not null, source text not null,
    supersedes text references register_version (id), ended_at integer, ended_by text, withdrawn_reason text,
    unique (record_id, version))`,
  // One version stands at a time.
  `create unique index register_standing on register_version (record_id) where ended_at is null`,
  `create index register_kind on register_version (kind, entered_at)`,
  `create table register_attachment (
    id text primary key, record_id text not null, sha256 text not null, name text not null, media_type text not null,
    bytes integer not null, added_at integer not null, added_by text not null, unique (record_id, sha256))`,
]

export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of STATEMENTS) await sql.raw(statement).execute(db)
}
