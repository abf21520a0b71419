import { z } from 'zod'
import { CALLS } from '../../protocol/api.ts'
import type { MaintenanceSubjectKind } from '../../protocol/vocabulary.ts'
import { defineVerb, type VerbContext, type VerbDeps } from '../access/verb.ts'
import { newId } from '../platform/ids.ts'
import { ProblemError } from '../platform/problem-error.ts'
import { spanOf } from './maintenance-windows.ts'

const TABLE_OF: Record<MaintenanceSubjectKind, 'device' | 'link' | 'site' | 'agency' | 'provider'> = {
  ...{ device: 'device', link: 'link', site: 'site', agency: 'agency', provider: 'provider' },
}

/**
 * What is declared before it begins is announced and counts; what has begun already counts only once a second person has
 * approved. Errors: `not-found` for a subject that is not there.
 */
export const declareMaintenance = defineVerb({
  name: 'maintenance.declare',
  permission: 'incidents:write',
  input: z.strictObject({ ...CALLS.declareMaintenance.body.shape }),
  async run({ deps, tx, actor, at }: VerbContext<VerbDeps & { timeZone: string }>, input) {
    const subjects = new Map(input.subjects.map(one => [`${one.kind} ${one.id}`, one]))
    for (const { kind, id } of subjects.values()) {
      const row = await tx
        .selectFrom(TABLE_OF[kind])
        .select('id')
        .where('id', '=', id)
        .where('removed_at', 'is', null)
        .executeTakeFirst()
      if (row === undefined) throw new ProblemError('not-found', `There is no ${kind} with the id ${id}`)
    }
    const { from, until } = spanOf(input.timing, deps.timeZone)
    const state = from < at ? ('waiting' as const) : ('announced' as const)
    const id = newId(at)
    await tx
      .insertInto('maintenance')
      .values({
        ...{ id, title: input.title, reason: input.reason, timing: JSON.stringify(input.timing), state },
        ...{ from_ms: from, until_ms: until, declared_at: at, declared_by: actor.id },
        ...{ decided_at: null, decided_by: null, ended_at: null },
      })
      .execute()
    for (const one of subjects.values()) {
      await tx.insertInto('maintenance_subject').values({ maintenance_id: id, kind: one.kind, id: one.id }).execute()
    }
    return { id, state }
  },
  audit: (input, { id, state }) => ({ subject: id, detail: { ...input, state } }),
  committed: (deps, _input, { id }) => deps.changes.append({ kind: 'topology', id }),
})
