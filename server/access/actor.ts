import { type Permission, ROLE_PERMISSIONS, type Role } from '../../protocol/vocabulary.ts'

/** Who does it. The audit log keeps kind and id; names are looked up when it is shown, so they can be erased. */
export type Actor =
  | { kind: 'user'; id: string; permissions: readonly Permission[] }
  | { kind: 'token'; id: string; permissions: readonly Permission[] }
  | { kind: 'system'; id: 'collector'; permissions: readonly Permission[] }
  | { kind: 'anonymous'; id: 'anonymous'; permissions: readonly [] }

export const ANONYMOUS: Actor = { kind: 'anonymous', id: 'anonymous', permissions: [] }
/** The collector itself: opens and resolves incidents, enrols its own agent. */
export const COLLECTOR: Actor = { kind: 'system', id: 'collector', permissions: [] }

/** A signed-in person. */
export function userActor(user: { id: string; role: Role }): Actor {
  return { kind: 'user', id: user.id, permissions: ROLE_PERMISSIONS[user.role] }
}
