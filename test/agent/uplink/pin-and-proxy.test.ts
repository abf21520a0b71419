import { execFileSync } from 'node:child_process'
import { createServer as createHttp, request as httpRequest } from 'node:http'
import { createServer as createHttps } from 'node:https'
import { type AddressInfo, connect, type Server } from 'node:net'
import { describe, expect, it, onTestFinished } from 'vitest'
import { createHttpClient, type Way } from '../../../agent/uplink/http-client.ts'
import { parsePins } from '../../../agent/uplink/pin.ts'
import { isExcepted, proxyFor } from '../../../agent/uplink/proxy.ts'
import { makeCertificate, type TestCertificate } from '../support/certificate.ts'

const REQUEST = { path: '/api/v1/ingest', headers: {}, body: Buffer.from('{"number":1}'), timeoutMs: 5_000 }

async function listen(server: Server): Promise<number> {
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => void server.close())
  return (server.address() as AddressInfo).port
}

/** A collector behind TLS that remembers what was sent to it, before it knew whether it would be trusted. */
async function startSecure(certificate: TestCertificate): Promise<{ url: string; port: number; bodies: string[] }> {
  const bodies: string[] = []
  const port = await listen(
    createHttps(certificate, (request, response) => {
      request.on('data', part => bodies.push(String(part)))
      request.on('end', () => response.end('{}'))
    }),
  )
  return { url: `https://127.0.0.1:${port}`, port, bodies }
}

function client(url: string, way: Omit<Way, 'collector'> = {}) {
  const made = createHttpClient({ collector: new URL(url), ...way })
  onTestFinished(() => made.close())
  return made
}

/** A proxy as cities have it: CONNECT for TLS, whole addresses for the rest, and it wants a password. */
async function startProxy(credentials: string) {
  const seen: string[] = []
  const wanted = `Basic ${Buffer.from(credentials).toString('base64')}`
  const server = createHttp((request, response) => {
    seen.push(`${request.method} ${request.url}`)
    if (request.headers['proxy-authorization'] !== wanted) return response.writeHead(407).end()
    const { 'proxy-authorization': _, ...headers } = request.headers
    const onward = httpRequest(request.url ?? '', { method: request.method ?? 'GET', headers }, answer => {
      response.writeHead(answer.statusCode ?? 502, answer.headers)
      answer.pipe(response)
    })
    request.pipe(onward)
  })
  server.on('connect', (request, socket) => {
    seen.push(`CONNECT ${request.url}`)
    if (request.headers['proxy-authorization'] !== wanted) return socket.end('HTTP/1.1 407 No\r\n\r\n')
    const [host = '', port] = (request.url ?? '').split(':')
    const onward = connect(Number(port), host, () => {
      socket.write('HTTP/1.1 200 OK\r\n\r\n')
      onward.pipe(socket).pipe(onward)
    })
    for (const end of [onward, socket]) end.on('error', () => {})
    socket.on('close', () => onward.destroy())
  })
  return { port: await listen(server), seen }
}

describe('a pinned key', () => {
  it('is trusted although its certificate signs itself, and is the one that curl would pin', async () => {
    const own = makeCertificate()
    const { url, port } = await startSecure(own)
    expect((await client(url, { pins: [own.pin] }).post(REQUEST)).status).toBe(200)
    const { pin: another } = makeCertificate()
    expect((await client(url, { pins: [another, own.pin] }).post(REQUEST)).status).toBe(200)
    const spki = execFileSync('openssl', ['x509', '-in', own.certFile, '-noout', '-pubkey'])
    const der = execFileSync('openssl', ['pkey', '-pubin', '-outform', 'der'], { input: spki })
    expect(execFileSync('openssl', ['dgst', '-sha256', '-binary'], { input: der }).toString('base64')).toBe(own.pin)
    expect(port).toBeGreaterThan(0)
  })

  it('refuses every other key before a byte of ours is sent, also one that is trusted otherwise', async () => {
    const [own, other] = [makeCertificate(), makeCertificate()]
    const { url, bodies } = await startSecure(own)
    await expect(client(url, { pins: [other.pin] }).post(REQUEST)).rejects.toThrow('is not the pinned one')
    await expect(client(url, { pins: [other.pin], ca: own.cert }).post(REQUEST)).rejects.toThrow('not the pinned one')
    await expect(client(url, { pins: [own.pin], ca: other.cert }).post(REQUEST)).rejects.toThrow()
    expect(bodies).toEqual([])
    expect((await client(url, { pins: [own.pin], ca: own.cert }).post(REQUEST)).status).toBe(200)
  })

  it('is checked on each new connection, not on the first only', async () => {
    const own = makeCertificate()
    const server = createHttps(own, (request, response) => {
      request.resume().on('end', () => response.writeHead(200, { connection: 'close' }).end('{}'))
    })
    const port = await listen(server)
    const { post } = client(`https://127.0.0.1:${port}`, { pins: [own.pin] })
    for (let index = 0; index < 3; index += 1) expect((await post(REQUEST)).status).toBe(200)
    server.setSecureContext(makeCertificate())
    await expect(post(REQUEST)).rejects.toThrow('not the pinned one')
  })

  it('is written as curl has it', () => {
    const pin = makeCertificate().pin
    expect(parsePins(`sha256//${pin}`)).toEqual([pin])
    expect(parsePins(`sha256//${pin}; sha256//${pin}`)).toEqual([pin, pin])
    for (const wrong of ['', pin, `sha256//${pin}x`, `sha1//${pin}`, 'sha256//'])
      expect(parsePins(wrong)).toBeUndefined()
  })
})

describe('a proxy', () => {
  it('is asked for a tunnel, with its password, and the key behind it is still the pinned one', async () => {
    const own = makeCertificate()
    const { url, port } = await startSecure(own)
    const proxy = await startProxy('noc:secret')
    const address = `http://noc:secret@127.0.0.1:${proxy.port}`
    const { post } = client(url, { proxy: address, pins: [own.pin] })
    for (let index = 0; index < 3; index += 1) expect((await post(REQUEST)).status).toBe(200)
    expect(proxy.seen).toEqual([`CONNECT 127.0.0.1:${port}`])
    expect((await client(url, { proxy: address, ca: own.cert }).post(REQUEST)).status).toBe(200)
    await expect(client(url, { proxy: address, pins: [makeCertificate().pin] }).post(REQUEST)).rejects.toThrow('pinned')
  })

  it('that says no is named, but never its password', async () => {
    const own = makeCertificate()
    const { url } = await startSecure(own)
    const proxy = await startProxy('noc:secret')
    const wrong = client(url, { proxy: `http://noc:typo-secret@127.0.0.1:${proxy.port}`, pins: [own.pin] })
    const error: unknown = await wrong.post(REQUEST).catch((problem: unknown) => problem)
    expect(String(error)).toContain('407')
    expect(String(error)).not.toContain('typo-secret')
    const gone = client(url, { proxy: 'http://noc:typo-secret@127.0.0.1:1', pins: [own.pin] })
    expect(String(await gone.post(REQUEST).catch((problem: unknown) => problem))).not.toContain('typo-secret')
  })

  it('takes whole addresses for a collector without TLS', async () => {
    const port = await listen(createHttp((request, response) => request.resume().on('end', () => response.end('{}'))))
    const proxy = await startProxy('noc:secret')
    const { post } = client(`http://127.0.0.1:${port}`, { proxy: `http://noc:secret@127.0.0.1:${proxy.port}` })
    expect((await post(REQUEST)).status).toBe(200)
    expect(proxy.seen).toEqual([`POST http://127.0.0.1:${port}/api/v1/ingest`])
  })

  it('is chosen by the variables that curl knows, and never for this machine', () => {
    const collector = new URL('https://noc.depok.go.id:8420')
    const usual = { HTTPS_PROXY: 'http://a:1', http_proxy: 'http://b:1' }
    expect(proxyFor(collector, usual)).toBe('http://a:1')
    expect(proxyFor(collector, { ...usual, PANTAU_PROXY: 'http://c:1' })).toBe('http://c:1')
    expect(proxyFor(new URL('http://noc.depok.go.id'), usual)).toBe('http://b:1')
    expect(proxyFor(new URL('http://noc.depok.go.id'), { HTTP_PROXY: 'http://d:1' })).toBeUndefined()
    expect(proxyFor(collector, { ...usual, NO_PROXY: 'example.org, .go.id' })).toBeUndefined()
    for (const own of ['https://127.0.0.1:8420', 'https://[::1]:8420', 'https://localhost'])
      expect(proxyFor(new URL(own), usual)).toBeUndefined()
  })

  it.each([
    ['noc.depok.go.id', '', 'noc.depok.go.id', true],
    ['noc.depok.go.id', '', 'depok.go.id', true],
    ['noc.depok.go.id', '', '*.depok.go.id', true],
    ['noc.depok.go.id', '', 'epok.go.id', false],
    ['noc.depok.go.id', '8420', 'depok.go.id:8420', true],
    ['noc.depok.go.id', '8421', 'depok.go.id:8420', false],
    ['10.1.2.3', '', '10.1.2.3', true],
    ['fd00::1', '', '[fd00::1]', true],
    ['fd00::1', '', 'fd00::2', false],
    ['anything', '', ' , *', true],
    ['anything', '', '', false],
  ])('is left out for %s:%s when NO_PROXY is "%s": %s', (host, port, noProxy, expected) => {
    expect(isExcepted(host, port, noProxy)).toBe(expected)
  })
})
