import type { NextFunction, Request, Response } from 'express'

/** Headers of every answer: nothing foreign is loaded, nothing is framed, nothing is sniffed. */
export function securityHeaders(options: { https: boolean }) {
  const policy = [
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
  return (_request: Request, response: Response, next: NextFunction) => {
    response.set({
      'content-security-policy': policy,
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'no-referrer',
      'cross-origin-opener-policy': 'same-origin',
      'cross-origin-resource-policy': 'same-origin',
      'permissions-policy': 'camera=(), geolocation=(), microphone=()',
      ...(options.https ? { 'strict-transport-security': 'max-age=31536000' } : {}),
    })
    next()
  }
}
