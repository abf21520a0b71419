// Channels as they are kept: settings as JSON, secrets as one sealed JSON object bound to the channel's id.
import type { Selectable } from 'kysely'
import { z } from 'zod'
import type { Records, RecordsTransaction } from '../stores/records/records.ts'
import type { Tables } from '../stores/records/schema.ts'
import type { Vault } from '../stores/vault.ts'
import { ChannelError, type FieldValues } from './channels/channel.ts'

export type ChannelRow = Selectable<Tables['channel']>

const settingsText = z.record(z.string(), z.union([z.string(), z.number()]))
const secretsText = z.record(z.string(), z.string())

/** Null when there is none with this id, or it was removed. */
export async function readChannelRow(records: Records | RecordsTransaction, id: string): Promise<ChannelRow | null> {
  const row = await records
    .selectFrom('channel')
    .selectAll()
    .where('id', '=', id)
    .where('removed_at', 'is', null)
    .executeTakeFirst()
  return row ?? null
}

export function settingsOf(row: ChannelRow): FieldValues {
  return settingsText.parse(JSON.parse(row.settings))
}

/** Errors: ChannelError when the secrets can't be opened, which is when the vault's key is another one. */
export function secretsOf(vault: Vault, row: ChannelRow): Record<string, string> {
  try {
    return secretsText.parse(JSON.parse(vault.open(row.secrets, purposeOf(row.id))))
  } catch {
    throw new ChannelError({
      outcome: 'retry',
      reason: 'the secrets of the channel cannot be opened; enter them again',
    })
  }
}

export function sealSecrets(vault: Vault, channelId: string, secrets: Record<string, string>): string {
  return vault.seal(JSON.stringify(secrets), purposeOf(channelId))
}

/** Values of all fields, secrets included, as a channel takes them. */
export function valuesOf(vault: Vault, row: ChannelRow): FieldValues {
  return { ...settingsOf(row), ...secretsOf(vault, row) }
}

function purposeOf(channelId: string): string {
  return `channel:${channelId}`
}
