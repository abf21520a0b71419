// Asks the collector now and then whether an operator allows another bundle, and takes it. Nothing else can change what
// this agent runs.
import { PATHS } from '../../protocol/paths.ts'
import type { UpgradeOffer } from '../../protocol/upgrade-call.ts'
import { type Log, reasonOf } from '../platform/logger.ts'
import type { Download, HttpPost } from '../uplink/http-client.ts'
import { judgeOffer } from './judge-offer.ts'
import { type OwnBundle, readFailed } from './own-bundle.ts'
import { isOnTrial, passTrial, takeBundle } from './take-bundle.ts'

export type Upgrades = {
  /** The collector's word of what an operator allows: the offer is asked for soon, though not by all agents at once. */
  told(allowed: readonly { sequence: number }[]): void
  /** Resolves once another bundle waits to be started. */
  wantsRestart: Promise<void>
  stop(): Promise<void>
}

const ANSWER_WITHIN_MS = 15_000
const DOWNLOAD_WITHIN_MS = 30 * 60_000
const LOOK_WHILE_ON_TRIAL_MS = 1_000
/** After a start, so that the page hears what runs there, and after a question that failed. */
const SOON_MS = 5 * 60_000
/** A bundle is 40 MB, and one word may be meant for all agents. */
const SPREAD_OVER_MS = 30_000

export function startUpgrades(deps: {
  own: OwnBundle
  publicKey: string
  everyMs: number
  post: HttpPost
  download: Download
  key: string
  userAgent: string
  /** Whether a batch was acknowledged since the start. */
  hasDelivered: () => boolean
  log: Log
  random?: () => number
}): Upgrades {
  const { own, everyMs, log } = deps
  const random = deps.random ?? Math.random
  const ending = new AbortController()
  let isNews = false
  let wake = (): void => {}
  const { promise: wantsRestart, resolve: restart } = Promise.withResolvers<void>()
  const headers = { authorization: `Bearer ${deps.key}`, 'user-agent': deps.userAgent }

  async function ask(failed: number | null): Promise<UpgradeOffer['offer']> {
    const { status, text } = await deps.post({
      path: PATHS.upgradeOffer[1],
      headers: { ...headers, 'content-type': 'application/json' },
      body: Buffer.from(JSON.stringify({ arch: own.arch, sequence: own.sequence, failed })),
      timeoutMs: ANSWER_WITHIN_MS,
      signal: ending.signal,
    })
    if (status !== 200) throw new Error(`status ${status}`)
    return parseOffer(text)
  }

  /** Whether another bundle is in place now. */
  async function look(): Promise<boolean> {
    const failed = await readFailed(own)
    const offer = await ask(failed)
    if (offer === null) return false
    const judged = judgeOffer(offer, { publicKey: deps.publicKey, own, failed })
    if (judged.kind === 'refuse') {
      log.error({ reason: judged.reason }, 'an offered upgrade was refused')
      return false
    }
    const { manifest, path } = judged
    log.info({ version: manifest.version, sequence: manifest.sequence }, 'an operator allowed an upgrade, fetching it')
    const archive = deps.download({ path, headers, timeoutMs: DOWNLOAD_WITHIN_MS, signal: ending.signal })
    await takeBundle(own, manifest, archive)
    return true
  }

  /** After about `waitMs`, or soon after the collector's word: never all agents at once. */
  async function untilDue(waitMs: number): Promise<void> {
    const told = new AbortController()
    wake = () => told.abort()
    if (!isNews) await pause(waitMs * (0.5 + random()), AbortSignal.any([ending.signal, told.signal]))
    if (isNews) await pause(Math.min(waitMs, SPREAD_OVER_MS) * random(), ending.signal)
    isNews = false
  }

  async function run(): Promise<void> {
    if (await isOnTrial(own)) {
      while (!deps.hasDelivered() && !ending.signal.aborted) await pause(LOOK_WHILE_ON_TRIAL_MS, ending.signal)
      if (ending.signal.aborted) return
      await passTrial(own)
      log.info({ version: own.version, sequence: own.sequence }, 'the upgrade delivers, it stays')
    }
    const soonMs = Math.min(everyMs, SOON_MS)
    for (let waitMs = soonMs; !ending.signal.aborted; ) {
      await untilDue(waitMs)
      waitMs = soonMs
      // Never before the first batch.
      if (ending.signal.aborted || !deps.hasDelivered()) continue
      try {
        if (await look()) {
          log.info('the upgrade is in place, starting anew')
          return restart()
        }
        waitMs = everyMs
      } catch (error) {
        if (!ending.signal.aborted) log.warn({ reason: reasonOf(error) }, 'no upgrade this time')
      }
    }
  }
  const running = run().catch(error => log.error({ reason: reasonOf(error) }, 'upgrades are not looked for any more'))

  return {
    told(allowed) {
      isNews ||= allowed.some(({ sequence }) => sequence > own.sequence)
      if (isNews) wake()
    },
    wantsRestart,
    async stop() {
      ending.abort()
      await running
    },
  }
}

/** Its own reading: the schema would bring zod into the agent. Anything odd is no offer. */
function parseOffer(text: string): UpgradeOffer['offer'] {
  const answer: unknown = JSON.parse(text)
  if (typeof answer !== 'object' || answer === null || !('offer' in answer))
    throw new Error('not an answer of a collector')
  const { offer } = answer
  if (typeof offer !== 'object' || offer === null || !('manifest' in offer && 'signature' in offer)) return null
  const { manifest, signature } = offer
  if (typeof manifest !== 'string' || typeof signature !== 'string') return null
  return { manifest, signature, path: '', again: 'again' in offer && offer.again === true }
}

function pause(waitMs: number, signal: AbortSignal): Promise<void> {
  return new Promise(resolve => {
    const done = (): void => {
      clearTimeout(timer)
      signal.removeEventListener('abort', done)
      resolve()
    }
    const timer = setTimeout(done, waitMs)
    signal.addEventListener('abort', done, { once: true })
  })
}
