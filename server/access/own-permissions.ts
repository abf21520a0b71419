import type { Permission } from '../../protocol/vocabulary.ts'
import { ProblemError } from '../platform/problem-error.ts'
import type { Actor } from './actor.ts'

/**
 * Nobody gives away, or takes into their hands, more than they have: else a token that may only keep accounts could make
 * itself an administrator. Errors: `forbidden`, which names what is missing.
 */
export function requireOwnPermissions(actor: Actor, permissions: readonly Permission[]): void {
  const own = new Set<Permission>(actor.permissions)
  const missing = permissions.filter(permission => !own.has(permission))
  if (missing.length > 0)
    throw new ProblemError('forbidden', `It goes beyond your own permissions: ${missing.join(', ')}`)
}
