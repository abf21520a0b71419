// Channels for the settings page. Secrets are counted, never shown.
import type { ChannelKindView, ChannelView } from '../../protocol/settings-views.ts'
import { ProblemError } from '../platform/problem-error.ts'
import type { Records } from '../stores/records/records.ts'
import type { Vault } from '../stores/vault.ts'
import { type ChannelRow, readChannelRow, secretsOf, settingsOf } from './channel-rows.ts'
import { ChannelError } from './channels/channel.ts'
import { CHANNELS, type ChannelRegistry } from './channels/registry.ts'

export type ChannelQueryDeps = { records: Records; vault: Vault }

export function listChannelKinds(channels: ChannelRegistry = CHANNELS): ChannelKindView[] {
  return channels.map(({ kind, title, fields }) => ({ kind, title, fields }))
}

/** By name. */
export async function listChannels(deps: ChannelQueryDeps): Promise<ChannelView[]> {
  const rows = await deps.records
    .selectFrom('channel')
    .selectAll()
    .where('removed_at', 'is', null)
    .orderBy('name')
    .execute()
  return Promise.all(rows.map(row => viewOf(deps, row)))
}

/** Errors: `not-found`. */
export async function readChannel(deps: ChannelQueryDeps, id: string): Promise<ChannelView> {
  const row = await readChannelRow(deps.records, id)
  if (row === null) throw new ProblemError('not-found', 'There is no channel with this id')
  return viewOf(deps, row)
}

async function viewOf({ records, vault }: ChannelQueryDeps, row: ChannelRow): Promise<ChannelView> {
  const last = await records
    .selectFrom('delivery')
    .select(['state', 'error', 'created_at', 'attempted_at', 'settled_at'])
    .where('channel_id', '=', row.id)
    .orderBy('created_at', 'desc')
    .orderBy('id', 'desc')
    .limit(1)
    .executeTakeFirst()
  return {
    id: row.id,
    name: row.name,
    kind: row.kind,
    settings: settingsOf(row),
    secretsSet: namesOfSecrets(vault, row),
    minimumSeverity: row.minimum_severity,
    enabled: row.enabled === 1,
    lastDelivery:
      last === undefined
        ? null
        : { at: last.settled_at ?? last.attempted_at ?? last.created_at, state: last.state, error: last.error },
  }
}

/** Secrets that can't be opened any more count as not set: they must be entered again. */
function namesOfSecrets(vault: Vault, row: ChannelRow): string[] {
  try {
    return Object.keys(secretsOf(vault, row))
  } catch (error) {
    if (error instanceof ChannelError) return []
    throw error
  }
}
