import type { Clock } from '../../platform/clock.ts'
import type { Pinger } from './icmp/pinger.ts'
import { isBlind, isCutOff, type OwnNetwork } from './self-check.ts'

/** Whether this poller can see, by what it hears of anybody. All moments in UTC milliseconds. */
export type OwnSight = {
  isBlind(): boolean
  /** A question asked at this moment was answered by somebody beyond this machine. */
  heard(askedAt: number): void
  /**
   * Whether a silence may be blamed on whoever was asked at `askedAt`; the first of these silences was `since`.
   * `not-yet` when the gateway has still to be heard. `isLast` when a state hangs on it.
   */
  mayBlame(silence: { askedAt: number; since: number; isLast: boolean }): Promise<'yes' | 'no' | 'not-yet'>
  /** Before the first question, and from time to time: whether there is a network, and a gateway that answers. */
  look(): Promise<void>
}

const GATEWAY_TIMEOUT_MS = 500
const MOST_WITNESSES = 5
const READ_AGAIN_AFTER_MS = 100

export function createOwnSight(deps: {
  clock: Clock
  pinger: Pinger | undefined
  read: () => Promise<OwnNetwork>
  /** Addresses that are watched: such a gateway is no witness, its silence is news. */
  isWatched: (address: string) => boolean
  /** Addresses that answered when they were asked last. */
  witnesses: () => string[]
  signal: AbortSignal
}): OwnSight {
  const { clock, pinger, signal } = deps
  let blind = false
  let hadDefaultRoute = false
  let heardAt = Number.NEGATIVE_INFINITY
  /** The gateway that ever answered, and when it was asked and heard last. */
  const gateways = new Set<string>()
  let gatewayAskedAt = Number.NEGATIVE_INFINITY
  let gatewayHeardAt = Number.NEGATIVE_INFINITY
  let isAsking = false
  let networkRead: { at: number; found: Promise<OwnNetwork> } | undefined

  const readNow = async (): Promise<{ cutOff: boolean; gateway: string | undefined }> => {
    const at = clock.monotonicMs()
    // Hundreds that fall silent at once are one question to the kernel.
    if (networkRead === undefined || at - networkRead.at > READ_AGAIN_AFTER_MS) networkRead = { at, found: deps.read() }
    const now = await networkRead.found
    const cutOff = isCutOff(now, hadDefaultRoute)
    hadDefaultRoute ||= now.defaultLinks.length > 0
    return { cutOff, gateway: now.gateway }
  }
  const askWitnesses = async (gateway: string | undefined): Promise<void> => {
    const asked = [...(gateway === undefined ? [] : [gateway]), ...deps.witnesses().slice(0, MOST_WITNESSES)]
    if (pinger === undefined || asked.length === 0) return
    const askedAt = clock.nowMs()
    const settings = { packets: 1, packetGapMs: 100, timeoutMs: GATEWAY_TIMEOUT_MS }
    const answers = await pinger.sweep(asked, settings, signal).catch(() => undefined)
    if (answers === undefined) return
    for (const [address, { packets }] of answers) {
      if (packets[0] === null) continue
      heard(askedAt)
      if (address !== gateway) continue
      gateways.add(address)
      gatewayHeardAt = askedAt
    }
    gatewayAskedAt = askedAt
  }
  const heard = (askedAt: number): void => {
    heardAt = Math.max(heardAt, askedAt)
    blind = false
  }
  const gatewayNow = (gateway: string | undefined, since: number): 'answers' | 'silent' | 'unfit' | 'not-yet' => {
    if (gateway === undefined || !gateways.has(gateway) || deps.isWatched(gateway)) return 'unfit'
    if (gatewayHeardAt >= since) return 'answers'
    return gatewayAskedAt >= since ? 'silent' : 'not-yet'
  }

  return {
    isBlind: () => blind,
    heard,
    async look() {
      const { cutOff, gateway } = await readNow()
      if (cutOff) blind = true
      else {
        await askWitnesses(gateway)
        // With a cable and nobody who could say otherwise, silences are others' again.
        if (blind && gatewayNow(gateway, gatewayAskedAt) !== 'silent') blind = false
      }
    },
    async mayBlame({ askedAt, since, isLast }) {
      if (heardAt >= askedAt) return 'yes'
      const { cutOff, gateway } = await readNow()
      if (heardAt >= askedAt) return 'yes'
      if (isBlind({ cutOff, heardSince: false, gateway: 'unfit' })) {
        blind = true
        return 'no'
      }
      if (!isAsking) {
        isAsking = true
        void askWitnesses(gateway).finally(() => {
          isAsking = false
        })
      }
      if (!isLast && !blind) return 'yes'
      if (!blind && heardAt > since) return 'yes'
      const told = gatewayNow(gateway, since)
      if (told === 'not-yet') return 'not-yet'
      blind = isBlind({ cutOff, heardSince: false, gateway: told })
      return blind ? 'no' : 'yes'
    },
  }
}
