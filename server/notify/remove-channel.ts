import { z } from 'zod'
import { recordId } from '../../protocol/shapes.ts'
import { defineVerb, type VerbContext } from '../access/verb.ts'
import { ProblemError } from '../platform/problem-error.ts'
import type { ChannelVerbDeps } from './channel-checks.ts'
import { sealSecrets } from './channel-rows.ts'
import { dropPending } from './settle.ts'

/** Removes a channel: its past stays readable, its secrets go, what waits for it is dropped. Errors: `not-found`. */
export const removeChannel = defineVerb({
  name: 'channel.remove',
  permission: 'channels:write',
  input: z.strictObject({ id: recordId }),
  run: async ({ deps, tx, at }: VerbContext<ChannelVerbDeps>, input) => {
    const removed = await tx
      .updateTable('channel')
      .set({ removed_at: at, secrets: sealSecrets(deps.vault, input.id, {}) })
      .where('id', '=', input.id)
      .where('removed_at', 'is', null)
      .executeTakeFirst()
    if (removed.numUpdatedRows === 0n) throw new ProblemError('not-found', 'There is no channel with this id')
    return { dropped: await dropPending(tx, input.id, 'the channel was removed', at) }
  },
  audit: (input, { dropped }) => ({ subject: input.id, detail: { droppedNotices: dropped.length } }),
  committed: (deps, _input, { dropped }) => {
    for (const { id, subjectId } of dropped) deps.changes.append({ kind: 'incident', id, subjectId })
    deps.wake()
  },
})
