// The sockets on which the collector listens. All of them hand over to one server that itself never listens, so the API,
// the pages and the live line do not know on how many addresses they are reached.
import { createServer, type Server } from 'node:http'
import { createServer as createTlsServer, type Server as TlsServer } from 'node:https'
import {
  type AddressInfo,
  createServer as createNetServer,
  type ListenOptions,
  type Server as NetServer,
} from 'node:net'
import type { TlsIdentity } from './tls-identity.ts'

export type Listener = { scheme: 'http' | 'https'; host: string; port: number }

export type Listening = {
  /** One for each listener in order, e.g. "http://127.0.0.1:8420". */
  urls: string[]
  /** No new requests; those under way may end, idle connections are closed. */
  close(): Promise<void>
}

const CLOSE_PATIENCE_MS = 3_000

/**
 * libuv takes one new connection a turn of the event loop from each socket. Ten thousand agents that come back at once make
 * turns of tens of milliseconds, and would wait for minutes before one socket. Linux spreads them over several.
 */
const SOCKETS = process.platform === 'linux' ? 64 : 1
/** Before each socket; what the kernel turns away tries again only after one, three, seven seconds. */
const WAITING_CONNECTIONS = 4_096

/** Errors: names the address that could not be had; those already open are closed again. */
export async function listen(deps: {
  server: Server
  listeners: readonly Listener[]
  /** Needed by https listeners; its renewals reach them while they are open. */
  identity: TlsIdentity | null
}): Promise<Listening> {
  const { server, listeners, identity } = deps
  const open: (Server | TlsServer)[] = []
  const urls: string[] = []
  const leave = identity?.onRenewal(({ certificate, key }) => {
    for (const outer of open)
      if ('setSecureContext' in outer) outer.setSecureContext({ ...MODERN, cert: certificate, key })
  })
  const close = async () => {
    leave?.()
    await Promise.all(open.map(closeOne))
  }
  try {
    for (const listener of listeners) {
      const port = await freePortOf(listener)
      for (let socket = 0; socket < SOCKETS; socket++) {
        const outer = listener.scheme === 'http' ? createServer() : openTls(identity)
        open.push(outer)
        handOver(outer, server)
        const url = await listenOn(outer, { ...listener, port })
        if (socket === 0) urls.push(url)
      }
    }
  } catch (error) {
    await close()
    throw error
  }
  return { urls, close }
}

const MODERN = { minVersion: 'TLSv1.2' } as const

function openTls(identity: TlsIdentity | null): TlsServer {
  if (identity === null) throw new Error('an https listener needs a certificate')
  const { certificate, key } = identity.current()
  return createTlsServer({ ...MODERN, cert: certificate, key })
}

function handOver(outer: Server | TlsServer, inner: Server): void {
  outer.on('request', (request, response) => inner.emit('request', request, response))
  outer.on('upgrade', (request, socket, head) => inner.emit('upgrade', request, socket, head))
  // A slow or silent client must not hold a socket for ever; agents keep theirs alive between batches.
  outer.headersTimeout = 15_000
  outer.requestTimeout = 60_000
  outer.keepAliveTimeout = 75_000
}

/** Several sockets on one port would also share it with another program of this user: this one finds that out. */
async function freePortOf(listener: Listener): Promise<number> {
  const alone = createNetServer()
  await bind(alone, listener, {})
  const { port } = alone.address() as AddressInfo
  await new Promise(resolve => alone.close(resolve))
  return port
}

async function listenOn(outer: Server | TlsServer, listener: Listener): Promise<string> {
  await bind(outer, listener, { backlog: WAITING_CONNECTIONS, reusePort: SOCKETS > 1 })
  const { family, address, port } = outer.address() as AddressInfo
  return `${listener.scheme}://${family === 'IPv6' ? `[${address}]` : address}:${port}`
}

async function bind(server: NetServer, { host, port }: Listener, options: ListenOptions): Promise<void> {
  const shown = host.includes(':') ? `[${host}]` : host
  await new Promise<void>((resolve, reject) => {
    server.once('error', error => reject(new Error(`can't listen on ${shown}:${port}: ${error.message}`)))
    server.listen({ ...options, port, host }, resolve)
  })
}

async function closeOne(outer: Server | TlsServer): Promise<void> {
  if (!outer.listening) return
  const closed = new Promise<void>(resolve => outer.close(() => resolve()))
  outer.closeIdleConnections()
  const force = setTimeout(() => outer.closeAllConnections(), CLOSE_PATIENCE_MS)
  await closed
  clearTimeout(force)
}
