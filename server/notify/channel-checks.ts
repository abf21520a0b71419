// What creating and changing a channel have in common.
import type { VerbDeps } from '../access/verb.ts'
import { ProblemError } from '../platform/problem-error.ts'
import type { RecordsTransaction } from '../stores/records/records.ts'
import type { Vault } from '../stores/vault.ts'
import type { ChannelKind, FieldValues } from './channels/channel.ts'
import { CHANNELS, type ChannelRegistry, findChannelKind } from './channels/registry.ts'

/** `wake`: of the notifier, so that what waits for a channel that was put right goes at once. */
export type ChannelVerbDeps = VerbDeps & { vault: Vault; wake: () => void; channels?: ChannelRegistry }

/** Errors: `bad-request` at `kind`. */
export function requireKind(deps: { channels?: ChannelRegistry }, kind: string): ChannelKind {
  const registry = deps.channels ?? CHANNELS
  const found = findChannelKind(registry, kind)
  if (found !== undefined) return found
  const message = `must be one of ${registry.map(candidate => candidate.kind).join(', ')}`
  throw new ProblemError('bad-request', `kind: ${message}`, {
    issues: [{ path: 'kind', message, code: 'not-allowed' }],
  })
}

/** Errors: `bad-request` with each place, as "settings.port". */
export function requireValues(kind: ChannelKind, values: FieldValues): void {
  const issues = kind
    .check(values)
    .map(issue => ({ ...issue, path: issue.path === '' ? 'settings' : `settings.${issue.path}` }))
  if (issues.length === 0) return
  throw new ProblemError('bad-request', issues.map(issue => `${issue.path}: ${issue.message}`).join('; '), { issues })
}

/** Errors: `name-taken`. */
export async function requireFreeName(tx: RecordsTransaction, name: string, ownId: string | null): Promise<void> {
  const other = await tx
    .selectFrom('channel')
    .select('id')
    .where('name', '=', name)
    .where('removed_at', 'is', null)
    .executeTakeFirst()
  if (other !== undefined && other.id !== ownId) throw new ProblemError('name-taken', `A channel is called ${name}`)
}

/** Settings for the audit log, which more people read: of a URL only its origin, since its path may carry a token. */
export function auditable(kind: ChannelKind, settings: FieldValues): FieldValues {
  const urls = kind.fields.filter(field => field.type === 'url').map(field => field.name)
  const shown = Object.entries(settings).map(([name, value]): [string, string | number] => {
    const cut = urls.includes(name) && URL.canParse(String(value))
    return [name, cut ? new URL(String(value)).origin : value]
  })
  return Object.fromEntries(shown)
}
