// Channels of a house in a story, by the verbs that a person would use.
import type { FieldValues } from '../../../server/notify/channels/channel.ts'
import { createChannel } from '../../../server/notify/create-channel.ts'
import { ADMIN, type House } from './house.ts'

export const SECRET = 'rahasia-bersama-0123456789'

export const mailTo = (port: number): FieldValues => ({
  host: '127.0.0.1',
  port,
  security: 'none',
  from: 'noc@depok.go.id',
  to: 'piket@depok.go.id',
})

export async function addMail(house: House, port: number) {
  const input = { name: 'Piket', kind: 'email', settings: mailTo(port), minimumSeverity: 'low' }
  return createChannel.perform(house.verbDeps, ADMIN, input)
}

export async function addHook(house: House, url: string, name = 'Hook') {
  const input = { name, kind: 'webhook', settings: { url, secret: SECRET }, minimumSeverity: 'low' }
  return createChannel.perform(house.verbDeps, ADMIN, input)
}

/** In the order of making: "opened sent". */
export const states = async (house: House) => (await house.deliveries()).map(row => `${row.event} ${row.state}`)
