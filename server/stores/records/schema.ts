// Tables of the records store as kysely sees them. Instants are UTC milliseconds; JSON is text, so that SQLite and
// PostgreSQL can both hold it.
import type { Generated } from 'kysely'
import type { DeviceKind } from '../../../protocol/snmp-words.ts'
import type { Architecture } from '../../../protocol/upgrade.ts'
import type {
  AgencyKind,
  IncidentState,
  Role,
  Severity,
  SiteKind,
  SubjectState,
  UnmetKind,
  Verdict,
} from '../../../protocol/vocabulary.ts'
import type { BackupTables } from './backup-tables.ts'
import type { DutyTables } from './duty-tables.ts'
import type { LinkTables } from './link-tables.ts'
import type { PolledDeviceTables } from './polled-device-tables.ts'
import type { RegisterTables } from './register-tables.ts'

/** Each room's tables in a file of its own; here are those that many rooms share. */
export type Tables = PolledDeviceTables & LinkTables & BackupTables & RegisterTables & DutyTables & SharedTables

type SharedTables = {
  setting: { name: string; value: string }

  user_account: {
    id: string
    name: string
    display_name: string
    role: Role
    password_hash: string
    created_at: number
    last_login_at: number | null
    disabled_at: number | null
  }
  session: {
    secret_hash: string
    user_id: string
    created_at: number
    expires_at: number
    last_seen_at: number
  }
  api_token: {
    id: string
    label: string
    secret_hash: string
    scopes: string
    created_at: number
    created_by: string
    expires_at: number | null
    last_used_at: number | null
    revoked_at: number | null
  }
  audit: {
    seq: number
    at: number
    actor_kind: 'user' | 'token' | 'system' | 'anonymous'
    actor_id: string
    action: string
    subject: string | null
    detail: string
    previous_hash: string
    hash: string
  }

  agency: {
    id: string
    slug: string
    name: string
    short_name: string
    kind: AgencyKind
    /** Number of the decree that makes it a PD Mandiri TIK; null for all others. */
    independent_decree: string | null
    created_at: number
    removed_at: number | null
  }
  site: {
    id: string
    slug: string
    name: string
    kind: SiteKind
    agency_id: string | null
    address: string
    /** Name of the feeder or UPS that it hangs on; empty while nobody said so. */
    power_feed: Generated<string>
    /** Degrees, WGS 84; both or neither. */
    latitude: number | null
    longitude: number | null
    created_at: number
    removed_at: number | null
  }
  device: {
    id: string
    slug: string
    name: string
    kind: DeviceKind
    machine_id: string | null
    created_at: number
    removed_at: number | null
    /** Whose it is; null while nobody said so. */
    agency_id: Generated<string | null>
    site_id: Generated<string | null>
  }
  agent: {
    id: string
    device_id: string
    kind: 'noc' | 'remote' | 'writer' | 'push'
    hostname: string
    version: string
    key_hash: string
    interval_ms: number
    enrolled_at: number
    last_contact_at: number | null
    last_sample_at: number | null
    skew_ms: number | null
    revoked_at: number | null
    /** The writer that speaks for this host; null for an agent with a key of its own. */
    writer_id: string | null
    /** With which token it came. */
    enrolment_token_id: string | null
    /** The bundle it runs from, as it says; null for one that was not installed from a bundle. */
    bundle_arch: Architecture | null
    bundle_sequence: number | null
    /** Sequence of the one bundle that an operator allows it to take. */
    upgrade_to: number | null
    /** 1 after an operator's word until it tried: also a bundle that failed before may be tried. */
    upgrade_again: Generated<number>
    /** Sequence of the bundle that it went back from. */
    upgrade_failed: number | null
  }
  writer: {
    id: string
    name: string
    key_hash: string
    interval_ms: number
    max_hosts: number
    created_at: number
    created_by: string
    revoked_at: number | null
  }
  enrolment_token: {
    id: string
    label: string
    secret_hash: string
    created_at: number
    created_by: string
    expires_at: number
    uses_left: number
    revoked_at: number | null
  }
  /** Last raw counters that a router pushed, so that a restart of the collector makes no spike. JSON. */
  push_state: { agent_id: string; number: number; counters: string }
  /** Agents that two machines seem to speak for. */
  agent_quarantine: { agent_id: string; at: number; reason: string }
  fact: { subject_id: string; name: string; value: string; at: number }

  state_interval: { subject_id: string; state: SubjectState; from_ms: number; to_ms: number; cause: string | null }

  verdict: {
    rule_id: string
    subject_id: string
    part: string
    verdict: Verdict
    since: number
    value: number | null
    threshold: number | null
    evidence_id: string
  }
  evidence: {
    seq: number
    id: string
    at: number
    rule_id: string
    rule_version: string
    subject_id: string
    part: string
    verdict: Verdict
    previous: Verdict | null
    value: number | null
    basis: string
    previous_hash: string
    hash: string
  }

  incident: {
    id: string
    number: number
    /** rule, subject and part while it is active; null once resolved, so that one key has one active incident. */
    active_key: string | null
    state: IncidentState
    severity: Severity
    kind: UnmetKind
    rule_id: string
    title: string
    subject_id: string
    part: string
    opened_at: number
    acknowledged_at: number | null
    acknowledged_by: string | null
    resolved_at: number | null
    value: number | null
    threshold: number | null
    unit: string
    /** How many were reached only through the subject when it opened. */
    cut_off: Generated<number>
  }
  incident_event: {
    id: string
    incident_id: string
    at: number
    kind: 'opened' | 'acknowledged' | 'note' | 'severity' | 'resolved'
    by_actor: string | null
    note: string | null
    value: number | null
    /** Of the verdict that opened or resolved it; null for what people did. */
    evidence_id: string | null
  }

  /** What must be told to people: written in the transaction that changed the incident, routed afterwards. */
  outbox: {
    id: string
    at: number
    event: 'opened' | 'resolved'
    incident_id: string
    /** JSON of the IncidentSummary as it was then. */
    incident: string
    routed_at: number | null
  }
  delivery: {
    id: string
    outbox_id: string
    incident_id: string
    event: 'opened' | 'resolved'
    channel_id: string
    channel_name: string
    state: 'pending' | 'sent' | 'failed' | 'dropped'
    attempts: number
    created_at: number
    next_at: number
    settled_at: number | null
    /** Why it is not sent, or what is worth knowing of a sent one ("told in one digest with 36 others"). */
    error: string | null
    /** When it was last tried; counts against the rate of the channel. */
    attempted_at: number | null
    /** Id of the digest in which it is told together with others; null when it goes alone. */
    digest_id: string | null
    /** JSON list of the recipients that did not take it yet, after others did; null while it is for all. */
    remaining: string | null
  }
  channel: {
    id: string
    name: string
    kind: string
    settings: string
    /** JSON object of the secret fields, sealed by the vault (base64). */
    secrets: string
    minimum_severity: Severity
    enabled: Generated<number>
    created_at: number
    removed_at: number | null
  }
}
