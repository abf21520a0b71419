// Accounts, tokens, channels and the audit log.
import { z } from 'zod'
import { bilingual, instant, recordId } from './shapes.ts'
import { PERMISSIONS, ROLES, SEVERITIES } from './vocabulary.ts'

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
