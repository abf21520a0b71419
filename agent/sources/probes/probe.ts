import { isIP } from 'node:net'
import { PROBE_METRICS, type ProbeFailure, RTT_STATS } from '../../../protocol/probe-words.ts'
import type { ProbeTarget } from '../../../protocol/probes.ts'
import type { Fact } from '../facts/flatten-facts.ts'
import type { About, Gauge } from '../source.ts'
import type { Found } from './checks/found.ts'
import { blinded, type Debounce, debounce, tellable, UNDECIDED } from './debounce.ts'
import { icmpFigures, type Packets } from './figures.ts'

export type TellFact = Fact & About

/** One question and what came of it; `askedAt` in UTC milliseconds. */
export type Outcome = { askedAt: number; failure: ProbeFailure | null; packets?: Packets; found?: Found }

/** What is known of one target, and what of it must be told. */
export type Probe = {
  target: ProbeTarget
  /** Whether it lies on this machine, whose network says nothing about it. */
  isHere: boolean
  standing(): Debounce
  /** `asked` again before the outcome is there: until then nothing newer than the answer before is known. */
  ask(askedAt: number): void
  /** Nothing could be asked, or nothing may be said of it. */
  void(): void
  apply(outcome: Outcome): void
  /** The agent has no network: what was suspected and counted is dropped. */
  blind(): void
  /** What changed since it was asked last. */
  news(): { gauges: Gauge[]; facts: TellFact[] }
  /** The state as it is still known to be. */
  tellState(nowMs: number): Gauge | undefined
}

export function createProbe(target: ProbeTarget, at: number): Probe {
  const { subject, name, figuresEveryMs } = target
  const about = { subject, labels: { probe: name } }
  let standing = UNDECIDED
  let askedAt: number | undefined
  let packets: (number | null)[] = []
  let figuresDueAt = at + figuresEveryMs - target.everyMs
  let toldFacts = new Map<string, Fact['value']>()
  let gauges: Gauge[] = []
  let facts: TellFact[] = []

  const gauge = (metric: string, value: number, atMs: number, labels?: Record<string, string>): Gauge => ({
    ...{ metric, subject, atMs, value },
    labels: labels === undefined ? about.labels : { probe: name, ...labels },
  })
  const tellFact = (fact: string, value: Fact['value'], atMs: number): void => {
    if (toldFacts.get(fact) === value) return
    toldFacts.set(fact, value)
    facts.push({ name: `probe.${name}.${fact}`, value, subject, atMs })
  }
  const tellPackets = (atMs: number): void => {
    const { sent, received, lossRatio, jitterS, rttS } = icmpFigures(packets)
    packets = []
    gauges.push(
      gauge(PROBE_METRICS.icmpSent, sent, atMs),
      gauge(PROBE_METRICS.icmpReceived, received, atMs),
      gauge(PROBE_METRICS.icmpLossRatio, lossRatio, atMs),
    )
    if (jitterS !== null) gauges.push(gauge(PROBE_METRICS.icmpJitterSeconds, jitterS, atMs))
    if (rttS !== null)
      for (const stat of RTT_STATS) gauges.push(gauge(PROBE_METRICS.icmpRttSeconds, rttS[stat], atMs, { stat }))
  }

  return {
    target,
    isHere: isLoopback(hostOf(target)),
    standing: () => standing,
    ask(now) {
      askedAt = now
    },
    void() {
      askedAt = undefined
    },
    apply(outcome) {
      askedAt = undefined
      const before = standing.state
      standing = debounce(standing, outcome.failure === null ? 'answered' : 'failed', outcome.askedAt, target)
      const { state, since } = standing
      if (state !== null && since !== null && state !== before)
        gauges.push({ ...about, metric: PROBE_METRICS.up, value: state === 'up' ? 1 : 0, atMs: since })
      // One silence is no news yet; what the state rests on is.
      if (standing.doubt === null) tellFact('failure', outcome.failure ?? '', outcome.askedAt)
      packets.push(...(outcome.packets ?? []))
      if (outcome.askedAt < figuresDueAt) return
      figuresDueAt = outcome.askedAt + figuresEveryMs - target.everyMs / 2
      if (outcome.packets !== undefined) tellPackets(outcome.askedAt)
      for (const { metric, value, labels } of outcome.found?.figures ?? [])
        gauges.push(gauge(metric, value, outcome.askedAt, labels))
      for (const fact of outcome.found?.facts ?? []) tellFact(fact.name, fact.value, outcome.askedAt)
    },
    blind() {
      standing = blinded()
      packets = []
      toldFacts = new Map()
    },
    news() {
      const told = { gauges, facts }
      gauges = []
      facts = []
      return told
    },
    tellState(nowMs) {
      const state = tellable(standing)
      if (state === null || standing.since === null) return undefined
      const knownUntil = askedAt === undefined ? nowMs : Math.min(nowMs, askedAt - 1)
      if (knownUntil <= standing.since) return undefined
      return { ...about, metric: PROBE_METRICS.up, value: state === 'up' ? 1 : 0, atMs: knownUntil }
    },
  }
}

function hostOf({ check }: ProbeTarget): string {
  switch (check.kind) {
    case 'icmp':
      return check.address
    case 'http':
      return new URL(check.url).hostname.replace(/^\[|\]$/g, '')
    case 'dns':
      return check.server ?? ''
    default:
      return check.host
  }
}

const isLoopback = (host: string): boolean =>
  host === 'localhost' || host === '::1' || (isIP(host) === 4 && host.startsWith('127.'))
