import { createSocket, type RemoteInfo, type Socket, type SocketOptions } from 'node:dgram'
import { isIPv6, SocketAddress } from 'node:net'
import { SnmpError } from '../problem.ts'
import type { Endpoint } from './session.ts'

/**
 * UDP for all devices over one socket a family, so that a thousand of them cost two file descriptors. What comes from
 * an address and port that nobody listens to is dropped and counted, whatever it says.
 */
export type Datagrams = {
  /** Rejects with an SnmpError when the machine itself cannot send it there. */
  send(message: Buffer, to: Endpoint): Promise<void>
  /** Gives every datagram from exactly there to `heard`, until the returned function is called. */
  listen(from: Endpoint, heard: (message: Buffer) => void): () => void
  /** Datagrams from nobody who was asked. */
  strangers(): number
  close(): void
}

const BUFFER_BYTES = 4 * 1024 * 1024
const NO_ROUTE = [
  'EHOSTUNREACH',
  'ENETUNREACH',
  'EACCES',
  'EINVAL',
  'EADDRNOTAVAIL',
  'EAFNOSUPPORT',
  'EPERM',
  'EHOSTDOWN',
]

export function createDatagrams(): Datagrams {
  const listeners = new Map<string, Set<(message: Buffer) => void>>()
  const sockets = new Map<'udp4' | 'udp6', Promise<Socket>>()
  let strangers = 0
  let isClosed = false

  const hear = (message: Buffer, from: RemoteInfo): void => {
    const heard = listeners.get(keyOf(from))
    if (heard === undefined) strangers += 1
    else for (const one of [...heard]) one(message)
  }
  const open = (type: 'udp4' | 'udp6'): Promise<Socket> => {
    const known = sockets.get(type)
    if (known !== undefined) return known
    const opened = bound(createSocket({ type, ipv6Only: type === 'udp6', lookup: asItIs }), hear)
    sockets.set(type, opened)
    opened.catch(() => sockets.delete(type))
    return opened
  }

  return {
    async send(message, to) {
      if (isClosed) throw new SnmpError('closed', 'the session is closed')
      const socket = await open(isV6(to.address) ? 'udp6' : 'udp4').catch(error => {
        throw sendError(error)
      })
      await new Promise<void>((resolve, reject) => {
        socket.send(message, to.port, to.address, error => (error ? reject(sendError(error)) : resolve()))
      })
    },
    listen(from, heard) {
      const key = keyOf(from)
      const others = listeners.get(key) ?? new Set()
      listeners.set(key, others.add(heard))
      return () => {
        others.delete(heard)
        if (others.size === 0) listeners.delete(key)
      }
    },
    strangers: () => strangers,
    close() {
      isClosed = true
      listeners.clear()
      for (const socket of sockets.values()) void socket.then(one => one.close()).catch(() => {})
    },
  }
}

/**
 * One device over a connected socket of its own: then the kernel drops what others send, and a port where nobody
 * listens is told at once (ICMP) instead of waited for. For tests by a person, where the difference matters.
 */
export function connectDatagrams(to: Endpoint): Datagrams {
  const heard = new Set<(message: Buffer) => void>()
  const failed = new Set<(error: Error) => void>()
  const socket = createSocket(isIPv6(to.address) ? 'udp6' : 'udp4')
  let broken: Error | undefined
  const fail = (error: Error): void => {
    broken = sendError(error)
    for (const one of [...failed]) one(broken)
  }
  socket.on('error', fail)
  socket.on('message', message => {
    for (const one of [...heard]) one(message)
  })
  const connected = new Promise<void>((resolve, reject) => {
    failed.add(reject)
    socket.connect(to.port, to.address, () => {
      failed.delete(reject)
      resolve()
    })
  })
  connected.catch(() => {})
  return {
    async send(message) {
      await connected
      if (broken !== undefined) throw broken
      await new Promise<void>((resolve, reject) => {
        socket.send(message, error => (error ? reject(sendError(error)) : resolve()))
      })
      // The refusal comes back as an error of the socket a moment later, and before any timeout.
      await new Promise<void>(resolve => setTimeout(resolve, 5))
      if (broken !== undefined) throw broken
    },
    listen(_, listener) {
      heard.add(listener)
      return () => heard.delete(listener)
    },
    strangers: () => 0,
    close() {
      heard.clear()
      try {
        socket.close()
      } catch {
        // It never was open.
      }
    },
  }
}

/** Addresses are none that would be looked up: Node need not examine each of them once more. */
const asItIs: SocketOptions['lookup'] = (address, _, found) => found(null, address, isV6(address) ? 6 : 4)
const isV6 = (address: string): boolean => address.includes(':')

/** A socket with its listener for errors from the first moment on: without one, an error ends the process. */
function bound(socket: Socket, hear: (message: Buffer, from: RemoteInfo) => void): Promise<Socket> {
  socket.on('message', hear)
  return new Promise((resolve, reject) => {
    socket.on('error', reject)
    socket.bind(0, () => {
      for (const grow of [() => socket.setRecvBufferSize(BUFFER_BYTES), () => socket.setSendBufferSize(BUFFER_BYTES)]) {
        try {
          grow()
        } catch {
          // The machine's own limit stays.
        }
      }
      socket.unref()
      resolve(socket)
    })
  })
}

function sendError(error: unknown): SnmpError {
  if (error instanceof SnmpError) return error
  const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown'
  if (code === 'ECONNREFUSED') return new SnmpError('port-closed', 'nothing listens at this port')
  if (NO_ROUTE.includes(code)) return new SnmpError('no-route', `the machine has no way there (${code})`)
  return new SnmpError('no-route', `could not be sent (${code})`)
}

function keyOf({ address, port }: Endpoint): string {
  if (!isV6(address)) return `${address} ${port}`
  const [bare = address, zone] = address.split('%')
  return `${new SocketAddress({ address: bare, family: 'ipv6' }).address}%${zone ?? ''} ${port}`
}
