// Every call of the HTTP API: who may make it, what goes in, what comes out. The OpenAPI document, the router and the
// types of the pages all come from this table.
import { z } from 'zod'
import { agentView, enrolledView, enrolmentTokenView, installView } from './agent-views.ts'
import { BACKUP_CALLS } from './backup-calls.ts'
import { batch, batchReceipt, enrolled, enrolment } from './batch.ts'
import type { Call, CallAccess } from './call.ts'
import { DEVICE_CALLS } from './device-calls.ts'
import { DRC_CALLS } from './drc.ts'
import { DUTY_CALLS } from './duty-calls.ts'
import { EXPORT_CALLS } from './export-call.ts'
import { incidentSummary, incidentView } from './incident-views.ts'
import { LINK_CALLS } from './links.ts'
import { MAINTENANCE_CALLS } from './maintenance.ts'
import { OWN_COPY_CALLS } from './own-copies.ts'
import type { CallName } from './paths.ts'
import { PLACE_CALLS } from './places.ts'
import { REGISTER_CALLS } from './register-calls.ts'
import { evidenceView, ruleView } from './rule-views.ts'
import { rangeView, serverView } from './server-views.ts'
import { sessionView, welcomeView } from './session-views.ts'
import { apiTokenView, auditEntryView, channelKindView, channelView, userView } from './settings-views.ts'
import { instant, labelsQuery, metricName, recordId } from './shapes.ts'
import { agentOrders, ordersQuery, taskRequest, taskResult, taskView } from './tasks.ts'
import { upgradeOffer, upgradeQuestion } from './upgrade-call.ts'
import { AGGREGATES, INCIDENT_STATES, PERMISSIONS, ROLES, SEVERITIES } from './vocabulary.ts'
import { wallView } from './wall-views.ts'
import { WRITER_CALLS } from './writer-calls.ts'

export type { Call, CallAccess }

const nothing = z.strictObject({})
const password = z.string().min(12).max(200)
const userName = z.string().regex(/^[a-z0-9][a-z0-9._-]{1,49}$/)
const pageQuery = { limit: z.coerce.number().int().min(1).max(500).default(100) }
const channelBody = z.strictObject({
  name: z.string().min(1).max(100),
  kind: z.string().min(1).max(50),
  /** Values by field name; a secret left out on update keeps its present value. */
  settings: z.record(z.string(), z.union([z.string(), z.number()])),
  minimumSeverity: z.enum(SEVERITIES).default('high'),
  enabled: z.boolean().default(true),
})

export const CALLS = {
  welcome: { summary: 'What the sign-in page needs', access: 'open', response: welcomeView },
  setUp: {
    summary: 'Create the first administrator with the one-time link',
    access: 'credentials',
    body: z.strictObject({ link: z.string(), name: userName, displayName: z.string().min(1).max(100), password }),
    response: sessionView,
  },
  signIn: {
    summary: 'Sign in; sets the session cookie',
    access: 'credentials',
    body: z.strictObject({ name: z.string().max(200), password: z.string().max(200) }),
    response: sessionView,
  },
  session: { summary: 'Who is signed in', access: 'session', response: sessionView },
  signOut: { summary: 'End the session', access: 'session', response: nothing },
  changePassword: {
    summary: "Change one's own password; ends all other sessions",
    access: 'session',
    body: z.strictObject({ current: z.string().max(200), next: password }),
    response: nothing,
  },

  enrol: { summary: 'Enrol an agent', access: 'credentials', body: enrolment, response: enrolled },
  ingest: { summary: 'Deliver one batch (JSON, plain or gzip)', access: 'agent', body: batch, response: batchReceipt },
  agentOrders: {
    summary: 'What an agent is to do; held until there is something, for at most `waitS` seconds',
    access: 'agent',
    query: ordersQuery,
    response: agentOrders,
  },
  answerTask: {
    summary: 'What came of a task',
    access: 'agent',
    body: z.strictObject({ result: taskResult }),
    response: nothing,
  },
  push: {
    summary: 'Figures of a router, a line each: "uptime=12345", "if:eth0:rx_bytes=67"',
    access: 'agent',
    response: z.strictObject({ receivedAt: instant, again: z.boolean() }),
  },

  ...BACKUP_CALLS,
  ...DRC_CALLS,
  ...OWN_COPY_CALLS,

  wall: { summary: 'All servers and active incidents at this moment', access: 'read', response: wallView },
  server: { summary: 'One server with facts, verdicts, incidents and history', access: 'read', response: serverView },
  range: {
    summary: 'Points of the series of one metric over a window',
    access: 'read',
    query: z.strictObject({
      subject: recordId,
      metric: metricName,
      /** Only series that carry these labels, as JSON object. */
      labels: labelsQuery.optional(),
      from: z.coerce.number().pipe(instant),
      to: z.coerce.number().pipe(instant),
      stepMs: z.coerce
        .number()
        .int()
        .min(1_000)
        .max(31 * 24 * 3_600_000),
      aggregate: z.enum(AGGREGATES).default('avg'),
    }),
    response: rangeView,
  },
  ...EXPORT_CALLS,

  incidents: {
    summary: 'Incidents, newest first',
    access: 'read',
    query: z.strictObject({
      state: z.enum([...INCIDENT_STATES, 'active']).optional(),
      subject: recordId.optional(),
      before: z.coerce.number().int().optional(),
      ...pageQuery,
    }),
    response: z.strictObject({ incidents: z.array(incidentSummary) }),
  },
  incident: { summary: 'One incident with timeline and notices', access: 'read', response: incidentView },
  acknowledgeIncident: {
    summary: 'Take an incident on: a person answers for it now',
    access: 'incidents:write',
    body: z.strictObject({ note: z.string().max(2000).optional() }),
    response: incidentView,
  },
  noteIncident: {
    summary: 'Add a note to the timeline',
    access: 'incidents:write',
    body: z.strictObject({ note: z.string().min(1).max(2000) }),
    response: incidentView,
  },
  resolveIncident: {
    summary: 'Close an incident by hand, with the reason; it opens again by itself when the rule is still broken',
    access: 'incidents:write',
    body: z.strictObject({ note: z.string().min(1).max(2000) }),
    response: incidentView,
  },

  rules: {
    summary: 'Rules in force, with how many subjects stand where',
    access: 'read',
    response: z.strictObject({ rules: z.array(ruleView) }),
  },
  evidence: { summary: 'What a verdict rests on', access: 'read', response: evidenceView },

  ...DUTY_CALLS,
  ...REGISTER_CALLS,

  agents: {
    summary: 'Enrolled agents, newest first',
    access: 'read',
    query: z.strictObject({
      /** Part of the host's name. */
      search: z.string().trim().max(100).optional(),
      /** Only those that may be asked to poll or probe. */
      may: z.enum(['anything', 'poll']).default('anything'),
      /** The last one that was seen: the next page. */
      before: recordId.optional(),
      limit: z.coerce.number().int().min(1).max(5_000).default(500),
    }),
    response: z.strictObject({ agents: z.array(agentView), total: z.int() }),
  },
  upgradeOffer: {
    summary: 'What an installed agent asks: may it take another bundle',
    access: 'agent',
    body: upgradeQuestion,
    response: upgradeOffer,
  },
  allowUpgrade: {
    summary: 'Let an agent (or "all") take the bundle that the collector gives out now',
    access: 'agents:write',
    body: nothing,
    response: z.strictObject({ allowed: z.array(recordId) }),
  },
  revokeAgent: {
    summary: 'Revoke the key of an agent; it works nowhere any more',
    access: 'agents:write',
    body: nothing,
    response: agentView,
  },
  askAgent: {
    summary: 'Ask an agent for one thing of the closed list; it has a minute to come for it',
    access: 'agents:write',
    body: z.strictObject({ order: taskRequest }),
    response: taskView,
  },
  agentTask: { summary: 'How a task stands, and what came of it', access: 'read', response: taskView },
  createRouter: {
    summary: 'Add a router that pushes; its script with its key is shown this once',
    access: 'agents:write',
    body: z.strictObject({ name: z.string().min(1).max(100), system: z.enum(['openwrt', 'routeros']) }),
    response: z.strictObject({ agentId: recordId, deviceId: recordId, script: z.string() }),
  },
  liftQuarantine: {
    summary: 'Take an agent in again that two machines seemed to speak for',
    access: 'agents:write',
    body: nothing,
    response: agentView,
  },
  removeServer: {
    summary: 'Take a server off the wall; its key is revoked, its history stays',
    access: 'agents:write',
    response: nothing,
  },
  enrolmentTokens: {
    summary: 'Enrolment tokens (never their secrets)',
    access: 'agents:write',
    response: z.strictObject({ tokens: z.array(enrolmentTokenView) }),
  },
  createEnrolmentToken: {
    summary: 'Make an enrolment token; its secret is shown this once',
    access: 'agents:write',
    body: z.strictObject({
      label: z.string().min(1).max(100),
      uses: z.int().min(1).max(10_000).default(1),
      validForS: z
        .int()
        .min(60)
        .max(90 * 86_400)
        .default(86_400),
    }),
    response: z.strictObject({ token: enrolmentTokenView, secret: z.string() }),
  },
  revokeEnrolmentToken: { summary: 'Revoke an enrolment token', access: 'agents:write', response: nothing },
  ...WRITER_CALLS,
  enrolledWith: { summary: 'Agents that enrolled with a token', access: 'agents:write', response: enrolledView },
  install: { summary: 'The line that installs an agent', access: 'agents:write', response: installView },
  ...PLACE_CALLS,
  ...LINK_CALLS,
  ...MAINTENANCE_CALLS,
  ...DEVICE_CALLS,

  channelKinds: {
    summary: 'Kinds of channels and the fields of each',
    access: 'channels:write',
    response: z.strictObject({ kinds: z.array(channelKindView) }),
  },
  channels: {
    summary: 'Channels (never their secrets)',
    access: 'channels:write',
    response: z.strictObject({ channels: z.array(channelView) }),
  },
  createChannel: { summary: 'Add a channel', access: 'channels:write', body: channelBody, response: channelView },
  updateChannel: { summary: 'Change a channel', access: 'channels:write', body: channelBody, response: channelView },
  removeChannel: { summary: 'Remove a channel', access: 'channels:write', response: nothing },
  testChannel: { summary: 'Send a test message now', access: 'channels:write', body: nothing, response: nothing },

  users: { summary: 'Accounts', access: 'users:write', response: z.strictObject({ users: z.array(userView) }) },
  createUser: {
    summary: 'Add an account',
    access: 'users:write',
    body: z.strictObject({
      name: userName,
      displayName: z.string().min(1).max(100),
      role: z.enum(ROLES),
      password,
    }),
    response: userView,
  },
  updateUser: {
    summary: 'Change role, name or password, disable or enable; a disabled account is signed out',
    access: 'users:write',
    body: z.strictObject({
      displayName: z.string().min(1).max(100).optional(),
      role: z.enum(ROLES).optional(),
      password: password.optional(),
      disabled: z.boolean().optional(),
    }),
    response: userView,
  },

  apiTokens: {
    summary: 'API tokens (never their secrets)',
    access: 'tokens:write',
    response: z.strictObject({ tokens: z.array(apiTokenView) }),
  },
  createApiToken: {
    summary: 'Make an API token; its secret is shown this once',
    access: 'tokens:write',
    body: z.strictObject({
      label: z.string().min(1).max(100),
      scopes: z.array(z.enum(PERMISSIONS)).min(1),
      validForS: z
        .int()
        .min(60)
        .max(10 * 365 * 86_400)
        .nullable()
        .default(null),
    }),
    response: z.strictObject({ token: apiTokenView, secret: z.string() }),
  },
  revokeApiToken: { summary: 'Revoke an API token', access: 'tokens:write', response: nothing },

  audit: {
    summary: 'The audit log, newest first',
    access: 'audit:read',
    query: z.strictObject({ before: z.coerce.number().int().optional(), ...pageQuery }),
    response: z.strictObject({ entries: z.array(auditEntryView) }),
  },
} as const satisfies Record<CallName, Call>

export type Calls = typeof CALLS
export type CallBody<N extends CallName> = Calls[N] extends { body: infer B extends z.ZodType } ? z.input<B> : undefined
export type CallQuery<N extends CallName> = Calls[N] extends { query: infer Q extends z.ZodType }
  ? z.input<Q>
  : undefined
export type CallResponse<N extends CallName> = z.output<Calls[N]['response']>
