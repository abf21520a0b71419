import { z } from 'zod'
import { recordId } from '../../protocol/shapes.ts'
import { defineVerb, type VerbContext } from '../access/verb.ts'
import { newId } from '../platform/ids.ts'
import { ProblemError } from '../platform/problem-error.ts'
import { type ChannelVerbDeps, requireKind } from './channel-checks.ts'
import { readChannelRow, valuesOf } from './channel-rows.ts'
import { type MessageContext, testMessage } from './message.ts'
import { outcomeOf, withDeadline } from './send.ts'

export type TestChannelDeps = ChannelVerbDeps & MessageContext & { testDeadlineMs?: number }

const TEST_DEADLINE_MS = 15_000

/** Sends a test message now, also by a channel that is switched off. Errors: `not-found`, `channel-failed` with why. */
export const testChannel = defineVerb({
  name: 'channel.test',
  permission: 'channels:write',
  input: z.strictObject({ id: recordId }),
  prepare: async ({ deps, at }: Omit<VerbContext<TestChannelDeps>, 'tx'>, input): Promise<{ note: string | null }> => {
    const row = await readChannelRow(deps.records, input.id)
    if (row === null) throw new ProblemError('not-found', 'There is no channel with this id')
    const kind = requireKind(deps, row.kind)
    try {
      return await withDeadline(new AbortController().signal, deps.testDeadlineMs ?? TEST_DEADLINE_MS, signal =>
        kind.send({
          values: valuesOf(deps.vault, row),
          message: testMessage(at, deps),
          deliveryId: newId(at),
          remaining: null,
          signal,
          at,
        }),
      )
    } catch (error) {
      const outcome = outcomeOf(error)
      throw new ProblemError('channel-failed', 'reason' in outcome ? outcome.reason : undefined)
    }
  },
  run: async (_context, _input, prepared) => prepared,
  audit: (input, { note }) => ({ subject: input.id, detail: note === null ? {} : { note } }),
})
