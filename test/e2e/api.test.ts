// The API as strangers, viewers and machines meet it, on a running collector.
import { gzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { CALLS } from '../../protocol/api.ts'
import { type CallName, PATHS } from '../../protocol/paths.ts'
import { PROBLEMS } from '../../protocol/problem.ts'
import { ADMIN_TOKEN, call, rawCall, startCollector, type TestCollector } from '../support/collector.ts'

const NAMES = Object.keys(PATHS) as CallName[]
const SOME_ID = '0190a000-0000-7000-8000-000000000000'
/** Something for each parameter in the path of a call. */
const someParams = (name: CallName): Record<string, string> =>
  Object.fromEntries([...PATHS[name][1].matchAll(/:(\w+)/g)].map(([, parameter = '']) => [parameter, SOME_ID]))
const PASSWORD = 'correct horse battery staple'
let collector: TestCollector

beforeAll(async () => {
  collector = await startCollector({ settings: { nocAgent: { enabled: false } } })
})
afterAll(async () => {
  expect(await collector?.stop()).toBe(0)
  collector?.cleanUp()
})

async function problemOf(response: Response) {
  expect(response.headers.get('content-type')).toContain('application/problem+json')
  const problem = (await response.json()) as { code: keyof typeof PROBLEMS; status: number; type: string }
  expect(problem.status).toBe(response.status)
  expect(PROBLEMS[problem.code].status).toBe(response.status)
  return problem
}

describe('without a token', () => {
  it.each(NAMES.filter(name => PATHS[name][1].startsWith('/api')))('%s answers 401', async name => {
    const response = await rawCall(collector, name, { params: someParams(name), token: null })
    expect(response.status).toBe(401)
    await problemOf(response)
  })

  it.each(['/api', '/api/', '/api/v1/nothing', '/api/openapi.json', '/metrics'])('%s answers 401', async path => {
    expect((await fetch(collector.url + path)).status).toBe(401)
  })

  it('a wrong token, a token as cookie and another scheme are strangers too', async () => {
    for (const headers of [
      { authorization: 'Bearer wrong' },
      { authorization: `Basic ${Buffer.from(`x:${ADMIN_TOKEN}`).toString('base64')}` },
      { cookie: `pantau_session=${ADMIN_TOKEN}` },
    ]) {
      expect((await fetch(`${collector.url}/api/v1/wall`, { headers: new Headers(headers) })).status).toBe(401)
    }
  })

  it('only health and the pages answer', async () => {
    expect((await fetch(`${collector.url}/healthz`)).status).toBe(200)
    expect((await fetch(`${collector.url}/readyz`)).status).toBe(200)
    expect(await (await fetch(`${collector.url}/welcome.json`)).json()).toMatchObject({ setUp: false })
  })
})

describe('the first administrator', () => {
  it('is created once by the one-time link and gets a session cookie that scripts cannot read', async () => {
    const link = collector.setUpLink()
    expect(link).not.toBeNull()
    const body = { link: link ?? '', name: 'kepala', displayName: 'Kepala NOC', password: PASSWORD }
    const wrong = await rawCall(collector, 'setUp', { body: { ...body, link: 'guessed' }, token: null })
    expect(wrong.status).toBe(401)
    const made = await rawCall(collector, 'setUp', { body, token: null })
    expect(made.status).toBe(200)
    const cookie = made.headers.get('set-cookie') ?? ''
    expect(cookie).toMatch(/HttpOnly/)
    expect(cookie).toMatch(/SameSite=Strict/)
    const again = await rawCall(collector, 'setUp', { body: { ...body, name: 'lain' }, token: null })
    expect(await problemOf(again)).toMatchObject({ code: 'already-set-up' })
  })

  it('a change from another site is refused even with the cookie', async () => {
    const signedIn = await rawCall(collector, 'signIn', { body: { name: 'kepala', password: PASSWORD }, token: null })
    const cookie = (signedIn.headers.get('set-cookie') ?? '').split(';')[0] ?? ''
    const forged = await fetch(`${collector.url}/api/v1/session`, {
      method: 'DELETE',
      headers: { cookie, origin: 'https://evil.example', 'sec-fetch-site': 'cross-site' },
    })
    expect(await problemOf(forged)).toMatchObject({ code: 'cross-site' })
    expect((await rawCall(collector, 'session', { cookie })).status).toBe(200)
  })
})

describe('a viewer', () => {
  it('sees and can change nothing', async () => {
    await call(collector, 'createUser', {
      body: { name: 'layar', displayName: 'Layar NOC', role: 'viewer', password: PASSWORD },
    })
    const signedIn = await rawCall(collector, 'signIn', { body: { name: 'layar', password: PASSWORD }, token: null })
    const cookie = (signedIn.headers.get('set-cookie') ?? '').split(';')[0] ?? ''
    const before = await call(collector, 'audit', { query: { limit: 500 } })
    for (const name of NAMES) {
      const { access } = CALLS[name]
      if (['open', 'credentials', 'agent', 'writer', 'session'].includes(access)) continue
      const response = await rawCall(collector, name, { params: someParams(name), cookie, query: {} })
      if (access === 'read') expect([200, 400, 404], name).toContain(response.status)
      // The address itself is the proof, and nobody has this one.
      else if (access === 'address') expect(response.status, name).toBe(404)
      else expect(response.status, name).toBe(403)
      if (PATHS[name][0] !== 'GET' && access !== 'address') expect(response.status, name).toBe(403)
    }
    expect((await call(collector, 'audit', { query: { limit: 500 } })).entries).toEqual(before.entries)
  })

  it('is signed out at once when the account is disabled', async () => {
    const signedIn = await rawCall(collector, 'signIn', { body: { name: 'layar', password: PASSWORD }, token: null })
    const cookie = (signedIn.headers.get('set-cookie') ?? '').split(';')[0] ?? ''
    const { users } = await call(collector, 'users')
    const id = users.find(({ name }) => name === 'layar')?.id ?? ''
    await call(collector, 'updateUser', { params: { id }, body: { disabled: true } })
    expect((await rawCall(collector, 'wall', { cookie })).status).toBe(401)
  })
})

describe('passwords that are guessed', () => {
  it('meet 429 with Retry-After after a few tries', async () => {
    const tries: number[] = []
    for (let i = 0; i < 8; i += 1) {
      const response = await rawCall(collector, 'signIn', {
        body: { name: 'kepala', password: `guess ${i}` },
        token: null,
      })
      tries.push(response.status)
      if (response.status === 429) expect(Number(response.headers.get('retry-after'))).toBeGreaterThan(0)
    }
    expect(tries[0]).toBe(401)
    expect(tries.at(-1)).toBe(429)
  })
})

describe('an API token', () => {
  it('does what its scopes say and nothing after it was revoked', async () => {
    const made = await call(collector, 'createApiToken', { body: { label: 'grafana', scopes: ['read'] } })
    const { secret: token } = made
    expect((await rawCall(collector, 'wall', { token })).status).toBe(200)
    expect((await rawCall(collector, 'users', { token })).status).toBe(403)
    expect((await fetch(`${collector.url}/metrics`, { headers: { authorization: `Bearer ${token}` } })).status).toBe(
      200,
    )
    await call(collector, 'revokeApiToken', { params: { id: made.token.id } })
    expect((await rawCall(collector, 'wall', { token })).status).toBe(401)
  })
})

describe('a machine', () => {
  const at = () => Date.now()
  const MEASURED_AT = Date.now()
  const batch = (number: number) => ({
    wire: 1,
    agentVersion: 'test',
    spool: 'b4ac1af0-7d5c-4b7e-9a8e-1c5d1d1f0001',
    number,
    intervalMs: 10_000,
    // The same number always has the same content: anything else is a second machine with this key.
    series: [{ kind: 'gauge', metric: 'node_load1', points: [[MEASURED_AT, 0.5]] }],
  })
  const deliver = (key: string, body: Buffer | string, headers: Record<string, string> = {}) =>
    fetch(`${collector.url}/api/v1/ingest`, {
      method: 'POST',
      headers: {
        authorization: `Bearer ${key}`,
        'content-type': 'application/json',
        'pantau-sent-at': String(at()),
        'pantau-lane': 'fresh',
        ...headers,
      },
      body: new Uint8Array(Buffer.from(body)),
    })
  let key = ''
  let agentId = ''

  it('enrols with a token that works once, and gets a key', async () => {
    const { secret } = await call(collector, 'createEnrolmentToken', { body: { label: 'srv-01', uses: 1 } })
    const body = { hostname: 'srv-01', machineId: 'a'.repeat(64), agentVersion: 'test' }
    const enrolled = await call(collector, 'enrol', { body, token: secret })
    key = enrolled.key
    agentId = enrolled.agentId
    expect((await rawCall(collector, 'enrol', { body, token: secret })).status).toBe(401)
    expect(JSON.stringify(await call(collector, 'enrolmentTokens'))).not.toContain(secret)
  })

  it('delivers twice and counts once', async () => {
    const first = await deliver(key, JSON.stringify(batch(1)))
    expect(await first.json()).toMatchObject({ acknowledged: 1, duplicate: false })
    const second = await deliver(key, gzipSync(JSON.stringify(batch(1))), { 'content-encoding': 'gzip' })
    expect(await second.json()).toMatchObject({ acknowledged: 1, duplicate: true })
  })

  it.each([
    ['broken JSON', '{', 'bad-batch'],
    ['a foreign field', JSON.stringify({ ...batch(2), command: 'rm -rf /' }), 'bad-batch'],
    [
      'a wrong metric',
      JSON.stringify({ ...batch(2), series: [{ kind: 'gauge', metric: '1bad', points: [[1, 1]] }] }),
      'bad-batch',
    ],
    ['too much', ' '.repeat(4 * 1024 * 1024 + 1), 'too-large'],
  ])('is told what is wrong with %s', async (_, body, code) => {
    expect(await problemOf(await deliver(key, body))).toMatchObject({ code })
  })

  it('is told the place', async () => {
    const bad = { ...batch(2), series: [{ kind: 'gauge', metric: 'node_load1', points: [[at(), 'x']] }] }
    const problem = (await (await deliver(key, JSON.stringify(bad))).json()) as { issues: { path: string }[] }
    expect(problem.issues[0]?.path).toBe('series.0.points.0.1')
  })

  it('cannot hide a large text in a small gzip', async () => {
    const bomb = gzipSync(Buffer.alloc(64 * 1024 * 1024, 32))
    expect(await problemOf(await deliver(key, bomb, { 'content-encoding': 'gzip' }))).toMatchObject({
      code: 'too-large',
    })
  })

  it('with its agent key can read and change nothing else', async () => {
    for (const name of NAMES) {
      const { access } = CALLS[name]
      if (access === 'open' || access === 'agent') continue
      const body = name === 'enrol' ? { hostname: 'x', machineId: 'b'.repeat(64), agentVersion: 'test' } : undefined
      const response = await rawCall(collector, name, { params: someParams(name), token: key, body })
      expect(response.status, name).toBe(access === 'address' ? 404 : 401)
    }
  })

  it('is refused from the moment its key is revoked', async () => {
    await call(collector, 'revokeAgent', { params: { id: agentId }, body: {} })
    expect(await problemOf(await deliver(key, JSON.stringify(batch(3))))).toMatchObject({ code: 'agent-revoked' })
  })
})

describe('the pages', () => {
  it('come with a strict policy and are never framed', async () => {
    const page = await fetch(collector.url, { headers: { accept: 'text/html' } })
    expect(page.status).toBe(200)
    const policy = page.headers.get('content-security-policy') ?? ''
    expect(policy).toContain("default-src 'none'")
    expect(policy).toContain("frame-ancestors 'none'")
    expect(policy).not.toContain('unsafe')
    const html = await page.text()
    expect(html).not.toMatch(/<script(?![^>]*src=)/)
    expect(html).not.toMatch(/<style|\sstyle=/)
  })
})
