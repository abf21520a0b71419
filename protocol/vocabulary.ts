// The closed lists of words that collector, agent and screens share. Plain data, so a page can use it without a parser.

/** State of a subject. `unknown` is the state of everything that no evidence speaks for. */
export const SUBJECT_STATES = ['up', 'degraded', 'down', 'unreachable', 'unknown', 'maintenance'] as const
export type SubjectState = (typeof SUBJECT_STATES)[number]

export const VERDICTS = ['met', 'at-risk', 'unmet', 'unmeasured', 'exempt', 'not-applicable'] as const
export type Verdict = (typeof VERDICTS)[number]

/** What `unmet` is called: by the modal of a duty, or `fault` on an operational rule. */
export const UNMET_KINDS = ['breach', 'finding', 'fault'] as const
export type UnmetKind = (typeof UNMET_KINDS)[number]

/** Only `critical` wakes a person; `high` waits for office hours; the rest are lists. Worst first. */
export const SEVERITIES = ['critical', 'high', 'medium', 'low'] as const
export type Severity = (typeof SEVERITIES)[number]

export const INCIDENT_STATES = ['open', 'acknowledged', 'resolved'] as const
export type IncidentState = (typeof INCIDENT_STATES)[number]

export const ROLES = ['admin', 'operator', 'viewer'] as const
export type Role = (typeof ROLES)[number]

/** What a person or an API token may do. A token's scopes are taken from this list. */
export const PERMISSIONS = [
  'read',
  'incidents:write',
  'channels:write',
  'agents:write',
  'inventory:write',
  'users:write',
  'tokens:write',
  'audit:read',
  'registers:write',
  'rules:write',
] as const
export type Permission = (typeof PERMISSIONS)[number]

export const ROLE_PERMISSIONS: Record<Role, readonly Permission[]> = {
  admin: PERMISSIONS,
  operator: ['read', 'incidents:write', 'inventory:write', 'audit:read', 'registers:write'],
  viewer: ['read'],
}

/** `diskominfo` supervises and runs what is shared; `other` is an office outside the region that owes a duty. */
export const AGENCY_KINDS = ['agency', 'diskominfo', 'other'] as const
export type AgencyKind = (typeof AGENCY_KINDS)[number]

export const SITE_KINDS = ['data-centre', 'drc', 'office', 'other'] as const
export type SiteKind = (typeof SITE_KINDS)[number]

/** What is at the far end of a link. */
export const LINK_PEERS = [
  ...(['site', 'isp', 'national-data-centre', 'data-centre', 'province', 'central-agency', 'service-bus'] as const),
  'other',
] as const
export type LinkPeer = (typeof LINK_PEERS)[number]

/** Why a subject was down, as far as it can be told. */
export const OUTAGE_CAUSES = ['power', 'link', 'upstream', 'device', 'planned', 'unknown'] as const
export type OutageCause = (typeof OUTAGE_CAUSES)[number]

/** `waiting`: declared afterwards, and a second person has not said yes yet; it counts for nothing until then. */
export const MAINTENANCE_STATES = ['announced', 'waiting', 'approved', 'refused'] as const
export type MaintenanceState = (typeof MAINTENANCE_STATES)[number]

export const MAINTENANCE_SUBJECT_KINDS = ['device', 'link', 'site', 'agency', 'provider'] as const
export type MaintenanceSubjectKind = (typeof MAINTENANCE_SUBJECT_KINDS)[number]

export const WEEKDAYS = ['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday'] as const
export type Weekday = (typeof WEEKDAYS)[number]

/** For whom availability is worked out; `server` is any device. */
export const AVAILABILITY_OF = ['server', 'link', 'agency', 'provider'] as const
export type AvailabilityOf = (typeof AVAILABILITY_OF)[number]

export const PERIODS = ['day', 'month', 'year'] as const
export type Period = (typeof PERIODS)[number]

/** Fresh batches go first; `catchup` is what waited in the spool. */
export const LANES = ['fresh', 'catchup'] as const
export type Lane = (typeof LANES)[number]

export const AGGREGATES = ['avg', 'min', 'max', 'last', 'sum', 'count'] as const
export type Aggregate = (typeof AGGREGATES)[number]

export const EXPORT_FORMATS = ['csv', 'parquet'] as const
export type ExportFormat = (typeof EXPORT_FORMATS)[number]

/** Units of time in line protocol, as InfluxDB 1.x names them. */
export const LINE_PRECISIONS = ['n', 'ns', 'u', 'µ', 'ms', 's', 'm', 'h'] as const
export type LinePrecision = (typeof LINE_PRECISIONS)[number]

export const LANGUAGES = ['id', 'en'] as const
export type Language = (typeof LANGUAGES)[number]

/** A text in both languages of the house. */
export type Bilingual = { id: string; en: string }

/** Whose place an agent took by enrolling on that one's machine, as far as people must be told. */
export const REPLACED = ['nobody', 'noc-agent'] as const
export type Replaced = (typeof REPLACED)[number]
