import type { Records } from '../stores/records/records.ts'
import { type Actor, ANONYMOUS, userActor } from './actor.ts'
import { ADMIN_TOKEN_ACTOR, isAdminToken } from './admin-token.ts'
import { findApiToken } from './find-api-token.ts'
import { readSessionCookie } from './session-cookie.ts'
import { findSession, type SessionUser } from './sessions.ts'

export type Authenticated = {
  actor: Actor
  /** The person and their session; null for tokens and strangers. */
  user: SessionUser | null
  sessionSecretHash: string | null
  /** When the session ends if it isn't used again, UTC ms; null without a session. */
  sessionExpiresAt: number | null
}

export type Credentials = {
  cookieHeader: string | undefined
  authorizationHeader: string | undefined
  /** The request came over HTTPS, at the proxy if there is one: then only the `__Host-` cookie counts. */
  https: boolean
  at: number
}

export const NOBODY: Authenticated = { actor: ANONYMOUS, user: null, sessionSecretHash: null, sessionExpiresAt: null }

/**
 * Who makes this request. An Authorization header decides alone: a wrong one is anonymous, whatever the cookie says.
 * `adminTokenHash` is what `checkAdminToken` answered, null without PANTAU_ADMIN_TOKEN.
 */
export async function authenticate(
  deps: { records: Records; adminTokenHash: string | null },
  credentials: Credentials,
): Promise<Authenticated> {
  if (credentials.authorizationHeader !== undefined) {
    const secret = bearerSecret(credentials.authorizationHeader)
    if (secret === null) return NOBODY
    if (isAdminToken(deps.adminTokenHash, secret)) return { ...NOBODY, actor: ADMIN_TOKEN_ACTOR }
    return { ...NOBODY, actor: (await findApiToken(deps.records, secret, credentials.at)) ?? ANONYMOUS }
  }
  const secret = readSessionCookie(credentials.cookieHeader, credentials.https)
  const session = secret === null ? null : await findSession(deps.records, secret, credentials.at)
  if (session === null) return NOBODY
  return {
    actor: userActor(session.user),
    user: session.user,
    sessionSecretHash: session.secretHash,
    sessionExpiresAt: session.expiresAt,
  }
}

/** The secret of "Bearer SECRET" (RFC 6750); null for any other scheme. */
export function bearerSecret(authorizationHeader: string | undefined): string | null {
  return /^Bearer +([\x21-\x7e]{1,500}) *$/i.exec(authorizationHeader ?? '')?.[1] ?? null
}
