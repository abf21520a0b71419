import type { IncomingMessage, ServerResponse } from 'node:http'

const POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data:",
  "font-src 'self'",
  "connect-src 'self'",
  "manifest-src 'self'",
  "base-uri 'none'",
  "form-action 'self'",
  "frame-ancestors 'none'",
].join('; ')

const HEADERS = [
  ['content-security-policy', POLICY],
  ['x-content-type-options', 'nosniff'],
  ['referrer-policy', 'no-referrer'],
  ['cross-origin-opener-policy', 'same-origin'],
  ['cross-origin-resource-policy', 'same-origin'],
  ['permissions-policy', 'camera=(), geolocation=(), microphone=()'],
] as const

const PLAIN = HEADERS.flat()
const ENCRYPTED = [...PLAIN, 'strict-transport-security', 'max-age=31536000']

/** Headers of every answer, name and value in turns: nothing foreign is loaded, nothing is framed, nothing is sniffed. */
export function securityHeaders(request: IncomingMessage): readonly string[] {
  return 'encrypted' in request.socket ? ENCRYPTED : PLAIN
}

export function setSecurityHeaders(request: IncomingMessage, response: ServerResponse): void {
  const headers = securityHeaders(request)
  for (let place = 0; place < headers.length; place += 2) {
    response.setHeader(headers[place] ?? '', headers[place + 1] ?? '')
  }
}
