import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { clearedSessionCookie, readSessionCookie, sessionCookie } from '../../../server/access/session-cookie.ts'
import { newSecret } from '../../../server/platform/ids.ts'

describe('the session cookie', () => {
  it('is out of reach of scripts and of other sites', () => {
    const text = sessionCookie({ secret: 'S', role: 'admin', https: false })
    expect(text).toBe('pantau_session=S; Path=/; HttpOnly; SameSite=Strict')
  })

  it('over HTTPS goes over HTTPS only and cannot be planted by a neighbour', () => {
    const text = sessionCookie({ secret: 'S', role: 'operator', https: true })
    expect(text).toBe('__Host-pantau_session=S; Path=/; HttpOnly; SameSite=Strict; Secure')
    expect(readSessionCookie('pantau_session=planted', true)).toBeNull()
    expect(readSessionCookie('pantau_session=planted; __Host-pantau_session=S', true)).toBe('S')
  })

  it('of a wall screen survives a restart of the browser', () =>
    expect(sessionCookie({ secret: 'S', role: 'viewer', https: true })).toContain('; Max-Age=34560000'))

  it('is removed by name and path', () => {
    expect(clearedSessionCookie({ https: false })).toBe('pantau_session=; Path=/; HttpOnly; SameSite=Strict; Max-Age=0')
    expect(clearedSessionCookie({ https: true })).toContain('; Secure; Max-Age=0')
  })

  it('is found among others, and read back as it was written', () => {
    fc.assert(
      fc.property(fc.boolean(), fc.array(fc.stringMatching(/^[a-z]{1,9}=[\w.=-]{0,9}$/)), (https, others) => {
        const secret = newSecret('pantau_session')
        const own = sessionCookie({ secret, role: 'viewer', https }).split(';')[0] ?? ''
        expect(readSessionCookie([...others, own].join('; '), https)).toBe(secret)
        expect(readSessionCookie([own, ...others].join(';'), https)).toBe(secret)
        expect(readSessionCookie(others.join('; '), https)).toBeNull()
      }),
    )
    for (const header of [undefined, '', ';;', 'pantau_session', 'pantau_session=', 'xpantau_session=S'])
      expect(readSessionCookie(header, false)).toBeNull()
  })
})
