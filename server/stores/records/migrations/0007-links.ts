import { type Kysely, sql } from 'kysely'

const CHANGES = [
  `create table provider (
    id text primary key, slug text not null unique, name text not null, contact text not null,
    created_at integer not null, removed_at integer)`,
  `create table service_calendar (
    id text primary key, name text not null, definition text not null, created_at integer not null, removed_at integer)`,
  `create table link (
    id text primary key, slug text not null unique, name text not null, peer text not null, peer_name text not null,
    agency_id text references agency (id), provider_id text references provider (id), contract_number text not null,
    committed_bps integer, near_site_id text references site (id), near_device_id text references device (id),
    near_interface text, far_site_id text references site (id), far_device_id text references device (id),
    far_interface text, address text, calendar_id text references service_calendar (id),
    created_at integer not null, removed_at integer)`,
  `create index link_agency on link (agency_id)`,
  `create index link_provider on link (provider_id)`,
  // Incidents and verdicts are about devices and links alike.
  `create view subject as
    select id, slug, name, kind, agency_id, site_id, created_at, removed_at from device
    union all
    select id, slug, name, 'link', agency_id, far_site_id, created_at, removed_at from link`,
  `create table parent (
    child_id text not null, parent_id text not null, source text not null, from_ms integer not null, until_ms integer,
    primary key (child_id, parent_id, from_ms)) without rowid`,
  `create table probe (
    id text primary key, subject_id text not null, name text not null, decides text not null, settings text not null,
    agent_ids text not null, created_at integer not null, removed_at integer)`,
  `create unique index probe_name on probe (subject_id, name) where removed_at is null`,

  `create table sighting (
    subject_id text not null, observer text not null, from_ms integer not null, to_ms integer not null,
    vote text not null, patience_ms integer not null, primary key (subject_id, observer, from_ms)) without rowid`,
  `create table boot_run (
    subject_id text not null, booted_at integer not null, seen_from integer not null, seen_to integer not null,
    primary key (subject_id, booted_at)) without rowid`,
  `create table maintenance (
    id text primary key, title text not null, reason text not null, timing text not null, state text not null,
    from_ms integer not null, until_ms integer, declared_at integer not null, declared_by text not null,
    decided_at integer, decided_by text, ended_at integer)`,
  `create table maintenance_subject (
    maintenance_id text not null references maintenance (id), kind text not null, id text not null,
    primary key (maintenance_id, kind, id)) without rowid`,
  `create table outage_remark (
    id text primary key, subject_id text not null, at_ms integer not null, cause text, reason text not null,
    ticket text, noted_at integer not null, noted_by text not null)`,
  `create index outage_remark_subject on outage_remark (subject_id, at_ms)`,
  `alter table incident add column cut_off integer not null default 0`,
]

export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of CHANGES) await sql.raw(statement).execute(db)
}
