import { execFileSync } from 'node:child_process'
import { createSocket } from 'node:dgram'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { createServer as createWeb } from 'node:http'
import { type AddressInfo, createServer, type Server } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createServer as createTls, getCACertificates, setDefaultCACertificates } from 'node:tls'
import { describe, expect, it, onTestFinished } from 'vitest'
import { checkDns } from '../../../../agent/sources/probes/checks/dns.ts'
import { checkHttp } from '../../../../agent/sources/probes/checks/http.ts'
import { valueAt } from '../../../../agent/sources/probes/checks/json-place.ts'
import { checkTcp } from '../../../../agent/sources/probes/checks/tcp.ts'
import { checkTls } from '../../../../agent/sources/probes/checks/tls.ts'
import { probeCheck } from '../../../../protocol/probes.ts'
import { freePort } from '../../../support/free-port.ts'

const now = () => performance.now()
const within = (ms = 10_000) => AbortSignal.timeout(ms)

async function listen(server: Server): Promise<number> {
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => void server.close())
  return (server.address() as AddressInfo).port
}
const silent = (): Promise<number> => {
  const server = createServer(socket => {
    socket.on('error', () => {})
    onTestFinished(() => void socket.destroy())
  })
  return listen(server)
}
const figure = (found: { figures: { metric: string; value: number }[] }, metric: string) =>
  found.figures.find(one => one.metric === metric)?.value

describe('TCP', () => {
  it('is answered where somebody listens, and refused where nobody does', async () => {
    const port = await silent()
    const found = await checkTcp({ kind: 'tcp', host: '127.0.0.1', port }, within(), now)
    expect(found.failure).toBeNull()
    expect(figure(found, 'probe_duration_seconds')).toBeGreaterThan(0)
    const refused = await checkTcp({ kind: 'tcp', host: '127.0.0.1', port: await freePort() }, within(), now)
    expect(refused).toEqual({ failure: 'refused', figures: [] })
  })
})

describe('HTTP', () => {
  const ask = (fields: object, signal = within()) => {
    const check = probeCheck.parse({ kind: 'http', ...fields })
    if (check.kind !== 'http') throw new Error('no HTTP')
    return checkHttp(check, signal, now)
  }
  const start = () =>
    listen(
      createWeb((request, response) => {
        if (request.url === '/moved') response.writeHead(302, { location: '/' }).end()
        else if (request.url === '/round') response.writeHead(302, { location: '/round' }).end()
        else if (request.url === '/broken') response.writeHead(500).end('{"state":"down"}')
        else if (request.url !== '/never') response.end('{"checks":[{"state":"up","load":0.5}]}')
      }),
    )

  it('holds the status, the text and a place in JSON against what is expected', async () => {
    const url = `http://127.0.0.1:${await start()}`
    const place = (path: string, equals: string) => ({ url, jsonPath: { path, equals } })
    const failureOf = async (fields: object) => (await ask(fields)).failure
    expect(await failureOf({ url })).toBeNull()
    expect(await failureOf({ url, statuses: [204] })).toBe('status-unexpected')
    expect(await failureOf({ url: `${url}/broken` })).toBe('status-unexpected')
    expect(await failureOf({ url: `${url}/broken`, statuses: [500] })).toBeNull()
    expect(await failureOf({ url, keyword: { text: 'state', is: 'present' } })).toBeNull()
    expect(await failureOf({ url, keyword: { text: 'state', is: 'absent' } })).toBe('content-unexpected')
    expect(await failureOf(place('checks.0.state', 'up'))).toBeNull()
    expect(await failureOf(place('checks.0.load', '0.5'))).toBeNull()
    expect(await failureOf(place('checks.1.state', 'up'))).toBe('content-unexpected')
    expect(await failureOf({ url: `${url}/moved`, redirects: 'stay', statuses: [302] })).toBeNull()
    expect(await failureOf({ url: `${url}/round` })).toBe('protocol-error')
  })

  it('tells each phase, of all the way there', async () => {
    const found = await ask({ url: `http://127.0.0.1:${await start()}/moved` })
    expect(figure(found, 'probe_http_status_code')).toBe(200)
    const phases = found.figures.filter(({ metric }) => metric === 'probe_http_duration_seconds')
    expect(phases.map(({ labels }) => labels?.phase)).toEqual(['resolve', 'connect', 'tls', 'processing', 'transfer'])
    expect(phases.every(({ value }) => value >= 0)).toBe(true)
    const whole = phases.reduce((sum, { value }) => sum + value, 0)
    expect(whole).toBeLessThanOrEqual(Number(figure(found, 'probe_duration_seconds')) + 1e-6)
  })

  it('ends with its deadline, and what does not speak HTTP is said to', async () => {
    expect((await ask({ url: `http://127.0.0.1:${await start()}/never` }, within(200))).failure).toBe('no-answer')
    const babble = await listen(
      createServer(socket => void socket.on('error', () => {}).end('220 mail.example.id ESMTP\r\n')),
    )
    expect((await ask({ url: `http://127.0.0.1:${babble}` })).failure).toBe('protocol-error')
    expect((await ask({ url: `http://127.0.0.1:${await freePort()}` })).failure).toBe('refused')
  })

  it('finds places of their own only', () => {
    expect(valueAt('{"a":{"b":[1,{"c":null}]}}', 'a.b.1.c')).toBe('null')
    expect(valueAt('{"a":1}', 'constructor')).toBeUndefined()
    expect(valueAt('no JSON', 'a')).toBeUndefined()
  })
})

/** Answers each question with one A record, or as RCODE says, or not at all. */
async function startNameServer(answer: '192.0.2.7' | 'no-such-name' | 'refused' | 'silence'): Promise<string> {
  const socket = createSocket('udp4')
  onTestFinished(() => void socket.close())
  socket.on('message', (question, from) => {
    if (answer === 'silence') return
    const end = question.indexOf(0, 12) + 5
    const head = Buffer.from(question.subarray(0, end))
    const rcode = { '192.0.2.7': 0, 'no-such-name': 3, refused: 5 }[answer]
    head.writeUInt16BE(0x8180 | rcode, 2)
    head.writeUInt16BE(rcode === 0 ? 1 : 0, 6)
    head.writeUInt32BE(0, 8)
    const record = Buffer.from([0xc0, 12, 0, 1, 0, 1, 0, 0, 0, 60, 0, 4, 192, 0, 2, 7])
    socket.send(rcode === 0 ? Buffer.concat([head, record]) : head, from.port, from.address)
  })
  await new Promise<void>(resolve => socket.bind(0, '127.0.0.1', resolve))
  return `127.0.0.1:${socket.address().port}`
}

describe('DNS', () => {
  const ask = async (answer: Parameters<typeof startNameServer>[0], expected: string[] = [], signal = within()) => {
    const server = await startNameServer(answer)
    return checkDns({ kind: 'dns', name: 'layanan.example.id', type: 'A', server, expected }, signal, now)
  }

  it('asks that server, and holds its answers against what is expected', async () => {
    const found = await ask('192.0.2.7', ['192.0.2.7'])
    expect(found.failure).toBeNull()
    expect(figure(found, 'probe_dns_answers')).toBe(1)
    expect((await ask('192.0.2.7', ['192.0.2.8'])).failure).toBe('answer-unexpected')
  })

  it('knows a name that is not there, a server that refuses, and silence', async () => {
    expect((await ask('no-such-name')).failure).toBe('name-unknown')
    expect((await ask('refused')).failure).toBe('refused')
    expect((await ask('silence', [], within(200))).failure).toBe('no-answer')
  })
})

describe('TLS', () => {
  it('looks at the chain, the end and the name', async () => {
    const directory = mkdtempSync(join(tmpdir(), 'pantau-tls-'))
    onTestFinished(() => rmSync(directory, { recursive: true }))
    const key = join(directory, 'key.pem')
    const path = join(directory, 'certificate.pem')
    const make = (...how: string[]) =>
      execFileSync(
        'openssl',
        [
          ...['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-keyout', key],
          ...[
            '-subj',
            '/CN=layanan.example.id',
            '-addext',
            'subjectAltName=DNS:layanan.example.id',
            '-out',
            path,
            ...how,
          ],
        ],
        { stdio: 'ignore' },
      )
    const ask = async (serverName: string) => {
      const port = await listen(
        createTls({ key: readFileSync(key), cert: readFileSync(path) }, socket => void socket.on('error', () => {})),
      )
      const web = probeCheck.parse({ kind: 'http', url: `https://127.0.0.1:${port}` })
      return {
        found: await checkTls({ kind: 'tls', host: '127.0.0.1', port, serverName }, within(), now),
        web: web.kind === 'http' && (await checkHttp(web, within(), now)).failure,
      }
    }
    make('-days', '30')
    const selfMade = await ask('layanan.example.id')
    expect(selfMade.found.failure).toBe('certificate-untrusted')
    expect(selfMade.web).toBe('certificate-untrusted')
    expect(figure(selfMade.found, 'probe_ssl_chain_ok')).toBe(0)
    const days = (Number(figure(selfMade.found, 'probe_ssl_earliest_cert_expiry')) - Date.now() / 1_000) / 86_400
    expect(Math.round(days)).toBe(30)
    expect(selfMade.found.facts).toContainEqual({ name: 'certificate.subject', value: 'layanan.example.id' })

    const roots = getCACertificates('default')
    onTestFinished(() => setDefaultCACertificates(roots))
    setDefaultCACertificates([...roots, readFileSync(path, 'utf8')])
    expect((await ask('layanan.example.id')).found.failure).toBeNull()
    const other = await ask('lain.example.id')
    expect([other.found.failure, other.web]).toEqual(['certificate-wrong-name', 'certificate-wrong-name'])

    const ended = ['-in', path, '-signkey', key, '-days', '-1', '-out', path]
    execFileSync('openssl', ['x509', ...ended], { stdio: 'ignore' })
    const expired = await ask('layanan.example.id')
    expect(expired.found.failure).toBe('certificate-expired')
    expect(Number(figure(expired.found, 'probe_ssl_earliest_cert_expiry'))).toBeLessThan(Date.now() / 1_000)
  })

  it('of a server that says nothing is silence', async () => {
    const port = await silent()
    const found = await checkTls({ kind: 'tls', host: '127.0.0.1', port, serverName: null }, within(200), now)
    expect(found).toEqual({ failure: 'no-answer', figures: [] })
  })
})
