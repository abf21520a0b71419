import { generateKeyPairSync } from 'node:crypto'
import { createServer, type RequestListener, type Server } from 'node:http'
import { createServer as createTlsServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { afterEach, describe, expect, it } from 'vitest'
import type { Finding } from '../../../agent/doctor/finding.ts'
import { checkWay } from '../../../agent/doctor/way-there.ts'
import { selfSignedCertificate } from '../../../server/platform/self-signed-certificate.ts'
import { freePort } from '../../support/free-port.ts'

const DAY_MS = 86_400_000
const open: Server[] = []
afterEach(() => {
  for (const server of open.splice(0)) {
    server.closeAllConnections()
    server.close()
  }
})

async function listening(server: Server): Promise<number> {
  open.push(server)
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  return (server.address() as AddressInfo).port
}

const problem =
  (status: number, code: string, headers: Record<string, string> = {}): RequestListener =>
  (_, response) =>
    void response.writeHead(status, headers).end(JSON.stringify({ code, title: code }))
const good = problem(400, 'bad-request')

type Certificate = { names?: string[]; from?: number; until?: number }
async function secure(answer: RequestListener, { names = ['127.0.0.1'], from, until }: Certificate = {}) {
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const now = Date.now()
  const cert = selfSignedCertificate({
    key: privateKey,
    names,
    from: from ?? now - DAY_MS,
    until: until ?? now + DAY_MS,
  })
  const key = privateKey.export({ type: 'pkcs8', format: 'pem' })
  const port = await listening(createTlsServer({ cert, key }, answer))
  return { collector: new URL(`https://127.0.0.1:${port}`), ca: cert }
}

const plain = async (answer: RequestListener) => ({
  collector: new URL(`http://127.0.0.1:${await listening(createServer(answer))}`),
})
const look = (way: Parameters<typeof checkWay>[0]) => checkWay(way, 'pantau_agent_secret', Date.now)

/** The last thing that was looked at: everything before it must be in order. */
function last(findings: Finding[]): Finding | undefined {
  expect(findings.slice(0, -1).map(({ state }) => state)).not.toContain('problem')
  expect(JSON.stringify(findings)).not.toContain('secret')
  return findings.at(-1)
}
const broken = (name: string, said: string) => ({ name, state: 'problem', text: { en: expect.stringContaining(said) } })

describe('the way to the collector', () => {
  it('is all right', async () => {
    const findings = await look(await secure(good))
    expect(findings.map(({ name, state }) => `${name} ${state}`)).toEqual([
      ...['name ok', 'port ok', 'tls ok', 'key ok', 'clock ok'],
    ])
  })

  it('has a name that nobody knows', async () => {
    const collector = new URL('https://collector.invalid')
    expect(last(await look({ collector }))).toMatchObject(broken('name', "collector.invalid can't be resolved"))
  })

  it('ends at a port where nobody listens', async () => {
    const collector = new URL(`https://127.0.0.1:${await freePort()}`)
    expect(last(await look({ collector }))).toMatchObject(broken('port', 'refuses'))
  })

  it('ends at a proxy where nobody listens, whose password is not shown', async () => {
    const proxy = `http://user:very-secret@127.0.0.1:${await freePort()}`
    const findings = await look({ ...(await secure(good)), proxy })
    expect(last(findings)).toMatchObject(broken('port', 'refuses'))
    expect(JSON.stringify(findings)).not.toContain('very-secret')
  })

  it('ends at something that does not speak TLS', async () => {
    const { collector } = await plain(good)
    expect(last(await look({ collector: new URL(collector.href.replace('http:', 'https:')) }))).toMatchObject(
      broken('tls', 'does not speak TLS'),
    )
  })

  it('ends at something that is no collector', async () => {
    expect(last(await look(await plain((_, response) => void response.end('<html>'))))).toMatchObject(
      broken('http', 'no collector (status 200)'),
    )
  })
})

describe('the certificate', () => {
  it('is vouched for by nobody', async () => {
    const { collector } = await secure(good)
    expect(last(await look({ collector }))).toMatchObject(broken('tls', 'set --pin or --ca'))
  })

  it('has another key than the pinned one', async () => {
    const { collector } = await secure(good)
    const pins = [`${'A'.repeat(43)}=`]
    expect(last(await look({ collector, pins }))).toMatchObject(broken('tls', 'someone is in between'))
  })

  it('has ended, or has not begun', async () => {
    const now = Date.now()
    const ended = await secure(good, { from: now - 9 * DAY_MS, until: now - DAY_MS })
    expect(last(await look(ended))).toMatchObject(broken('tls', 'or this clock is wrong'))
    const early = await secure(good, { from: now + DAY_MS, until: now + 9 * DAY_MS })
    expect(last(await look(early))).toMatchObject(broken('tls', 'or this clock is wrong'))
  })

  it('is for another name', async () => {
    expect(last(await look(await secure(good, { names: ['other.example.go.id'] })))).toMatchObject(
      broken('tls', 'another name'),
    )
  })
})

describe('the answer', () => {
  it.each([
    [401, 'unauthenticated', 'key', 'does not know the key'],
    [403, 'agent-revoked', 'key', 'was revoked'],
    [503, 'unavailable', 'http', 'has trouble: 503 unavailable'],
  ])('%i %s', async (status, code, name, said) => {
    const findings = await look(await secure(problem(status, code)))
    expect(findings.find(({ state }) => state === 'problem')).toMatchObject(broken(name, said))
  })

  it.each([
    [-7_200_000, 'ahead of'],
    [7_200_000, 'behind'],
  ])('comes from a clock that is %i ms off', async (offMs, said) => {
    const date = new Date(Date.now() + offMs).toUTCString()
    const findings = await look(await secure(problem(400, 'bad-request', { date })))
    expect(last(findings)).toMatchObject({
      ...{ name: 'clock', state: 'warning' },
      text: { en: expect.stringMatching(new RegExp(`72\\d\\d s ${said}|7199 s ${said}`)) },
    })
  })
})
