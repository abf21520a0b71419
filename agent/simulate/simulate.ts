import { createHash } from 'node:crypto'
import { createSocket, type Socket } from 'node:dgram'
import type { V3Credential } from '../sources/snmp/session/session.ts'
import { createUsmResponder } from '../sources/snmp/session/usm-responder.ts'
import { decodeMessage, encodeMessage, openMessage, VERSION } from '../sources/snmp/wire/message.ts'
import type { SimulatedDevice } from './simulated-device.ts'

export type Simulation = {
  /** Where each device listens, in the order given. */
  ports: readonly number[]
  close(): Promise<void>
}

/**
 * Answers SNMP for many devices, each on a port of its own. A question under the name of another device (as community or
 * v3 context) gets that device's answer, as snmpsim has it. Whatever is no question under the right name is not answered.
 */
export async function simulate(deps: {
  devices: readonly SimulatedDevice[]
  address: string
  /** The first device's; the others follow. 0: any that are free. */
  port: number
  community: string
  user?: V3Credential
  /** Seconds since the devices began to run. */
  upS: () => number
  onError: (error: Error) => void
}): Promise<Simulation> {
  const { devices, community, upS } = deps
  const named = new Map(devices.map(device => [device.name, device]))
  const usm = deps.user && (await createUsmResponder(deps.user, devices.length))

  const answer = (device: SimulatedDevice, bytes: Buffer): Buffer | undefined => {
    const { version } = openMessage(bytes)
    if (version === VERSION.v3) {
      const engineTime = Math.floor(upS()) + 1
      const read = usm?.(bytes, { engineID: engineIdOf(device.name), engineBoots: 1, engineTime })
      if (read === undefined || 'report' in read) return read?.report
      const asked = read.context === '' ? device : named.get(read.context)
      const pdu = asked?.answer(read.pdu, 'v3', upS())
      return pdu && read.reply(pdu)
    }
    const message = decodeMessage(bytes)
    const name = message.community.toString('utf8')
    const asked = name === community ? device : named.get(name)
    const pdu = asked?.answer(message.pdu, message.version, upS())
    return pdu && encodeMessage({ ...message, pdu })
  }

  const sockets: Socket[] = []
  const close = async (): Promise<void> => {
    await Promise.all(sockets.map(socket => new Promise<void>(resolve => socket.close(() => resolve()))))
  }
  try {
    for (const [index, device] of devices.entries()) {
      const socket = createSocket(deps.address.includes(':') ? 'udp6' : 'udp4')
      socket.on('message', (bytes, from) => {
        try {
          const reply = answer(device, bytes)
          if (reply !== undefined) socket.send(reply, from.port, from.address)
        } catch {
          // What is no SNMP gets no answer, as from a real device.
        }
      })
      await new Promise<void>((resolve, reject) => {
        socket.once('error', reject)
        socket.bind(deps.port === 0 ? 0 : deps.port + index, deps.address, resolve)
      })
      socket.on('error', deps.onError)
      sockets.push(socket)
    }
  } catch (error) {
    await close()
    throw error
  }
  return { ports: sockets.map(socket => socket.address().port), close }
}

/** RFC 3411, 5: enterprise of Net-SNMP, then five octets of our own making. */
const engineIdOf = (name: string): Buffer =>
  Buffer.concat([Buffer.from('80001f8805', 'hex'), createHash('sha256').update(name).digest().subarray(0, 8)])
