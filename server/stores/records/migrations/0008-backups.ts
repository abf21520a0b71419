import { type Kysely, sql } from 'kysely'

const CHANGES = [
  `create table backup_class (
    id text primary key, urgency text not null, limits text not null, entered_at integer not null,
    entered_by text not null, reason text not null, ended_at integer)`,
  `create unique index backup_class_standing on backup_class (urgency) where ended_at is null`,
  `create table backup_job (
    id text primary key, dataset_id text not null, agent_id text references agent (id), name text not null,
    title text not null, tool text not null, state text not null, place text, site_id text references site (id),
    schedule text, grace_ms integer not null, token_hash text unique, created_at integer not null,
    created_by text not null, accepted_at integer, accepted_by text, ended_at integer, ended_by text,
    ended_reason text, first_told_at integer, last_told_at integer)`,
  `create unique index backup_job_known on backup_job (dataset_id, coalesce(agent_id, ''), name)`,
  `create index backup_job_agent on backup_job (agent_id)`,
  // A report counts once for its job, however often it is told.
  `create table backup_run (
    job_id text not null references backup_job (id), id text not null, purpose text not null,
    started_at integer not null, ended_at integer, outcome text not null, trouble text, exit_code integer,
    detail text not null, bytes integer, files integer, proof text, clock_ahead integer not null,
    told_at integer not null, end_told_at integer, primary key (job_id, id))`,
  `create index backup_run_newest on backup_run (job_id, purpose, started_at)`,
  // Each ping asks whether its job has begun, among thousands of runs that have ended.
  `create index backup_run_begun on backup_run (job_id, started_at) where outcome = 'running'`,
  `create table backup_sighting (
    job_id text not null references backup_job (id), id text not null, at integer not null, took_ms integer not null,
    trouble text, detail text not null, copy_count integer not null, oldest_at integer, verified_at integer,
    told_at integer not null, primary key (job_id, id))`,
  `create index backup_sighting_newest on backup_sighting (job_id, at)`,
  `create table backup_copy (
    job_id text not null references backup_job (id), copy_id text not null, taken_at integer not null, bytes integer,
    took_ms integer, trouble text, first_seen_at integer not null, last_seen_at integer not null, gone_at integer,
    primary key (job_id, copy_id))`,
  `create index backup_copy_newest on backup_copy (job_id, taken_at)`,
  `create table backup_reminder (
    id text primary key, agency_id text not null references agency (id), at integer not null, by_actor text not null,
    text text not null, gaps text not null, contact text, answered_at integer, answered_by text, answer text,
    promised_on text, incident_id text references incident (id))`,
  `create index backup_reminder_agency on backup_reminder (agency_id, at)`,
]

export async function up(db: Kysely<unknown>): Promise<void> {
  for (const change of CHANGES) await sql.raw(change).execute(db)
}
