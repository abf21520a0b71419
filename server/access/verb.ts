// The one way in which a person changes something: permission, parse, one transaction with its audit entry inside.
import type { z } from 'zod'
import type { Permission } from '../../protocol/vocabulary.ts'
import { ProblemError } from '../platform/problem-error.ts'
import { readInput } from '../platform/read-input.ts'
import type { ChangeFeed } from '../stores/change-feed.ts'
import type { Records, RecordsTransaction } from '../stores/records/records.ts'
import type { Actor } from './actor.ts'
import { appendAudit } from './audit.ts'

/** `session`: any signed-in person, for their own account. `credentials`: the input itself carries the proof. */
export type VerbPermission = Permission | 'session' | 'credentials'

export type VerbDeps = { records: Records; changes: ChangeFeed; now: () => number }

export type VerbContext<D> = {
  deps: D
  tx: RecordsTransaction
  actor: Actor
  /** The moment of the change, UTC ms; the same for all that the transaction writes. */
  at: number
}

type Definition<D extends VerbDeps, I extends z.ZodType, P, R> = {
  /** "noun.verb", as it stands in the audit log. */
  name: string
  permission: VerbPermission
  input: I
  /** Slow work before the transaction opens (hashing a password, asking another machine). */
  prepare?: (context: Omit<VerbContext<D>, 'tx'>, input: z.output<I>) => Promise<P>
  run: (context: VerbContext<D>, input: z.output<I>, prepared: P) => Promise<R>
  /** What the audit log keeps: ids and new values, never a secret. `actor` where the verb itself finds out who it is. */
  audit: (input: z.output<I>, result: R) => { subject: string | null; detail: Record<string, unknown>; actor?: Actor }
  /** After the commit: tell the change feed. */
  committed?: (deps: D, input: z.output<I>, result: R) => void
}

export type Verb<D extends VerbDeps, R, N extends VerbPermission = VerbPermission> = {
  name: string
  permission: N
  perform(deps: D, actor: Actor, input: unknown): Promise<R>
}

/** Errors: `forbidden`, `unauthenticated`, `bad-request` with the places, and what `prepare` and `run` throw. */
export function defineVerb<D extends VerbDeps, I extends z.ZodType, R, N extends VerbPermission, P = undefined>(
  definition: Definition<D, I, P, R> & { permission: N },
): Verb<D, R, N> {
  return {
    name: definition.name,
    permission: definition.permission,
    async perform(deps, actor, rawInput) {
      requirePermission(actor, definition.permission)
      const input = parseInput(definition.input, rawInput)
      const at = deps.now()
      const prepared = (await definition.prepare?.({ deps, actor, at }, input)) as P
      const result = await deps.records.transaction().execute(async tx => {
        const outcome = await definition.run({ deps, tx, actor, at }, input, prepared)
        const entry = definition.audit(input, outcome)
        await appendAudit(tx, {
          at,
          actor: entry.actor ?? actor,
          action: definition.name,
          subject: entry.subject,
          detail: entry.detail,
        })
        return outcome
      })
      definition.committed?.(deps, input, result)
      return result
    },
  }
}

export function requirePermission(actor: Actor, permission: VerbPermission): void {
  if (permission === 'credentials') return
  if (actor.kind === 'anonymous') throw new ProblemError('unauthenticated')
  if (permission === 'session') {
    if (actor.kind !== 'user') throw new ProblemError('forbidden', 'Only a signed-in person can do that, not a token')
    return
  }
  if (!actor.permissions.includes(permission))
    throw new ProblemError('forbidden', `It needs the permission ${permission}`)
}

/** Parses by the schema; a refusal names each place ("settings.port"). */
export function parseInput<I extends z.ZodType>(schema: I, raw: unknown): z.output<I> {
  const read = readInput(schema, raw)
  if ('data' in read) return read.data
  const { issues } = read
  throw new ProblemError('bad-request', issues.map(issue => `${issue.path || 'body'}: ${issue.message}`).join('; '), {
    issues,
  })
}
