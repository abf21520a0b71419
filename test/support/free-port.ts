import { createSocket } from 'node:dgram'
import { createServer } from 'node:net'

// Below what the system gives out by itself (32768 and more on Linux): nobody is given such a port by chance between our look
// and its use, also not while a server that has it is killed and started again. Only another call of this could choose it.
const LOWEST = 15_000
const COUNT = 17_000
const anyPort = () => LOWEST + Math.floor(Math.random() * COUNT)

/** A port on 127.0.0.1 that was free a moment ago. */
export async function freePort(): Promise<number> {
  for (;;) {
    const port = anyPort()
    const server = createServer()
    const isFree = await new Promise<boolean>(resolve => {
      server.once('error', () => resolve(false))
      server.listen(port, '127.0.0.1', () => resolve(true))
    })
    if (!isFree) continue
    await new Promise(resolve => server.close(resolve))
    return port
  }
}

export async function freeUdpPort(): Promise<number> {
  for (;;) {
    const port = anyPort()
    const socket = createSocket('udp4')
    const isFree = await new Promise<boolean>(resolve => {
      socket.once('error', () => resolve(false))
      socket.bind(port, '127.0.0.1', () => resolve(true))
    })
    await new Promise<void>(resolve => socket.close(() => resolve()))
    if (isFree) return port
  }
}
