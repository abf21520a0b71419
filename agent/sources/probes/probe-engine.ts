// All probing of an agent, in its small process: when whom is asked, and what of it is told.

import { PROBE_METRICS, type ProbeFailure } from '../../../protocol/probe-words.ts'
import type { ProbeTarget } from '../../../protocol/probes.ts'
import type { Clock } from '../../platform/clock.ts'
import { reasonOf } from '../../platform/logger.ts'
import type { Gauge } from '../source.ts'
import { checkOf } from './checks/check.ts'
import { nextQuestionAt } from './debounce.ts'
import type { Pinger } from './icmp/pinger.ts'
import { createOwnSight } from './own-sight.ts'
import { createProbe, type Outcome, type Probe, type TellFact } from './probe.ts'
import type { OwnNetwork } from './self-check.ts'

export type Told = { gauges: Gauge[]; facts: TellFact[]; problem: string | null; hasMore: boolean }

export type ProbeEngine = {
  setTargets(targets: readonly ProbeTarget[]): void
  /** `news`: what changed; `all`: also each state as it stands. */
  take(what: 'news' | 'all'): Told
  stop(): void
}

type Slot = { probe: Probe; key: string; dueMs: number; phaseMs: number; isAsked: boolean }

/**
 * So many answers fit into the socket of fping at once (212,992 bytes by default, 768 of them for each), and so many packets
 * go out in one breath: 24 kB, 2 ms of 100 Mbit/s.
 */
const SWEEP_ADDRESSES = 250
const LOOK_EVERY_MS = 30_000
const LOOK_WHILE_BLIND_EVERY_MS = 2_000
/** So much is told at a time; the rest a second later. */
const MOST_GAUGES = 3_000

export function createProbeEngine(deps: {
  clock: Clock
  pinger: Pinger | undefined
  readOwnNetwork: () => Promise<OwnNetwork>
  /** Called when there is something that should not wait for the next tick. */
  onNews: () => void
}): ProbeEngine {
  const { clock, pinger } = deps
  const ending = new AbortController()
  const { signal } = ending
  let slots = new Map<string, Slot>()
  let asksBy = new Set<string>()
  let timer: NodeJS.Timeout | undefined
  let problem: string | null = null
  let toldBlind: boolean | undefined
  let lookDueMs = 0
  let hasLooked = false
  let toldIcmp: string | undefined
  const waiting: Gauge[] = []
  const facts: TellFact[] = []

  const addressOf = ({ probe: { target } }: Slot): string | undefined =>
    target.check.kind === 'icmp' ? target.check.address : undefined
  const sight = createOwnSight({
    ...{ clock, pinger, signal, read: deps.readOwnNetwork },
    isWatched: address => asksBy.has(address),
    witnesses: () =>
      [...slots.values()]
        .filter(({ probe }) => !probe.isHere && probe.standing().state === 'up' && probe.standing().doubt === null)
        .flatMap(slot => addressOf(slot) ?? []),
  })

  /** What probes have to say goes out; a change of sight at once. */
  const gather = (chosen: Iterable<Slot>): void => {
    let isUrgent = false
    for (const { probe } of chosen) {
      const news = probe.news()
      waiting.push(...news.gauges)
      facts.push(...news.facts)
      isUrgent ||= news.gauges.some(({ metric }) => metric === PROBE_METRICS.up)
    }
    if (toldBlind !== sight.isBlind()) {
      toldBlind = sight.isBlind()
      if (toldBlind) lookDueMs = Math.min(lookDueMs, clock.monotonicMs() + LOOK_WHILE_BLIND_EVERY_MS)
      if (toldBlind) for (const { probe } of slots.values()) if (!probe.isHere) probe.blind()
      isUrgent = true
    }
    if (isUrgent || waiting.length > MOST_GAUGES) deps.onNews()
  }

  const planNext = (slot: Slot, askedMs: number): void => {
    const { target } = slot.probe
    const standing = slot.probe.standing()
    if (standing.doubt !== null) slot.dueMs = nextQuestionAt(standing, askedMs, target)
    else {
      // Back into step with the others of its sweep.
      const steps = Math.ceil((askedMs + target.everyMs / 10 - slot.phaseMs) / target.everyMs)
      slot.dueMs = slot.phaseMs + steps * target.everyMs
    }
  }

  /** Parents are asked at once, so that the root of the trouble is known with the trouble. */
  const hurryParents = (probe: Probe): void => {
    for (const other of slots.values())
      if (probe.target.parents.includes(other.probe.target.subject))
        other.dueMs = Math.min(other.dueMs, clock.monotonicMs())
  }

  const settle = async (slot: Slot, outcome: Outcome, askedMs: number): Promise<void> => {
    const { probe } = slot
    const { target } = probe
    const { askedAt, failure } = outcome
    if (failure === null) {
      if (!probe.isHere) sight.heard(askedAt)
      probe.apply(outcome)
    } else if (probe.isHere) probe.apply(outcome)
    else {
      const { doubt, state } = probe.standing()
      const since = doubt?.towards === 'down' ? doubt.since : askedAt
      const count = doubt?.towards === 'down' ? doubt.count : 0
      const isLast = state !== 'down' && count + 1 >= target.failures
      const blame = await sight.mayBlame({ askedAt, since, isLast })
      if (blame !== 'yes') probe.void()
      else {
        probe.apply(outcome)
        if (count === 0 && state === 'up') hurryParents(probe)
      }
    }
    slot.isAsked = false
    planNext(slot, askedMs)
  }

  const sweep = async (asked: Slot[]): Promise<void> => {
    const check = asked[0]?.probe.target.check
    const timeoutMs = asked[0]?.probe.target.timeoutMs
    if (pinger === undefined || check?.kind !== 'icmp' || timeoutMs === undefined) return
    const { packets, packetGapMs } = check
    const addresses = [...new Set(asked.flatMap(slot => addressOf(slot) ?? []))]
    const askedMs = clock.monotonicMs()
    const startedAt = clock.nowMs()
    const moments = new Map(
      addresses.map((address, index) => [address, startedAt + Math.floor(index * pinger.spacingMs)]),
    )
    for (const { probe } of asked) probe.ask(startedAt)
    const answers = await pinger.sweep(addresses, { packets, packetGapMs, timeoutMs }, signal).catch(error => {
      problem = reasonOf(error)
      return undefined
    })
    if (answers !== undefined) problem = null
    const heard = (slot: Slot) => answers?.get(addressOf(slot) ?? '')
    const isSilent = (slot: Slot): boolean => heard(slot)?.packets.every(one => one === null) ?? true
    // Who answered first: that says that it is not our own network by which others are silent.
    for (const slot of [...asked].sort((one, other) => Number(isSilent(one)) - Number(isSilent(other)))) {
      const answer = heard(slot)
      if (answer === undefined) {
        slot.probe.void()
        slot.isAsked = false
        planNext(slot, askedMs)
        continue
      }
      const failure: ProbeFailure | null = isSilent(slot) ? (answer.noRoute ? 'no-route' : 'no-answer') : null
      const askedAt = moments.get(addressOf(slot) ?? '') ?? startedAt
      await settle(slot, { askedAt, failure, packets: answer.packets }, askedMs)
    }
  }

  const checkOne = async (slot: Slot): Promise<void> => {
    const { check, timeoutMs } = slot.probe.target
    if (check.kind === 'icmp') return
    const askedMs = clock.monotonicMs()
    const askedAt = clock.nowMs()
    slot.probe.ask(askedAt)
    const late = AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)])
    const found = await checkOf(check)(late, clock.monotonicMs)
    await settle(slot, { askedAt, failure: found.failure, found }, askedMs)
  }

  const ask = async (): Promise<void> => {
    const now = clock.monotonicMs()
    if (now >= lookDueMs) {
      lookDueMs = now + (sight.isBlind() ? LOOK_WHILE_BLIND_EVERY_MS : LOOK_EVERY_MS)
      const looking = sight.look().then(() => gather([]))
      // Nobody is asked before it is known whether we can hear.
      if (!hasLooked) await looking
      hasLooked = true
    }
    const sweeps = new Map<string, Slot[]>()
    for (const slot of slots.values()) {
      if (slot.isAsked || slot.dueMs > now + 20) continue
      const { check, timeoutMs } = slot.probe.target
      if (check.kind === 'icmp' && (pinger === undefined || !asksBy.has(check.address))) continue
      slot.isAsked = true
      if (check.kind !== 'icmp') void checkOne(slot).then(() => after([slot]), onFault)
      else {
        const key = `${check.packets} ${check.packetGapMs} ${timeoutMs}`
        sweeps.set(key, [...(sweeps.get(key) ?? []), slot])
      }
    }
    for (const asked of sweeps.values())
      for (let from = 0; from < asked.length; from += SWEEP_ADDRESSES) {
        const part = asked.slice(from, from + SWEEP_ADDRESSES)
        void sweep(part).then(() => after(part), onFault)
      }
  }
  const after = (chosen: Slot[]): void => {
    if (signal.aborted) return
    gather(chosen)
    plan()
  }
  const onFault = (error: unknown): void => {
    if (!signal.aborted) problem = reasonOf(error)
  }
  const plan = (): void => {
    clearTimeout(timer)
    if (signal.aborted || slots.size === 0) return
    let dueMs = lookDueMs
    for (const slot of slots.values()) if (!slot.isAsked && slot.dueMs < dueMs) dueMs = slot.dueMs
    // Never at once again and again: what can't be asked stays due.
    const waitMs = Math.max(dueMs - clock.monotonicMs(), 10)
    timer = setTimeout(() => void ask().catch(onFault).finally(plan), waitMs)
  }

  return {
    setTargets(targets) {
      const now = clock.monotonicMs()
      const before = slots
      slots = new Map()
      asksBy = new Set()
      const rhythms = new Map<string, number>()
      targets.forEach((target, index) => {
        const { check, everyMs } = target
        if (check.kind === 'icmp' && asksBy.size < (pinger?.mostAddresses ?? 0)) asksBy.add(check.address)
        const key = JSON.stringify(target)
        // Sweeps go out one after another, single checks each at a moment of its own.
        const rhythm = `${check.kind} ${everyMs}`
        const place = rhythms.get(rhythm) ?? 0
        rhythms.set(rhythm, place + 1)
        const sweeps = Math.ceil(targets.length / SWEEP_ADDRESSES)
        const share = check.kind === 'icmp' ? Math.floor(place / SWEEP_ADDRESSES) / sweeps : index / targets.length
        const kept = before.get(target.id)
        const phaseMs = Math.floor(now / everyMs) * everyMs + share * Math.min(everyMs, 30_000)
        const fresh = {
          probe: createProbe(target, clock.nowMs()),
          key,
          isAsked: false,
          phaseMs,
          dueMs: now + share * everyMs,
        }
        slots.set(target.id, kept?.key === key ? kept : fresh)
      })
      plan()
    },
    take(what) {
      const nowMs = clock.nowMs()
      const blind = sight.isBlind()
      const gauges = waiting.splice(0, MOST_GAUGES)
      if (hasLooked) gauges.push({ metric: PROBE_METRICS.selfOk, value: blind ? 0 : 1 })
      const told = facts.splice(0)
      const icmp = problem ?? pinger?.description ?? 'not-offered: this machine has neither fping nor ping'
      if (icmp !== toldIcmp) told.push({ name: 'probe.icmp', value: icmp })
      toldIcmp = icmp
      if (what === 'all') {
        for (const { probe } of slots.values()) {
          const state = probe.tellState(nowMs)
          if (state !== undefined) gauges.push(state)
        }
      }
      return { gauges, facts: told, problem, hasMore: waiting.length > 0 }
    },
    stop() {
      ending.abort()
      clearTimeout(timer)
    },
  }
}
