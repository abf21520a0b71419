import { describe, expect, it } from 'vitest'
import { isCrossSite, type RequestOrigin } from '../../../server/access/csrf.ts'

const fromOwnPage: RequestOrigin = {
  method: 'POST',
  secFetchSite: 'same-origin',
  origin: 'https://noc.depok.go.id',
  host: 'noc.depok.go.id',
  contentType: 'application/json; charset=utf-8',
  hasCookie: true,
}
const judge = (change: Partial<RequestOrigin>) => isCrossSite({ ...fromOwnPage, ...change })
/** A browser on plain HTTP sends no Sec-Fetch-Site. */
const plain = { secFetchSite: undefined, origin: 'http://10.1.1.5:8420', host: '10.1.1.5:8420' }

describe('a request that changes something', () => {
  it('passes from the own page, over HTTPS and over plain HTTP', () => {
    for (const method of ['POST', 'PUT', 'DELETE', 'PATCH']) expect(judge({ method })).toBe(false)
    expect(judge(plain)).toBe(false)
    expect(judge({ method: 'DELETE', contentType: undefined })).toBe(false)
  })

  it('passes behind a proxy that gives the collector another host name', () =>
    expect(judge({ host: '127.0.0.1:8420' })).toBe(false))

  it.each([
    ['another site', { secFetchSite: 'cross-site', origin: 'https://evil.example' }],
    ['a neighbour on the domain', { secFetchSite: 'same-site', origin: 'https://blog.depok.go.id' }],
    ['another site, without a cookie yet (signing in)', { secFetchSite: 'cross-site', hasCookie: false }],
    ['an unknown kind of site', { secFetchSite: '' }],
    ['another host on plain HTTP', { ...plain, origin: 'http://10.1.1.6:8420' }],
    ['another port on plain HTTP', { ...plain, origin: 'http://10.1.1.5:80' }],
    ['a sandboxed frame', { ...plain, origin: 'null' }],
    ['a host that was left out', { ...plain, host: undefined }],
    ['a form that sends text', { ...plain, contentType: 'text/plain' }],
    ['a form', { ...plain, contentType: 'application/x-www-form-urlencoded' }],
    ['a form with files', { ...plain, contentType: 'multipart/form-data; boundary=x' }],
    ['a beacon without a type', { ...plain, origin: undefined, contentType: undefined }],
    ['a type that only begins like JSON', { ...plain, contentType: 'application/jsonp' }],
  ])('is refused from %s', (_from, change) => expect(judge(change)).toBe(true))

  it('passes from a program with a token, whatever its type (gzip, line protocol)', () =>
    expect(
      judge({ secFetchSite: undefined, origin: undefined, hasCookie: false, contentType: 'text/plain; charset=utf-8' }),
    ).toBe(false))

  it('is not one that only reads', () => {
    for (const method of ['GET', 'HEAD', 'OPTIONS'])
      expect(judge({ method, secFetchSite: 'cross-site', contentType: undefined })).toBe(false)
  })
})
