import { changePassword } from '../../access/change-password.ts'
import { createApiToken } from '../../access/create-api-token.ts'
import { createUser } from '../../access/create-user.ts'
import { makeSessionView } from '../../access/make-session-view.ts'
import { revokeApiToken } from '../../access/revoke-api-token.ts'
import { clearedSessionCookie, sessionCookie } from '../../access/session-cookie.ts'
import { setUp } from '../../access/set-up.ts'
import { administratorExists } from '../../access/setup-link.ts'
import { type SignedIn, signIn } from '../../access/sign-in.ts'
import { signOut } from '../../access/sign-out.ts'
import { listApiTokens } from '../../access/token-queries.ts'
import { updateUser } from '../../access/update-user.ts'
import { listUsers } from '../../access/user-queries.ts'
import { ProblemError } from '../../platform/problem-error.ts'
import { type Route, type RouteContext, readRoute, verbRoute } from '../route.ts'
import type { Services } from '../services.ts'

export const accountRoutes: readonly Route[] = [
  readRoute('welcome', async ({ records, place, language }) => ({
    setUp: await administratorExists(records),
    place,
    language,
  })),
  verbRoute('setUp', setUp, openSession),
  verbRoute('signIn', signIn, openSession, ({ request }) => ({ remoteAddress: request.ip ?? 'unknown' })),
  readRoute('session', (services, { who }) => {
    if (who.user === null) throw new ProblemError('forbidden', 'A token has no session')
    return makeSessionView(who.user, services)
  }),
  verbRoute(
    'signOut',
    signOut,
    (services, { request, response }) => {
      response.append('set-cookie', clearedSessionCookie({ https: services.isHttps(request) }))
      return {}
    },
    ownSession,
  ),
  verbRoute('changePassword', changePassword, () => ({}), ownSession),

  readRoute('users', async ({ records }) => ({ users: await listUsers(records) })),
  verbRoute('createUser', createUser, (_services, _context, user) => user),
  verbRoute('updateUser', updateUser, (_services, _context, user) => user),

  readRoute('apiTokens', async ({ records }) => ({ tokens: await listApiTokens(records) })),
  verbRoute('createApiToken', createApiToken, (_services, _context, made) => made),
  verbRoute('revokeApiToken', revokeApiToken, () => ({})),
]

function openSession(services: Services, { request, response }: RouteContext, { user, sessionSecret }: SignedIn) {
  const https = services.isHttps(request)
  response.append('set-cookie', sessionCookie({ secret: sessionSecret, role: user.role, https }))
  return makeSessionView(user, services)
}

function ownSession({ who }: RouteContext): { sessionSecretHash: string | null } {
  return { sessionSecretHash: who.sessionSecretHash }
}
