// Guards against requests that another site makes a browser send. Pure.

export type RequestOrigin = {
  method: string
  secFetchSite: string | undefined
  origin: string | undefined
  host: string | undefined
  contentType: string | undefined
  /** The request carries a session cookie. */
  hasCookie: boolean
}

const READING = new Set(['GET', 'HEAD', 'OPTIONS'])

/**
 * True for a request that would change something and that another site may have sent. Sec-Fetch-Site decides where the
 * browser sends it (over HTTPS and on loopback), else the host of Origin; neither can be set by a page. Without either it
 * is no browser, or one so old that SameSite and the demand for JSON must do: a form cannot send JSON, and fetch asks
 * before it does. Signing in is guarded too, although no cookie is there yet: nobody shall be signed in to a stranger's
 * account unknowingly.
 */
export function isCrossSite(request: RequestOrigin): boolean {
  if (READING.has(request.method)) return false
  if (request.secFetchSite !== undefined) {
    if (request.secFetchSite !== 'same-origin' && request.secFetchSite !== 'none') return true
  } else if (request.origin !== undefined && hostOf(request.origin) !== request.host?.toLowerCase()) return true
  return request.hasCookie && !isJson(request)
}

function hostOf(origin: string): string | null {
  return URL.canParse(origin) ? new URL(origin).host : null
}

/** DELETE may come without a body: no form can send one, and fetch asks before it does. */
function isJson(request: RequestOrigin): boolean {
  if (request.contentType === undefined) return request.method === 'DELETE'
  return request.contentType.split(';', 1)[0]?.trim().toLowerCase() === 'application/json'
}
