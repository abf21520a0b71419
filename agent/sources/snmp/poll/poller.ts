import type { Discovery, SnmpTarget } from '../../../../protocol/snmp.ts'
import type { VendorProfile } from '../../../../protocol/vendor-profile.ts'
import type { Clock } from '../../../platform/clock.ts'
import type { Log } from '../../../platform/logger.ts'
import type { Delta, Gauge } from '../../source.ts'
import type { SnmpProblem } from '../problem.ts'
import type { Datagrams } from '../session/datagrams.ts'
import { createDevicePoll, type DevicePoll } from './device-poll.ts'

export type PollNews = { gauges: Gauge[]; deltas: Delta[]; discoveries: Discovery[] }

export type Poller = {
  /** The whole list; what is as before goes on as before. */
  setTargets(targets: readonly SnmpTarget[]): void
  /** Polls a device as soon as possible; false when it is none of ours. */
  hurry(deviceId: string, how: 'poll' | 'rediscover'): boolean
  /** What was found since the last time. */
  take(): PollNews
  /** Whether something came, went or changed its state since the last `take`. */
  hasChanged(): boolean
  /** How many devices it has, and how long the one that waited longest for its turn waited since it was last asked. */
  state(): Gauge[]
  stop(): void
}

type Slot = {
  target: SnmpTarget
  text: string
  poll: DevicePoll
  timer: NodeJS.Timeout | undefined
  isRunning: boolean
  isGone: boolean
  wantsMore: boolean
  dueMs: number
  lastStartMs: number
  problem: SnmpProblem | undefined
  isSlow: boolean
}

/** Devices that are asked at the same time, so that the dead do not hold up the living. */
const AT_A_TIME = 200
/** Starts of rounds are this far apart at least: a burst of thousands of questions overflows the buffers of sockets. */
const BETWEEN_STARTS_MS = 4
/** A device that sends a thousand traps a second is polled once in this time. */
const BETWEEN_HURRIED_MS = 2_000
const SLOW_SHARE = 0.5
/** All that a device says of itself stands in memory while it is looked through. */
const DISCOVERIES_AT_A_TIME = 32

/** Lets so many through at once; the others wait in the order in which they came. */
function createGate(most: number): <T>(step: () => Promise<T>) => Promise<T> {
  const waiting: (() => void)[] = []
  let inside = 0
  return async step => {
    if (inside >= most) await new Promise<void>(resolve => waiting.push(resolve))
    else inside += 1
    try {
      return await step()
    } finally {
      const next = waiting.shift()
      if (next === undefined) inside -= 1
      else next()
    }
  }
}

export function createPoller(deps: {
  datagrams: Datagrams
  profiles: readonly VendorProfile[]
  clock: Clock
  log: Log
}): Poller {
  const { clock, log } = deps
  const slots = new Map<string, Slot>()
  const queue: Slot[] = []
  let running = 0
  let lastStartMs = Number.NEGATIVE_INFINITY
  let pump: NodeJS.Timeout | undefined
  let news: PollNews = { gauges: [], deltas: [], discoveries: [] }
  let changed = false
  let longestWaitMs = 0
  let isStopped = false

  const discoverInTurn = createGate(DISCOVERIES_AT_A_TIME)
  const tell = ({ target }: Slot, fields: object): object => ({
    device: target.deviceId,
    address: target.address,
    ...fields,
  })

  const run = async (slot: Slot): Promise<void> => {
    slot.lastStartMs = clock.monotonicMs()
    const { gauges, deltas, discovery, problem, durationMs, hasChanged } = await slot.poll.round()
    if (slot.isGone || isStopped) return
    for (const gauge of gauges) news.gauges.push(gauge)
    for (const delta of deltas) news.deltas.push(delta)
    if (discovery !== undefined) news.discoveries.push(discovery)
    changed ||= hasChanged
    if (problem !== slot.problem) {
      if (problem === undefined) log.info(tell(slot, {}), 'device answers again')
      else log.warn(tell(slot, { problem }), 'device can not be read')
    }
    const isSlow = problem === undefined && discovery === undefined && durationMs > slot.target.intervalMs * SLOW_SHARE
    if (isSlow && !slot.isSlow) log.warn(tell(slot, { durationMs: Math.round(durationMs) }), 'device is slow')
    slot.problem = problem
    slot.isSlow = isSlow
  }

  /** Starts what waits, one after another with a moment between, up to so many at a time. */
  const start = (): void => {
    pump = undefined
    const slot = running < AT_A_TIME && !isStopped ? queue.shift() : undefined
    if (slot === undefined) return
    lastStartMs = clock.monotonicMs()
    longestWaitMs = Math.max(longestWaitMs, lastStartMs - slot.dueMs)
    running += 1
    void run(slot).finally(() => {
      running -= 1
      slot.isRunning = false
      if (slot.isGone) slot.poll.close()
      else if (slot.wantsMore) hurrySlot(slot)
      wake()
    })
    wake()
  }
  const wake = (): void => {
    if (pump !== undefined || queue.length === 0 || running >= AT_A_TIME || isStopped) return
    pump = setTimeout(start, Math.max(0, lastStartMs + BETWEEN_STARTS_MS - clock.monotonicMs()))
  }
  const enqueue = (slot: Slot): void => {
    if (slot.isRunning || slot.isGone) return
    slot.isRunning = true
    slot.wantsMore = false
    slot.dueMs = clock.monotonicMs()
    queue.push(slot)
    wake()
  }
  const hurrySlot = (slot: Slot): void => {
    slot.wantsMore = true
    const waitMs = Math.max(0, slot.lastStartMs + BETWEEN_HURRIED_MS - clock.monotonicMs())
    setTimeout(() => enqueue(slot), waitMs).unref()
  }

  /** Rounds stay on the device's own grid, however long one takes. */
  const keepRhythm = (slot: Slot, firstAfterMs: number): void => {
    const firstMs = clock.monotonicMs() + firstAfterMs
    let round = 0
    const next = (): void => {
      enqueue(slot)
      const { intervalMs } = slot.target
      round = Math.max(round + 1, Math.ceil((clock.monotonicMs() - firstMs + 1) / intervalMs))
      slot.timer = setTimeout(next, firstMs + round * intervalMs - clock.monotonicMs())
      slot.timer.unref()
    }
    slot.timer = setTimeout(next, firstAfterMs)
    slot.timer.unref()
  }

  const remove = (slot: Slot): void => {
    slot.isGone = true
    clearTimeout(slot.timer)
    slots.delete(slot.target.deviceId)
    if (!slot.isRunning) slot.poll.close()
  }

  return {
    setTargets(targets) {
      const wanted = new Map(targets.map(target => [target.deviceId, { target, text: JSON.stringify(target) }]))
      for (const slot of [...slots.values()]) if (wanted.get(slot.target.deviceId)?.text !== slot.text) remove(slot)
      const fresh = [...wanted.values()].filter(({ target }) => !slots.has(target.deviceId))
      fresh.forEach(({ target, text }, index) => {
        const slot: Slot = {
          ...{ target, text, poll: createDevicePoll({ ...deps, target, discoverInTurn }), timer: undefined },
          ...{ isRunning: false, isGone: false, wantsMore: false, dueMs: 0, lastStartMs: Number.NEGATIVE_INFINITY },
          ...{ problem: undefined, isSlow: false },
        }
        slots.set(target.deviceId, slot)
        // A few begin at once; many are spread over their interval.
        const apartMs = Math.min(50, target.intervalMs / fresh.length)
        keepRhythm(slot, index * apartMs)
      })
    },
    hurry(deviceId, how) {
      const slot = slots.get(deviceId)
      if (slot === undefined) return false
      if (how === 'rediscover') slot.poll.rediscover()
      hurrySlot(slot)
      return true
    },
    take() {
      const taken = news
      news = { gauges: [], deltas: [], discoveries: [] }
      changed = false
      return taken
    },
    hasChanged: () => changed || news.discoveries.length > 0,
    state() {
      if (slots.size === 0) return []
      const waited = [...queue.map(({ dueMs }) => clock.monotonicMs() - dueMs), longestWaitMs]
      longestWaitMs = 0
      return [
        { metric: 'pantau_agent_poller_devices', value: slots.size },
        { metric: 'pantau_agent_poller_late_seconds', value: Math.round(Math.max(...waited)) / 1_000 },
      ]
    },
    stop() {
      isStopped = true
      clearTimeout(pump)
      queue.length = 0
      for (const slot of [...slots.values()]) remove(slot)
    },
  }
}
