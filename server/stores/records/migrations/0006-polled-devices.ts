import { type Kysely, sql } from 'kysely'

const TABLES = [
  `create table credential (
    id text primary key, name text not null, version text not null, open_part text not null, sealed text not null,
    created_at integer not null, changed_at integer not null, removed_at integer)`,
  `create unique index credential_name on credential (name) where removed_at is null`,

  `create table polled_device (
    device_id text primary key references device (id), agent_id text not null references agent (id),
    credential_id text not null references credential (id), address text not null, port integer not null,
    interval_ms integer not null, timeout_ms integer not null, retries integer not null, trap_port integer,
    assigned_at integer not null, last_polled_at integer, last_heard_at integer,
    discovered_at integer, identity_key text, identity text, not_offered text, conflict text) without rowid`,
  `create index polled_device_agent on polled_device (agent_id)`,
  `create index polled_device_credential on polled_device (credential_id)`,
  `create index polled_device_identity on polled_device (identity_key) where identity_key is not null`,
  // Who may deliver for a device, and until when it might: an agent catches up with what it measured before.
  `create table poll_assignment (
    device_id text not null references device (id), agent_id text not null references agent (id),
    from_ms integer not null, until_ms integer, primary key (device_id, agent_id, from_ms)) without rowid`,
  `create index poll_assignment_agent on poll_assignment (agent_id)`,

  `create table interface (
    id text primary key, device_id text not null references device (id), name text not null, alias text not null,
    position integer not null, type integer not null, speed_bps real, mac text, addresses text not null,
    counters text not null, first_seen_at integer not null, seen_at integer not null, gone_at integer)`,
  `create index interface_device on interface (device_id)`,
  // What an interface was called and when: history follows the interface, not its name.
  `create table interface_name (
    interface_id text not null references interface (id), from_ms integer not null, until_ms integer,
    name text not null, alias text not null, primary key (interface_id, from_ms)) without rowid`,
  // Changes only: a state lasts until the next row.
  `create table interface_state (
    interface_id text not null references interface (id), from_ms integer not null, state text not null,
    primary key (interface_id, from_ms)) without rowid`,
  `create table neighbour (
    device_id text not null references device (id), position integer not null, protocol text not null,
    interface_name text, name text not null, port text, address text, platform text,
    primary key (device_id, position)) without rowid`,
  `create table device_sensor (
    device_id text not null references device (id), sensor text not null, kind text not null,
    primary key (device_id, sensor)) without rowid`,
  // What rediscovery found to be different.
  `create table device_change (
    id text primary key, device_id text not null references device (id), at integer not null, what text not null,
    part text not null, before text, after text)`,
  `create index device_change_device on device_change (device_id, at)`,
  `create table device_event (
    device_id text not null references device (id), at integer not null, kind text not null, part text not null,
    primary key (device_id, at, kind, part)) without rowid`,
]

export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of TABLES) await sql.raw(statement).execute(db)
}
