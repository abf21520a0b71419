// What is measured of devices and links that probes decide on: how they stand, and how they stood over a window.
import type { Availability } from '../availability/availability.ts'
import { readAvailabilityOf } from '../availability/availability-tables.ts'
import { sharedWith } from '../availability/shared-causes.ts'
import type { BoardSubject, StateBoard } from '../availability/state-board.ts'
import { evidenceLastsMs } from '../availability/subject-state.ts'
import type { Roster } from '../inventory/roster.ts'
import type { CurrentValues } from '../stores/current-values.ts'
import type { Records } from '../stores/records/records.ts'
import type { Measurement } from './measures/measure.ts'
import { measureNamed } from './measures/registry.ts'
import { type Rule, requireParameter } from './pack.ts'
import type { Standings } from './standings.ts'
import { type Limits, limitsOf } from './verdict.ts'

/** The rhythm in which agents tell of their probes, for what asks how long silence may be. */
const PROBED_EVERY_MS = 10_000

type Deps = {
  records: Records
  roster: Roster
  current: CurrentValues
  standings: Standings
  board: StateBoard
  timeZone: string
  rules: readonly Rule[]
  /** When the collector began to listen, UTC ms. */
  listeningSince: number
}

/** Each rule that applies to the subject at this cadence, with what was measured for it; none where no probe decides. */
export async function measureProbed(
  deps: Deps,
  subject: BoardSubject,
  cadence: 'state' | 'window',
  at: number,
): Promise<{ rule: Rule; limits: Limits; measurement: Measurement }[]> {
  const { board, standings } = deps
  const standing = board.standing(subject.id, at)
  const rules = deps.rules.filter(
    rule => rule.subject === subject.kind && measureNamed(rule.measure)?.cadence === cadence,
  )
  // A device that an agent speaks for, or that is polled, has its window judged as such.
  const server = deps.roster.get(subject.id)
  const isJudgedAsSuch = cadence === 'window' && server !== undefined && (server.agent ?? server.poll) !== null
  if (standing === null || rules.length === 0 || isJudgedAsSuch) return []
  const cutOff = [...board.topology().cutOffBy(subject.id)]
  const reach = { standing, cutOff, shared: sharedWith(board, subject.id, at) }
  const measured: { rule: Rule; limits: Limits; measurement: Measurement }[] = []
  for (const rule of rules) {
    const limits = limitsOf(rule)
    if (typeof limits === 'string') throw new Error(`rule ${rule.id}: ${limits}`)
    const measurements = measureNamed(rule.measure)?.evaluate({
      ...{ at, reach, current: metric => deps.current.of(subject.id, metric) },
      subject: { id: subject.id, intervalMs: PROBED_EVERY_MS, enrolledAt: subject.createdAt, lastSampleAt: null },
      silenceCountsFrom: deps.listeningSince + evidenceLastsMs(PROBED_EVERY_MS),
      availability: cadence === 'window' ? await readWindow(deps, rule, subject, at) : null,
      parameter: name => requireParameter(rule, name),
      knownParts: standings.partsOf(rule.id, subject.id),
    })
    for (const measurement of measurements ?? []) measured.push({ rule, limits, measurement })
  }
  return measured
}

async function readWindow(deps: Deps, rule: Rule, subject: BoardSubject, at: number): Promise<Availability | null> {
  const windowMs = requireParameter(rule, 'windowDays') * 86_400_000
  const window = { from: Math.max(subject.createdAt, at - windowMs), to: at }
  return await readAvailabilityOf(deps, subject.id, window, at)
}
