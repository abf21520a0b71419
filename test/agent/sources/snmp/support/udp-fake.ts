// A device that answers whatever a test says, over real UDP.
import { createSocket, type Socket } from 'node:dgram'
import { onTestFinished } from 'vitest'
import {
  type CommunityMessage,
  decodeMessage,
  encodeMessage,
  PDU,
  type Pdu,
} from '../../../../../agent/sources/snmp/wire/message.ts'

export type Question = { message: CommunityMessage; answer: (pdu: Partial<Pdu>) => Buffer }
export type Say = (bytes: Buffer) => void

/** Listens on 127.0.0.1 (or another address of loopback); `react` hears each question and says what it likes. */
export async function fakeDevice(react: (question: Question, say: Say) => void, address = '127.0.0.1') {
  const socket = createSocket('udp4')
  socket.on('message', (bytes, from) => {
    const message = decodeMessage(bytes)
    const answer = (pdu: Partial<Pdu>): Buffer =>
      encodeMessage({ ...message, pdu: { ...message.pdu, tag: PDU.response, errorStatus: 0, errorIndex: 0, ...pdu } })
    react({ message, answer }, out => socket.send(out, from.port, from.address))
  })
  await bind(socket, address)
  return { address, port: socket.address().port, socket }
}

export async function bind(socket: Socket, address: string): Promise<void> {
  await new Promise<void>(resolve => socket.bind(0, address, resolve))
  onTestFinished(() => new Promise<void>(resolve => socket.close(() => resolve())))
}
