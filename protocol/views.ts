// What the collector shows: one schema a view, used by the API, its reference and the screens.
import { z } from 'zod'
import { bilingual, instant, labels, parameter, recordId } from './shapes.ts'
import { DEVICE_KINDS } from './snmp-words.ts'
import { ARCHITECTURES } from './upgrade.ts'
import {
  INCIDENT_STATES,
  LANGUAGES,
  PERMISSIONS,
  ROLES,
  SEVERITIES,
  SUBJECT_STATES,
  UNMET_KINDS,
  VERDICTS,
} from './vocabulary.ts'

const ratio = z.number()

export const sessionView = z.strictObject({
  user: z.strictObject({ id: recordId, name: z.string(), role: z.enum(ROLES) }),
  permissions: z.array(z.enum(PERMISSIONS)),
  /** IANA name of the city's time zone ("Asia/Jakarta"); every time on a screen is shown in it. */
  timeZone: z.string(),
  /** Name of the city or regency as configured, for the header. */
  place: z.string(),
  language: z.enum(LANGUAGES),
  version: z.string(),
})
export type SessionView = z.infer<typeof sessionView>

/** What a page may know before anyone signs in. */
export const welcomeView = z.strictObject({
  setUp: z.boolean(),
  place: z.string(),
  language: z.enum(LANGUAGES),
})
export type WelcomeView = z.infer<typeof welcomeView>

export const incidentSummary = z.strictObject({
  id: recordId,
  /** Running number that people say aloud: "insiden 12". */
  number: z.int(),
  state: z.enum(INCIDENT_STATES),
  severity: z.enum(SEVERITIES),
  kind: z.enum(UNMET_KINDS),
  ruleId: z.string(),
  title: bilingual,
  /** `kind` is that of a device, or `link`. */
  subject: z.strictObject({ id: recordId, name: z.string(), kind: z.string().optional() }),
  /** Which part of the subject, e.g. "mountpoint=/srv"; empty for the whole. */
  part: z.string(),
  openedAt: instant,
  acknowledgedAt: instant.nullable(),
  acknowledgedBy: z.string().nullable(),
  resolvedAt: instant.nullable(),
  /** The measured value as of the last change, in `unit`; null when what was due did not come. */
  value: z.number().nullable(),
  threshold: z.number().nullable(),
  unit: z.string(),
  /** How many were reached only through the subject when it opened. */
  cutOff: z.int().optional(),
})
export type IncidentSummary = z.infer<typeof incidentSummary>

export const incidentView = z.strictObject({
  incident: incidentSummary,
  timeline: z.array(
    z.strictObject({
      at: instant,
      kind: z.enum(['opened', 'acknowledged', 'note', 'severity', 'resolved']),
      by: z.string().nullable(),
      note: z.string().nullable(),
      value: z.number().nullable(),
      /** Of the verdict that opened or resolved it; null for what people did. */
      evidenceId: recordId.nullable(),
    }),
  ),
  notices: z.array(
    z.strictObject({
      id: recordId,
      channel: z.string(),
      event: z.enum(['opened', 'resolved']),
      state: z.enum(['pending', 'sent', 'failed', 'dropped']),
      attempts: z.int(),
      at: instant,
      error: z.string().nullable(),
    }),
  ),
})
export type IncidentView = z.infer<typeof incidentView>

export const serverTile = z.strictObject({
  id: recordId,
  slug: z.string(),
  name: z.string(),
  kind: z.enum(DEVICE_KINDS),
  state: z.enum(SUBJECT_STATES),
  stateSince: instant.nullable(),
  /** Whether probes reach it now: then its state does not rest on its samples alone. */
  isReached: z.boolean(),
  /** Time of the newest sample; null when none ever came. The page shows its age. */
  lastSampleAt: instant.nullable(),
  intervalMs: z.int(),
  /** An agent elsewhere asks it: it has a page of its own as a device of the network. */
  isPolled: z.boolean(),
  /** A recording that is played: every screen says so. */
  simulated: z.boolean(),
  cpuRatio: ratio.nullable(),
  memoryRatio: ratio.nullable(),
  fullestFilesystem: z.strictObject({ mountpoint: z.string(), usedRatio: ratio }).nullable(),
  /** Interfaces that are up, of those that are there; null where nobody tells. */
  ports: z.strictObject({ up: z.int(), total: z.int() }).nullable(),
  openIncidents: z.int(),
  acknowledgedIncidents: z.int(),
  worstSeverity: z.enum(SEVERITIES).nullable(),
})
export type ServerTile = z.infer<typeof serverTile>

/** The whole wall at one moment. `epoch` changes with each start of the collector, `seq` with each patch; over HTTP they are "http" and 0, and no patch fits. */
export const wallView = z.strictObject({
  epoch: z.string(),
  seq: z.int(),
  at: instant,
  servers: z.array(serverTile),
  /** Open and acknowledged ones, worst and newest first. */
  incidents: z.array(incidentSummary),
})
export type WallView = z.infer<typeof wallView>

export const verdictView = z.strictObject({
  ruleId: z.string(),
  title: bilingual,
  part: z.string(),
  verdict: z.enum(VERDICTS),
  severity: z.enum(SEVERITIES),
  since: instant,
  value: z.number().nullable(),
  threshold: z.number().nullable(),
  unit: z.string(),
  /** Who set the number: the text of the regulation, or Diskominfo as a proposal. */
  parameterSource: z.enum(['regulation', 'diskominfo']),
  evidenceId: recordId.nullable(),
})
export type VerdictView = z.infer<typeof verdictView>

export const stateInterval = z.strictObject({
  state: z.enum(SUBJECT_STATES),
  from: instant,
  to: instant,
  cause: z.string().nullable(),
})
export type StateInterval = z.infer<typeof stateInterval>

export const availabilityView = z.strictObject({
  from: instant,
  to: instant,
  /** Of the window, how much the service is owed in: all of it, or office hours. */
  serviceMs: z.number(),
  /** up / (up + outage); null when nothing was observed. */
  uptimeRatio: ratio.nullable(),
  upMs: z.number(),
  outageMs: z.number(),
  /** Down in announced maintenance, and in maintenance that was declared afterwards and approved. */
  plannedMs: z.number(),
  plannedAfterwardsMs: z.number(),
  unobservedMs: z.number(),
  outages: z.int(),
  /** Mean time to repair and mean time between failures; null without an outage. */
  mttrMs: z.number().nullable(),
  mtbfMs: z.number().nullable(),
})
export type AvailabilityView = z.infer<typeof availabilityView>

export const serverView = z.strictObject({
  tile: serverTile,
  agent: z
    .strictObject({
      id: recordId,
      version: z.string(),
      enrolledAt: instant,
      lastContactAt: instant.nullable(),
      /** Collector's clock minus agent's clock. */
      skewMs: z.number().nullable(),
      revoked: z.boolean(),
      sources: z.array(
        z.strictObject({ name: z.string(), state: z.enum(['ok', 'failing']), durationS: z.number().nullable() }),
      ),
      spool: z.strictObject({
        bytes: z.number().nullable(),
        /** How long it takes until the oldest must go, if nothing is delivered. */
        secondsLeft: z.number().nullable(),
        droppedBatches: z.number().nullable(),
      }),
    })
    .nullable(),
  bootedAt: instant.nullable(),
  /** Whose it is and where it stands; null while nobody said so. */
  place: z.strictObject({ agencyId: recordId.nullable(), siteId: recordId.nullable() }),
  facts: z.array(
    z.strictObject({ name: z.string(), value: z.union([z.string(), z.number(), z.boolean()]), at: instant }),
  ),
  filesystems: z.array(
    z.strictObject({
      mountpoint: z.string(),
      fstype: z.string(),
      sizeBytes: z.number(),
      availBytes: z.number(),
      usedRatio: ratio,
    }),
  ),
  interfaces: z.array(
    z.strictObject({ device: z.string(), receiveBps: z.number().nullable(), transmitBps: z.number().nullable() }),
  ),
  /** Every metric that the server sends now, by name: what a page can draw that knows none of them. */
  metrics: z.array(z.strictObject({ metric: z.string(), series: z.int(), newestAt: instant })),
  verdicts: z.array(verdictView),
  incidents: z.array(incidentSummary),
  /** Last 24 hours, oldest first, without holes. */
  history: z.array(stateInterval),
  availability: availabilityView,
})
export type ServerView = z.infer<typeof serverView>

/** Points carry null where nothing was measured: a gap is a gap. */
export const rangeView = z.strictObject({
  from: instant,
  to: instant,
  stepMs: z.int(),
  series: z.array(
    z.strictObject({
      metric: z.string(),
      labels,
      agentId: recordId,
      points: z.array(z.tuple([instant, z.number().nullable()])),
    }),
  ),
})
export type RangeView = z.infer<typeof rangeView>

export const agentView = z.strictObject({
  id: recordId,
  deviceId: recordId,
  hostname: z.string(),
  version: z.string(),
  enrolledAt: instant,
  lastContactAt: instant.nullable(),
  skewMs: z.number().nullable(),
  revokedAt: instant.nullable(),
  /** Why nothing of it is taken at present; null when all is well. */
  quarantined: z.string().nullable(),
  /**
   * `noc` is the one that the collector started beside itself, `writer` a host that a writer speaks for, `push` a router
   * that runs a script.
   */
  kind: z.enum(['noc', 'remote', 'writer', 'push']),
  /** Whether a newer bundle is there for it, and may be taken; `none` also for agents that did not come as a bundle. */
  upgrade: z.enum(['none', 'available', 'allowed', 'failed']),
})
export type AgentView = z.infer<typeof agentView>

/** What the settings page needs to show the line that installs an agent. */
export const installView = z.strictObject({
  hindrance: z.enum(['none', 'public-url-missing', 'public-url-plain', 'not-built']),
  /** Fetches the script; a pipe into `sh -s -- --token TOKEN` follows it. Null while something hinders. */
  line: z.string().nullable(),
  version: z.string(),
  architectures: z.array(
    z.strictObject({ arch: z.enum(ARCHITECTURES), state: z.enum(['ready', 'not-built', 'no-node']) }),
  ),
})
export type InstallView = z.infer<typeof installView>

/** Who enrolled with a token, for the page that waits for the first sample. */
export const enrolledView = z.strictObject({
  agents: z.array(
    z.strictObject({
      id: recordId,
      deviceId: recordId,
      hostname: z.string(),
      enrolledAt: instant,
      lastSampleAt: instant.nullable(),
    }),
  ),
})
export type EnrolledView = z.infer<typeof enrolledView>

/** A program that delivers by line protocol for any number of hosts. What it did is counted since the collector's start. */
export const writerView = z.strictObject({
  id: recordId,
  name: z.string(),
  intervalMs: z.int(),
  maxHosts: z.int(),
  hosts: z.int(),
  createdAt: instant,
  revokedAt: instant.nullable(),
  lastWriteAt: instant.nullable(),
  keptLines: z.int(),
  refusedLines: z.int(),
  /** Fields with text in them: they are no numbers and are not kept. */
  textFields: z.int(),
  lastRefusal: z.strictObject({ at: instant, message: z.string() }).nullable(),
})
export type WriterView = z.infer<typeof writerView>

export const enrolmentTokenView = z.strictObject({
  id: recordId,
  label: z.string(),
  createdAt: instant,
  expiresAt: instant,
  usesLeft: z.int(),
  revokedAt: instant.nullable(),
})
export type EnrolmentTokenView = z.infer<typeof enrolmentTokenView>

export const userView = z.strictObject({
  id: recordId,
  name: z.string(),
  displayName: z.string(),
  role: z.enum(ROLES),
  createdAt: instant,
  lastLoginAt: instant.nullable(),
  disabledAt: instant.nullable(),
})
export type UserView = z.infer<typeof userView>

export const apiTokenView = z.strictObject({
  id: recordId,
  label: z.string(),
  scopes: z.array(z.enum(PERMISSIONS)),
  createdAt: instant,
  expiresAt: instant.nullable(),
  lastUsedAt: instant.nullable(),
  revokedAt: instant.nullable(),
})
export type ApiTokenView = z.infer<typeof apiTokenView>

/** A channel describes its own form; the settings page draws it. */
export const channelField = z.strictObject({
  name: z.string(),
  label: bilingual,
  help: bilingual.nullable(),
  type: z.enum(['text', 'email', 'url', 'number', 'secret', 'choice', 'list']),
  choices: z.array(z.strictObject({ value: z.string(), label: bilingual })).optional(),
  required: z.boolean(),
  default: z.union([z.string(), z.number()]).nullable(),
})
export const channelKindView = z.strictObject({
  kind: z.string(),
  title: bilingual,
  fields: z.array(channelField),
})
export type ChannelKindView = z.infer<typeof channelKindView>

export const channelView = z.strictObject({
  id: recordId,
  name: z.string(),
  kind: z.string(),
  /** Without secrets: a secret field is only listed in `secretsSet`. Lists are strings joined by ", ". */
  settings: z.record(z.string(), z.union([z.string(), z.number()])),
  secretsSet: z.array(z.string()),
  minimumSeverity: z.enum(SEVERITIES),
  enabled: z.boolean(),
  lastDelivery: z
    .strictObject({
      at: instant,
      state: z.enum(['pending', 'sent', 'failed', 'dropped']),
      error: z.string().nullable(),
    })
    .nullable(),
})
export type ChannelView = z.infer<typeof channelView>

export const auditEntryView = z.strictObject({
  seq: z.int(),
  at: instant,
  actor: z.string(),
  action: z.string(),
  subject: z.string().nullable(),
  detail: z.record(z.string(), z.unknown()),
  hash: z.string(),
})
export type AuditEntryView = z.infer<typeof auditEntryView>

export const ruleView = z.strictObject({
  id: z.string(),
  title: bilingual,
  measure: z.string(),
  subjectKind: z.string(),
  severity: z.enum(SEVERITIES),
  unit: z.string(),
  parameters: z.record(z.string(), parameter),
  packId: z.string(),
  counts: z.record(z.enum(VERDICTS), z.int()),
})
export type RuleView = z.infer<typeof ruleView>

export const evidenceView = z.strictObject({
  id: recordId,
  seq: z.int(),
  at: instant,
  ruleId: z.string(),
  ruleVersion: z.string(),
  subjectId: recordId,
  part: z.string(),
  verdict: z.enum(VERDICTS),
  previous: z.enum(VERDICTS).nullable(),
  value: z.number().nullable(),
  /** Values, window and sources that the verdict rests on. */
  basis: z.record(z.string(), z.unknown()),
  hash: z.string(),
})
export type EvidenceView = z.infer<typeof evidenceView>
