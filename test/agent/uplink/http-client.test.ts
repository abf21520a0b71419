import { createServer as createHttp } from 'node:http'
import { createServer as createHttps } from 'node:https'
import type { AddressInfo, Server } from 'node:net'
import { describe, expect, it, onTestFinished } from 'vitest'
import { createHttpClient } from '../../../agent/uplink/http-client.ts'
import { makeCertificate } from '../support/certificate.ts'
import { eventually } from '../support/eventually.ts'

const REQUEST = { path: '/api/v1/ingest', headers: {}, body: Buffer.from('{}'), timeoutMs: 2_000 }

async function listen(server: Server): Promise<number> {
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => void server.close())
  return (server.address() as AddressInfo).port
}

function client(url: string, way: { ca?: string; pins?: string[]; proxy?: string } = {}) {
  const made = createHttpClient({ collector: new URL(url), ...way })
  onTestFinished(() => made.close())
  return made
}

describe('a POST to the collector', () => {
  it('keeps one connection open, and puts its path behind that of the collector', async () => {
    let connections = 0
    const paths: (string | undefined)[] = []
    const server = createHttp((request, response) => {
      paths.push(request.url)
      request.resume().on('end', () => response.end('{}'))
    }).on('connection', () => {
      connections += 1
    })
    const port = await listen(server)
    const { post } = client(`http://127.0.0.1:${port}/pantau/`)
    for (let index = 0; index < 5; index += 1) expect((await post(REQUEST)).status).toBe(200)
    expect(connections).toBe(1)
    expect(new Set(paths)).toEqual(new Set(['/pantau/api/v1/ingest']))
  })

  it('notices nothing when the collector closed the idle connection meanwhile', async () => {
    const server = createHttp((request, response) => {
      request.resume().on('end', () => {
        response.end('{}')
        // Closed without a word, as a restarting collector or a firewall does.
        setTimeout(() => request.socket.resetAndDestroy(), 20)
      })
    })
    server.keepAliveTimeout = 60_000
    const port = await listen(server)
    const { post } = client(`http://127.0.0.1:${port}`)
    for (let index = 0; index < 20; index += 1) {
      expect((await post(REQUEST)).status).toBe(200)
      const untilMs = performance.now() + 18 + (index % 5)
      while (performance.now() < untilMs);
    }
  })

  it('gives up after its time, on silence and on an answer that never ends', async () => {
    const silent = await listen(createHttp(() => {}))
    const dripping = await listen(
      createHttp((_, response) => {
        const timer = setInterval(() => response.write('x'), 20)
        response.on('close', () => clearInterval(timer))
      }),
    )
    for (const port of [silent, dripping]) {
      const { post } = client(`http://127.0.0.1:${port}`)
      await expect(post({ ...REQUEST, timeoutMs: 150 })).rejects.toThrow('no answer within 150 ms')
    }
  })

  it('does not swallow an endless answer', async () => {
    const port = await listen(createHttp((_, response) => response.end('x'.repeat(1_000_000))))
    await expect(client(`http://127.0.0.1:${port}`).post(REQUEST)).rejects.toThrow('too long')
  })

  it('takes the connection that was opened before, and notices nothing when that one is gone', async () => {
    const own = makeCertificate()
    let connections = 0
    let isRestarting = false
    const server = createHttps(own, (request, response) => request.resume().on('end', () => response.end('{}')))
    server.on('secureConnection', socket => {
      connections += 1
      // As a collector that restarts: the connection is gone before anything is asked over it.
      if (isRestarting) socket.destroy()
      isRestarting = false
    })
    const url = `https://127.0.0.1:${await listen(server)}`
    for (const way of [{ ca: own.cert }, { pins: [own.pin] }]) {
      for (const isLost of [false, true]) {
        const before = connections
        isRestarting = isLost
        const { open, post } = client(url, way)
        open()
        await eventually('the handshake', () => connections > before)
        // That it is gone may be seen only by using it; whoever delivers asks again then.
        expect((await post(REQUEST).catch(() => post(REQUEST))).status).toBe(200)
        expect(connections - before).toBe(isLost ? 2 : 1)
        // Over the same one, or over another where that is not free again yet.
        expect((await post(REQUEST)).status).toBe(200)
      }
    }
    const wrong = client(url, { pins: [makeCertificate().pin] })
    wrong.open()
    await expect(wrong.post(REQUEST)).rejects.toThrow('not the pinned one')
    const nowhere = client('https://127.0.0.1:1', { pins: [own.pin] })
    nowhere.open()
    await expect(nowhere.post(REQUEST)).rejects.toThrow('ECONNREFUSED')
  })

  it('trusts the certificate it was given and no other', async () => {
    const own = makeCertificate()
    const port = await listen(
      createHttps(own, (request, response) => request.resume().on('end', () => response.end('{}'))),
    )
    const url = `https://127.0.0.1:${port}`
    expect((await client(url, { ca: own.cert }).post(REQUEST)).status).toBe(200)
    await expect(client(url).post(REQUEST)).rejects.toThrow('self-signed')
    await expect(client(url, { ca: makeCertificate().cert }).post(REQUEST)).rejects.toThrow()
  })
})
