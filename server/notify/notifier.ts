// Drives the stages: route the outbox, plan what is due, send, settle. Wakes when told to and when something is due.
import { newId } from '../platform/ids.ts'
import type { Logger } from '../platform/logs.ts'
import type { ChangeFeed } from '../stores/change-feed.ts'
import type { Records } from '../stores/records/records.ts'
import type { Vault } from '../stores/vault.ts'
import { CHANNELS, type ChannelRegistry } from './channels/registry.ts'
import { type ChannelMessage, planDue } from './due.ts'
import type { MessageContext } from './message.ts'
import { routeOutbox } from './route-outbox.ts'
import { claim, SEND_DEADLINE_MS, sendClaimed } from './send.ts'
import { settle, settlementsOf } from './settle.ts'

export type NotifierDeps = MessageContext & {
  records: Records
  vault: Vault
  changes: ChangeFeed
  log: Logger
  /** UTC ms. */
  now: () => number
  channels?: ChannelRegistry
  sendDeadlineMs?: number
}

export type Notifier = {
  start(): void
  /** Something new stands in the outbox, or a channel changed. Returns at once. */
  wake(): void
  /** Takes nothing new; what is under way may end within 5 s, the rest goes again at the next start. For good. */
  stop(): Promise<void>
}

const CONCURRENCY = 4
/** So that a channel which hangs can't hold up all others. */
const CONCURRENCY_A_CHANNEL = 2
const STOP_GRACE_MS = 5_000
const RETRY_AFTER_MISTAKE_MS = 5_000
/** The longest sleep, so that a clock that was set back does not put off what is due. */
const LONGEST_SLEEP_MS = 60_000

export function createNotifier(deps: NotifierDeps): Notifier {
  const { records, changes, log, now } = deps
  const context = { place: deps.place, publicUrl: deps.publicUrl, timeZone: deps.timeZone }
  const sendDeps = { records, vault: deps.vault, channels: deps.channels ?? CHANNELS, context, now, log }
  const sending = new Map<Promise<void>, ChannelMessage>()
  const abandon = new AbortController()
  let running = false
  let passing: Promise<void> | null = null
  let again = false
  let timer: NodeJS.Timeout | undefined

  function wake(): void {
    if (!running) return
    again = true
    passing ??= passUntilQuiet().finally(() => {
      passing = null
      if (again) wake()
    })
  }

  async function passUntilQuiet(): Promise<void> {
    while (again && running) {
      again = false
      try {
        sleepUntil(await pass())
      } catch (error) {
        log.error({ err: error }, 'Notices could not be read; they wait')
        sleepUntil(now() + RETRY_AFTER_MISTAKE_MS)
      }
    }
  }

  /** One round over the stages; returns when the next one is due, UTC ms. */
  async function pass(): Promise<number | null> {
    const routed = await routeOutbox({ records, changes, log }, now())
    if (routed.more) again = true
    if (sending.size >= CONCURRENCY) return null
    const underWay = new Set([...sending.values()].flatMap(message => message.deliveryIds))
    const plan = await planDue(records, now(), underWay, () => newId(now()))
    for (const message of plan.messages) {
      if (!running || sending.size >= CONCURRENCY) break
      const sameChannel = [...sending.values()].filter(other => other.channelId === message.channelId)
      if (sameChannel.length >= CONCURRENCY_A_CHANNEL) continue
      const job = deliver(message).finally(() => {
        sending.delete(job)
        wake()
      })
      sending.set(job, message)
    }
    return plan.nextAt
  }

  async function deliver(message: ChannelMessage): Promise<void> {
    try {
      const claimed = await claim(records, message, now())
      if (claimed.length === 0) return
      const outcome = await sendClaimed(
        sendDeps,
        message,
        claimed,
        abandon.signal,
        deps.sendDeadlineMs ?? SEND_DEADLINE_MS,
      )
      const settlements = settlementsOf(claimed, message.digestId, outcome, now(), Math.random())
      if (settlements.length > 0) await settleUntilWritten(message, settlements)
    } catch (error) {
      log.error({ err: error, channelId: message.channelId }, 'Notice could not be sent; it waits')
      await pause(RETRY_AFTER_MISTAKE_MS)
    }
  }

  /** What was sent must be written down: else the next pass would send it again, and again, for as long as the disk is full. */
  async function settleUntilWritten(message: ChannelMessage, settlements: Parameters<typeof settle>[2]): Promise<void> {
    do {
      try {
        await settle({ records, changes, log }, message, settlements, now())
        return
      } catch (error) {
        log.error(
          { err: error, channelId: message.channelId },
          'Outcome of a notice could not be written; trying again',
        )
        await pause(RETRY_AFTER_MISTAKE_MS)
      }
    } while (!abandon.signal.aborted)
  }

  function sleepUntil(at: number | null): void {
    clearTimeout(timer)
    if (!running || at === null) return
    timer = setTimeout(wake, Math.min(Math.max(at - now(), 0), LONGEST_SLEEP_MS))
  }

  /** Ends early when the notifier is stopped. */
  function pause(waitMs: number): Promise<void> {
    return new Promise(resolve => {
      const done = () => {
        clearTimeout(waiting)
        abandon.signal.removeEventListener('abort', done)
        resolve()
      }
      const waiting = setTimeout(done, waitMs)
      abandon.signal.addEventListener('abort', done)
      if (abandon.signal.aborted) done()
    })
  }

  return {
    start() {
      running = true
      wake()
    },
    wake,
    async stop() {
      running = false
      clearTimeout(timer)
      await passing
      const grace = setTimeout(() => abandon.abort(new Error('the collector stops')), STOP_GRACE_MS)
      await Promise.all(sending.keys())
      clearTimeout(grace)
      abandon.abort(new Error('the collector stops'))
    },
  }
}
