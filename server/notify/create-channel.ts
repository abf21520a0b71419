import { CALLS } from '../../protocol/api.ts'
import { defineVerb, type VerbContext } from '../access/verb.ts'
import { newId } from '../platform/ids.ts'
import { auditable, type ChannelVerbDeps, requireFreeName, requireKind, requireValues } from './channel-checks.ts'
import { sealSecrets } from './channel-rows.ts'
import { mergeValues, splitSecrets } from './channels/field-values.ts'

/** Adds a channel; it gets what opens from now on. Errors: `bad-request` with the places, `name-taken`. */
export const createChannel = defineVerb({
  name: 'channel.create',
  permission: 'channels:write',
  input: CALLS.createChannel.body,
  run: async ({ deps, tx, at }: VerbContext<ChannelVerbDeps>, input) => {
    const kind = requireKind(deps, input.kind)
    const values = mergeValues(kind.fields, {}, input.settings)
    requireValues(kind, values)
    await requireFreeName(tx, input.name, null)
    const { settings, secrets } = splitSecrets(kind.fields, values)
    const id = newId(at)
    await tx
      .insertInto('channel')
      .values({
        id,
        name: input.name,
        kind: kind.kind,
        settings: JSON.stringify(settings),
        secrets: sealSecrets(deps.vault, id, secrets),
        minimum_severity: input.minimumSeverity,
        enabled: input.enabled ? 1 : 0,
        created_at: at,
        removed_at: null,
      })
      .execute()
    return { id, settings: auditable(kind, settings), secretsSet: Object.keys(secrets) }
  },
  audit: (input, { id, settings, secretsSet }) => ({
    subject: id,
    detail: {
      name: input.name,
      kind: input.kind,
      settings,
      secretsSet,
      minimumSeverity: input.minimumSeverity,
      enabled: input.enabled,
    },
  }),
})
