import { type Kysely, sql } from 'kysely'

const CHANGES = [
  `create table agency (
    id text primary key, slug text not null unique, name text not null, short_name text not null, kind text not null,
    independent_decree text, created_at integer not null, removed_at integer)`,
  `create table site (
    id text primary key, slug text not null unique, name text not null, kind text not null,
    agency_id text references agency (id), address text not null, latitude real, longitude real,
    created_at integer not null, removed_at integer)`,
  `create index site_agency on site (agency_id)`,
  `alter table device add column agency_id text references agency (id)`,
  `alter table device add column site_id text references site (id)`,
  `create index device_agency on device (agency_id)`,
  `create index device_site on device (site_id)`,
]

export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of CHANGES) await sql.raw(statement).execute(db)
}
