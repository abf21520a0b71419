import { spawn } from 'node:child_process'
import { X509Certificate } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { connect } from 'node:tls'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type Listening, listen } from '../../../server/http/listeners.ts'
import { createTlsIdentity } from '../../../server/http/tls-identity.ts'
import { createLogger } from '../../../server/platform/logs.ts'
import { writeSelfSigned } from '../notify/self-signed.ts'

const DAY_MS = 86_400_000
const names = ['noc.example.go.id', '127.0.0.1']

let directory: string
let told: string
let now: number
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'pantau-tls-'))
  told = ''
  now = Date.now()
})
afterEach(() => rmSync(directory, { recursive: true }))

const log = createLogger({
  level: 'info',
  destination: {
    write(line) {
      told += line
    },
  },
})
const identityOf = (more: { files?: { certificateFile: string; keyFile: string }; names?: string[] } = {}) =>
  createTlsIdentity({
    ...{ files: more.files ?? null, directory: join(directory, 'tls'), now: () => now, log },
    names: more.names ?? names,
  })
const seen = (pem: string) => new X509Certificate(pem)

describe('a certificate that the collector makes', () => {
  it('is there after the first start, its key for nobody but the owner, and the same after the next', () => {
    const first = identityOf().current()
    expect(statSync(join(directory, 'tls')).mode & 0o777).toBe(0o700)
    expect(statSync(join(directory, 'tls/key.pem')).mode & 0o777).toBe(0o600)
    expect(identityOf().current()).toEqual(first)
  })

  it('is renewed before it ends, with the same key, and says so to whoever listens', () => {
    const identity = identityOf()
    const first = identity.current()
    const heard: string[] = []
    identity.onRenewal(({ certificate }) => heard.push(certificate))
    now += 300 * DAY_MS
    identity.renewIfDue()
    expect(identity.current()).toEqual(first)
    now += 10 * DAY_MS
    identity.renewIfDue()
    const second = identity.current()
    expect(heard).toEqual([second.certificate])
    expect(second.pin).toBe(first.pin)
    expect(seen(second.certificate).validToDate.getTime()).toBeGreaterThan(now + 300 * DAY_MS)
    expect(told).toContain('The certificate was renewed')
  })

  it('is made anew for a new name, and after its file was damaged, again with the same key', () => {
    const first = identityOf().current()
    const second = identityOf({ names: [...names, 'pantau.example.go.id'] }).current()
    expect(seen(second.certificate).checkHost('pantau.example.go.id')).toBeDefined()
    writeFileSync(join(directory, 'tls/certificate.pem'), 'torn')
    expect([second.pin, identityOf().current().pin]).toEqual([first.pin, first.pin])
  })

  it('refuses a damaged key in plain words instead of making another one', () => {
    identityOf()
    writeFileSync(join(directory, 'tls/key.pem'), 'torn')
    expect(() => identityOf()).toThrow(/key\.pem is not a readable PEM file/)
  })
})

describe("the city's own certificate", () => {
  it('is read again when its file changed; another key is an error that a person must see', () => {
    const paths = writeSelfSigned(directory)
    const files = { certificateFile: paths.cert, keyFile: paths.key }
    const identity = identityOf({ files })
    const before = identity.current()
    identity.renewIfDue()
    expect(identity.current()).toEqual(before)
    writeSelfSigned(directory)
    identity.renewIfDue()
    expect(identity.current().pin).not.toBe(before.pin)
    expect(told).toContain('agents that pinned the old one stay out')
  })

  it('keeps the old one while the files on disk are half written', () => {
    const paths = writeSelfSigned(directory)
    const identity = identityOf({ files: { certificateFile: paths.cert, keyFile: paths.key } })
    const before = identity.current()
    writeFileSync(paths.key, '-----BEGIN')
    identity.renewIfDue()
    expect(identity.current()).toEqual(before)
    expect(told).toContain('could not be renewed')
    expect(told).not.toContain(readFileSync(join(directory, 'self-signed.crt'), 'utf8').slice(30, 60))
  })

  it('refuses a key that belongs to another certificate', () => {
    const paths = writeSelfSigned(directory)
    const keyFile = join(directory, 'tls/key.pem')
    identityOf()
    expect(() => identityOf({ files: { certificateFile: paths.cert, keyFile } })).toThrow(/is not the key of/)
  })
})

describe('listening', () => {
  let listening: Listening | undefined
  afterEach(() => listening?.close())
  const server = createServer((request, response) => response.end('encrypted' in request.socket ? 'tls' : 'plain'))

  it('answers on all its addresses, plain and with TLS, and curl trusts the pin and nothing else', async () => {
    const identity = identityOf()
    const listeners = [
      { scheme: 'http', host: '127.0.0.1', port: 0 },
      { scheme: 'https', host: '127.0.0.1', port: 0 },
      { scheme: 'https', host: '::1', port: 0 },
    ] as const
    listening = await listen({ server, listeners, identity })
    const [plain = '', secure = '', sixth = ''] = listening.urls
    const { pin } = identity.current()
    expect(await curl(plain)).toBe('plain')
    expect(await curl('-k', '--pinnedpubkey', `sha256//${pin}`, secure)).toBe('tls')
    expect(await curl('-k', '--pinnedpubkey', `sha256//${pin}`, sixth)).toBe('tls')
    expect(await curl(secure)).toBe('exit 60')
    expect(await curl('-k', '--pinnedpubkey', `sha256//${'A'.repeat(43)}=`, secure)).toBe('exit 90')
  })

  it('a renewed certificate is served without a restart', async () => {
    const identity = identityOf()
    listening = await listen({ server, listeners: [{ scheme: 'https', host: '127.0.0.1', port: 0 }], identity })
    const port = Number(new URL(listening.urls[0] ?? '').port)
    const before = await servedSerial(port)
    now += 310 * DAY_MS
    identity.renewIfDue()
    expect(await servedSerial(port)).not.toBe(before)
  })

  it('names the address that it could not have, and keeps none of the others', async () => {
    const busy = await listen({ server, listeners: [{ scheme: 'http', host: '127.0.0.1', port: 0 }], identity: null })
    const port = Number(new URL(busy.urls[0] ?? '').port)
    const twice = [
      { scheme: 'http', host: '127.0.0.1', port: 0 },
      { scheme: 'http', host: '127.0.0.1', port },
    ] as const
    await expect(listen({ server, listeners: twice, identity: null })).rejects.toThrow(
      `can't listen on 127.0.0.1:${port}`,
    )
    await busy.close()
  })
})

async function curl(...args: string[]): Promise<string> {
  const child = spawn('curl', ['-sS', ...args], { stdio: ['ignore', 'pipe', 'ignore'] })
  let text = ''
  child.stdout.on('data', part => {
    text += String(part)
  })
  const code = await new Promise(resolve => child.once('close', resolve))
  return code === 0 ? text : `exit ${code}`
}

function servedSerial(port: number): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host: '127.0.0.1', port, rejectUnauthorized: false }, () => {
      resolve(socket.getPeerCertificate().serialNumber)
      socket.destroy()
    })
    socket.once('error', reject)
  })
}
