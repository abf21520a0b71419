// Each kind of channel is one file and one line here.
import type { ChannelKind } from './channel.ts'
import { emailChannel } from './email.ts'
import { webhookChannel } from './webhook.ts'

export type ChannelRegistry = readonly ChannelKind[]

export const CHANNELS: ChannelRegistry = [emailChannel, webhookChannel]

export function findChannelKind(registry: ChannelRegistry, kind: string): ChannelKind | undefined {
  return registry.find(candidate => candidate.kind === kind)
}
