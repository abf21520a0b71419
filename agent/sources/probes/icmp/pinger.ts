import { isIP } from 'node:net'
import type { Packets } from '../figures.ts'

export type SweepSettings = { packets: number; packetGapMs: number; timeoutMs: number }

/** What came back, by address; one that is missing was not asked, so nothing can be said of it. */
export type SweepAnswers = Map<string, { packets: Packets; noRoute: boolean }>

export type Pinger = {
  /** Said of the agent as the fact `probe.icmp`. */
  description: string
  /** More than this many addresses are not asked at once. */
  mostAddresses: number
  /** The time between the packets to one address and the next. */
  spacingMs: number
  /** Rejects when nothing could be asked at all: then nobody is to be blamed. */
  sweep(addresses: readonly string[], settings: SweepSettings, signal: AbortSignal): Promise<SweepAnswers>
}

/** Only what is an address and nothing else gets near a command line or the input of a program. */
export function onlyAddresses(addresses: readonly string[]): string[] {
  const wrong = addresses.find(one => isIP(one) === 0 || one.includes('%'))
  if (wrong !== undefined) throw new Error('an address to ping is none')
  return [...new Set(addresses)]
}
