import { CALLS } from '../../protocol/api.ts'
import { recordId } from '../../protocol/shapes.ts'
import { defineVerb, type VerbContext } from '../access/verb.ts'
import { ProblemError } from '../platform/problem-error.ts'
import type { Vault } from '../stores/vault.ts'
import { auditable, type ChannelVerbDeps, requireFreeName, requireKind, requireValues } from './channel-checks.ts'
import { type ChannelRow, readChannelRow, sealSecrets, secretsOf, settingsOf } from './channel-rows.ts'
import { ChannelError, type ChannelKind, type FieldValues } from './channels/channel.ts'
import { mergeValues, splitSecrets } from './channels/field-values.ts'
import { dropPending } from './settle.ts'

/**
 * Changes a channel. A setting or secret left out keeps its value, an empty one is taken away. What waits goes at once
 * by the new settings, or is dropped when the channel is switched off. Errors: `not-found`, `wrong-state` for another
 * kind, `bad-request` with the places, `name-taken`.
 */
export const updateChannel = defineVerb({
  name: 'channel.update',
  permission: 'channels:write',
  input: CALLS.updateChannel.body.extend({ id: recordId }),
  run: async ({ deps, tx, at }: VerbContext<ChannelVerbDeps>, input) => {
    const row = await readChannelRow(tx, input.id)
    if (row === null) throw new ProblemError('not-found', 'There is no channel with this id')
    if (row.kind !== input.kind)
      throw new ProblemError('wrong-state', `The channel is of kind ${row.kind}, which cannot change: add another one`)
    const kind = requireKind(deps, row.kind)
    const presentSettings = settingsOf(row)
    const presentSecrets = keptSecrets(deps.vault, row, kind, input.settings)
    const values = mergeValues(kind.fields, { ...presentSettings, ...presentSecrets }, input.settings)
    requireSecretsAgain(kind, presentSettings, presentSecrets, values, input.settings)
    requireValues(kind, values)
    await requireFreeName(tx, input.name, row.id)
    const { settings, secrets } = splitSecrets(kind.fields, values)
    await tx
      .updateTable('channel')
      .set({
        name: input.name,
        settings: JSON.stringify(settings),
        secrets: sealSecrets(deps.vault, row.id, secrets),
        minimum_severity: input.minimumSeverity,
        enabled: input.enabled ? 1 : 0,
      })
      .where('id', '=', row.id)
      .execute()
    const dropped = input.enabled ? [] : await dropPending(tx, row.id, 'the channel was switched off', at)
    // Only what failed before: a fresh notice still waits out its settling time.
    await tx
      .updateTable('delivery')
      .set({ next_at: at, remaining: null })
      .where('channel_id', '=', row.id)
      .where('state', '=', 'pending')
      .where('attempts', '>', 0)
      .execute()
    return { settings: auditable(kind, settings), secretsSet: Object.keys(secrets), dropped }
  },
  audit: (input, { settings, secretsSet, dropped }) => ({
    subject: input.id,
    detail: {
      name: input.name,
      settings,
      secretsSet,
      secretsChanged: secretsSet.filter(name => input.settings[name] !== undefined),
      minimumSeverity: input.minimumSeverity,
      enabled: input.enabled,
      droppedNotices: dropped.length,
    },
  }),
  committed: (deps, _input, { dropped }) => {
    for (const { id, subjectId } of dropped) deps.changes.append({ kind: 'incident', id, subjectId })
    deps.wake()
  },
})

/** Secrets that can't be opened any more are gone; when all of them come anew, that is no hindrance. */
function keptSecrets(vault: Vault, row: ChannelRow, kind: ChannelKind, given: FieldValues): Record<string, string> {
  try {
    return secretsOf(vault, row)
  } catch (error) {
    const allGiven = kind.fields.every(field => field.type !== 'secret' || given[field.name] !== undefined)
    if (error instanceof ChannelError && allGiven) return {}
    if (error instanceof ChannelError) throw new ProblemError('bad-request', error.failure.reason)
    throw error
  }
}

/** A kept secret must not be shown to another server than the one that it was given for. */
function requireSecretsAgain(
  kind: ChannelKind,
  settings: FieldValues,
  secrets: Record<string, string>,
  values: FieldValues,
  given: FieldValues,
): void {
  const moved = kind.secretsShownTo.filter(name => settings[name] !== values[name])
  if (moved.length === 0) return
  const issues = Object.keys(secrets)
    .filter(name => given[name] === undefined)
    .map(name => ({
      ...{ path: `settings.${name}`, message: `must be entered again because ${moved.join(', ')} changed` },
      code: 'enter-again' as const,
    }))
  if (issues.length === 0) return
  throw new ProblemError('bad-request', issues.map(issue => `${issue.path}: ${issue.message}`).join('; '), { issues })
}
