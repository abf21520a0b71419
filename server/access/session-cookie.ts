// The cookie that carries a session's secret (RFC 6265bis).
import type { Role } from '../../protocol/vocabulary.ts'

/** Over HTTPS the name begins with `__Host-`, which no neighbour on the same domain and no plain page can plant. */
function cookieName(https: boolean): string {
  return https ? '__Host-pantau_session' : 'pantau_session'
}

/** The longest that browsers keep a cookie. The collector alone decides when a session ends. */
const KEPT_S = 400 * 86_400

/**
 * Text of the Set-Cookie header. The wall screen of a viewer survives a restart of its browser; the cookie of whoever
 * may change something goes with the browser. `https`: whether the request came over HTTPS (at the proxy, if there is one).
 */
export function sessionCookie(cookie: { secret: string; role: Role; https: boolean }): string {
  const parts = [`${cookieName(cookie.https)}=${cookie.secret}`, ...attributes(cookie.https)]
  if (cookie.role === 'viewer') parts.push(`Max-Age=${KEPT_S}`)
  return parts.join('; ')
}

/** Text of the Set-Cookie header that removes the cookie. */
export function clearedSessionCookie(cookie: { https: boolean }): string {
  return [`${cookieName(cookie.https)}=`, ...attributes(cookie.https), 'Max-Age=0'].join('; ')
}

/** The session's secret in a Cookie header; null when there is none. Over HTTPS only the `__Host-` name counts. */
export function readSessionCookie(header: string | undefined, https: boolean): string | null {
  if (header === undefined) return null
  const name = cookieName(https)
  for (const pair of header.split(';')) {
    const equals = pair.indexOf('=')
    if (equals < 0 || pair.slice(0, equals).trim() !== name) continue
    const value = pair.slice(equals + 1).trim()
    if (value !== '') return value
  }
  return null
}

function attributes(https: boolean): string[] {
  return ['Path=/', 'HttpOnly', 'SameSite=Strict', ...(https ? ['Secure'] : [])]
}
