import { type Kysely, sql } from 'kysely'

const TABLES = [
  `create table setting (name text primary key, value text not null)`,
  `create table user_account (
    id text primary key, name text not null unique, display_name text not null, role text not null,
    password_hash text not null, created_at integer not null, last_login_at integer, disabled_at integer)`,
  `create table session (
    secret_hash text primary key, user_id text not null references user_account (id),
    created_at integer not null, expires_at integer not null, last_seen_at integer not null)`,
  `create index session_user on session (user_id)`,
  `create table api_token (
    id text primary key, label text not null, secret_hash text not null unique, scopes text not null,
    created_at integer not null, created_by text not null, expires_at integer, last_used_at integer, revoked_at integer)`,
  `create table audit (
    seq integer primary key, at integer not null, actor_kind text not null, actor_id text not null, action text not null,
    subject text, detail text not null, previous_hash text not null, hash text not null)`,

  `create table device (
    id text primary key, slug text not null unique, name text not null, kind text not null, machine_id text,
    created_at integer not null, removed_at integer)`,
  `create unique index device_machine on device (machine_id) where machine_id is not null`,
  `create table agent (
    id text primary key, device_id text not null references device (id), kind text not null, hostname text not null,
    version text not null, key_hash text not null unique, interval_ms integer not null, enrolled_at integer not null,
    last_contact_at integer, last_sample_at integer, skew_ms integer, revoked_at integer)`,
  `create index agent_device on agent (device_id)`,
  `create table enrolment_token (
    id text primary key, label text not null, secret_hash text not null unique, created_at integer not null,
    created_by text not null, expires_at integer not null, uses_left integer not null, revoked_at integer)`,
  `create table fact (
    subject_id text not null, name text not null, value text not null, at integer not null,
    primary key (subject_id, name)) without rowid`,

  `create table state_interval (
    subject_id text not null, state text not null, from_ms integer not null, to_ms integer not null, cause text,
    primary key (subject_id, from_ms)) without rowid`,

  `create table verdict (
    rule_id text not null, subject_id text not null, part text not null, verdict text not null, since integer not null,
    value real, threshold real, evidence_id text not null, primary key (rule_id, subject_id, part)) without rowid`,
  `create table evidence (
    seq integer primary key, id text not null unique, at integer not null, rule_id text not null,
    rule_version text not null, subject_id text not null, part text not null, verdict text not null, previous text,
    value real, basis text not null, previous_hash text not null, hash text not null)`,

  `create table incident (
    id text primary key, number integer not null unique, active_key text unique, state text not null,
    severity text not null, kind text not null, rule_id text not null, title text not null, subject_id text not null,
    part text not null, opened_at integer not null, acknowledged_at integer, acknowledged_by text,
    resolved_at integer, value real, threshold real, unit text not null)`,
  `create index incident_subject on incident (subject_id, opened_at)`,
  `create table incident_event (
    id text primary key, incident_id text not null references incident (id), at integer not null, kind text not null,
    by_actor text, note text, value real, evidence_id text)`,
  `create index incident_event_incident on incident_event (incident_id, at)`,

  `create table outbox (
    id text primary key, at integer not null, event text not null, incident_id text not null references incident (id),
    incident text not null, routed_at integer)`,
  `create index outbox_waiting on outbox (at) where routed_at is null`,
  `create table channel (
    id text primary key, name text not null, kind text not null, settings text not null, secrets text not null,
    minimum_severity text not null, enabled integer not null default 1, created_at integer not null, removed_at integer)`,
  `create unique index channel_name on channel (name) where removed_at is null`,
  `create table delivery (
    id text primary key, outbox_id text not null references outbox (id), incident_id text not null, event text not null,
    channel_id text not null references channel (id), channel_name text not null, state text not null,
    attempts integer not null, created_at integer not null, next_at integer not null, settled_at integer, error text,
    attempted_at integer, digest_id text, remaining text, unique (outbox_id, channel_id))`,
  `create index delivery_waiting on delivery (next_at) where state = 'pending'`,
  `create index delivery_incident on delivery (incident_id)`,
  `create index delivery_channel on delivery (channel_id, attempted_at)`,
]

export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of TABLES) await sql.raw(statement).execute(db)
}
