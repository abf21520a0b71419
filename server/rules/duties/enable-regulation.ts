import { z } from 'zod'
import { DUTY_CALLS } from '../../../protocol/duty-calls.ts'
import { defineVerb, type VerbContext, type VerbDeps } from '../../access/verb.ts'
import { newId } from '../../platform/ids.ts'
import { ProblemError } from '../../platform/problem-error.ts'
import type { DutyEngine } from './duty-engine.ts'

type Deps = VerbDeps & { dutyEngine: Pick<DutyEngine, 'regulations'> }

/** A regulation binds from a day on. Errors: `not-found`, `wrong-state` where it binds already, `bad-request`. */
export const enableRegulation = defineVerb({
  name: 'regulation.enable',
  permission: 'rules:write',
  input: z.strictObject({ pack: z.string().max(100), ...DUTY_CALLS.enableRegulation.body.shape }),
  async run({ deps, tx, actor, at }: VerbContext<Deps>, { pack, validFrom, validUntil }) {
    if (!deps.dutyEngine.regulations.some(({ id }) => id === pack)) {
      throw new ProblemError('not-found', 'There is no regulation with this id')
    }
    if (validUntil !== null && validUntil < validFrom) {
      throw new ProblemError('bad-request', 'validUntil: must not lie before validFrom')
    }
    const standing = await tx
      .selectFrom('enabled_pack')
      .select('id')
      .where('pack_id', '=', pack)
      .where('ended_at', 'is', null)
      .executeTakeFirst()
    if (standing !== undefined) throw new ProblemError('wrong-state', 'This regulation binds already')
    await tx
      .insertInto('enabled_pack')
      .values({
        ...{ id: newId(at), pack_id: pack, valid_from: validFrom, valid_until: validUntil },
        ...{ entered_at: at, entered_by: actor.id, ended_at: null, ended_by: null },
      })
      .execute()
  },
  audit: ({ pack, validFrom, validUntil }) => ({ subject: null, detail: { pack, validFrom, validUntil } }),
  committed: (deps, { pack }) => deps.changes.append({ kind: 'duty', ruleId: pack }),
})
