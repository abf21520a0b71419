// Which rules does this touch; and a tick for "nothing came". What changes goes to settle.ts.
import type { Availability } from '../availability/availability.ts'
import { availabilityOf, readIntervals, upUntil } from '../availability/history.ts'
import type { BoardSubject, StateBoard } from '../availability/state-board.ts'
import { COLLECTOR_PATIENCE_MS, evidenceLastsMs } from '../availability/subject-state.ts'
import { applySignal } from '../incidents/apply.ts'
import { resolveIncidentsOfRemoved } from '../incidents/resolve-removed.ts'
import type { Hearing, Roster } from '../inventory/roster.ts'
import type { Logger } from '../platform/logs.ts'
import type { ChangeFeed } from '../stores/change-feed.ts'
import type { CurrentValues } from '../stores/current-values.ts'
import type { Records } from '../stores/records/records.ts'
import { createApplicableRules } from './applicable-rules.ts'
import { type ChangedVerdict, ofOtherKinds } from './judged.ts'
import { type MeasuredSubject, measureBackups } from './measure-backups.ts'
import { measureProbed } from './measure-probed.ts'
import type { Measurement } from './measures/measure.ts'
import { type Rule, requireParameter } from './pack.ts'
import { type ChangedSubject, createSettle, type JudgedSubject } from './settle.ts'
import { signalFor } from './signal-of.ts'
import type { Standings } from './standings.ts'
import { createTurns } from './turns.ts'
import { decide, type Limits, limitsOf } from './verdict.ts'
import { quietIntervalsOf, type Watched, watchedOf } from './watched-server.ts'

export type Evaluator = {
  /** Judges one device or link by what its probes told. */
  evaluateState(subjectId: string, at: number): Promise<void>
  /** Judges servers by the samples they have; called for each group of batches. Rejects when one could not be judged. */
  evaluateSamples(serverIds: readonly string[], at: number): Promise<void>
  /** What came is heard only now, so silence until now proves nothing: called while the journal is caught up with. */
  hearsLate(at: number): void
  /** Judges silence of every server; called each second. */
  tick(at: number): Promise<void>
  /** Judges windows of time, and raises again what a person closed although it is still broken; called each minute. */
  evaluateWindows(at: number): Promise<void>
}

type Cadence = 'samples' | 'window'

type Judged = ChangedSubject & {
  /** Until when time alone can't change what its samples say. */
  restsUntil: number
}

/** So many servers may change in one slice of judging: writing takes longer. */
const CHANGED_TOGETHER = 16

export function createEvaluator(deps: {
  records: Records
  changes: ChangeFeed
  roster: Roster
  current: CurrentValues
  standings: Standings
  board: StateBoard
  /** IANA name: days and months are those of the city. */
  timeZone: string
  rules: readonly Rule[]
  /** When the collector began to listen, UTC ms. */
  listeningSince: number
  log: Logger
}): Evaluator {
  const { records, roster, current, standings, board } = deps
  const { inTurn, inSlices } = createTurns()
  const settle = createSettle(deps)
  const quietIntervals = quietIntervalsOf(deps.rules)
  const applicable = createApplicableRules(deps.rules)
  let listeningSince = deps.listeningSince
  let tickedAt = deps.listeningSince
  /** Until when time alone can't change what the samples of a server say: no tick need look at it before. */
  const restsUntil = new Map<string, number>()
  let datasetIds: ReadonlySet<string> = new Set()

  async function judge(server: Watched, cadence: Cadence, at: number): Promise<Judged> {
    const verdicts: ChangedVerdict[] = []
    let holds = false
    const { id, hearing } = server
    const subject = {
      ...{ id, intervalMs: hearing.intervalMs, enrolledAt: hearing.since },
      ...{ lastSampleAt: hearing.lastHeardAt, listenedUntil: hearing.listenedUntil },
    }
    const newest = (metric: string) => current.of(id, metric)
    const silenceCountsFrom = listeningSince + evidenceLastsMs(hearing.intervalMs)
    for (const { rule, measure, limits, parameter } of applicable(cadence, server.kind)) {
      const measurements = measure.evaluate({
        ...{ at, subject, current: newest, silenceCountsFrom, parameter },
        availability: cadence === 'window' ? await readAvailability(rule, server, at) : null,
        knownParts: standings.partsOf(rule.id, id),
      })
      for (const measurement of measurements) {
        holds = consider(rule, limits, id, measurement, verdicts, at) || holds
      }
    }
    return { subject: server, verdicts, restsUntil: holds ? at : quietUntil(server.hearing, at) }
  }

  /** Without a change of verdict only what is in memory moves on. Answers whether a limit is being crossed. */
  function consider(
    rule: Rule,
    limits: Limits,
    subjectId: string,
    measurement: Measurement,
    verdicts: ChangedVerdict[],
    at: number,
  ): boolean {
    const before = standings.get(rule.id, subjectId, measurement.part) ?? null
    // What is no number is no evidence.
    const value = Number.isFinite(measurement.value) ? measurement.value : null
    const after = {
      ...decide(before, value, limits, at),
      ...{ ruleId: rule.id, subjectId, part: measurement.part, value, evidenceId: before?.evidenceId ?? null },
    }
    if (before?.verdict === after.verdict) standings.put(after)
    else verdicts.push({ rule, limits, measurement, before, after })
    return after.badSince.atRisk !== null || after.badSince.unmet !== null
  }

  /** What was measured of one subject at once. */
  async function judgeMeasured({ subject, measured }: MeasuredSubject, at: number): Promise<void> {
    const verdicts: ChangedVerdict[] = []
    for (const { rule, limits, measurement } of measured) consider(rule, limits, subject.id, measurement, verdicts, at)
    if (verdicts.length > 0) tellFailed(await settle([{ subject, verdicts }], at))
  }

  /** Devices and links that probes decide on. */
  async function judgeProbed(subject: BoardSubject, cadence: 'state' | 'window', at: number): Promise<void> {
    await judgeMeasured(
      { subject, measured: await measureProbed({ ...deps, listeningSince }, subject, cadence, at) },
      at,
    )
  }

  function judgeAllProbed(cadence: 'state' | 'window', at: number): Promise<void> {
    return inSlices(board.subjects(), async next => {
      for (let subject = next(); subject !== undefined; subject = next()) {
        // Most servers are never probed.
        if (board.standing(subject.id, at) === null) continue
        await judgeProbed(subject, cadence, at).catch(error => tellFailed([{ subject, error }]))
      }
    })
  }

  /** Data sets, by what was told of their copies. */
  async function judgeBackups(at: number): Promise<void> {
    const measured = await measureBackups(deps, at)
    datasetIds = new Set(measured.map(({ subject }) => subject.id))
    await inSlices(measured, async next => {
      for (let one = next(); one !== undefined; one = next()) await judgeMeasured(one, at)
    })
  }

  /** A server that spoke is not silent before its next word is due. */
  function quietUntil({ lastHeardAt, intervalMs }: Hearing, at: number): number {
    if (lastHeardAt === null) return at
    const dueAt = lastHeardAt + intervalMs * quietIntervals
    const silenceCountsFrom = listeningSince + evidenceLastsMs(intervalMs)
    return at < silenceCountsFrom ? Math.min(dueAt, silenceCountsFrom) : dueAt
  }

  async function readAvailability(rule: Rule, server: Watched, at: number): Promise<Availability> {
    const windowMs = requireParameter(rule, 'windowDays') * 86_400_000
    const window = { from: Math.max(server.createdAt, at - windowMs), to: at }
    const recorded = await readIntervals(records, server.id, window, server.poll?.pollerId)
    return availabilityOf(upUntil(recorded, at, evidenceLastsMs(server.hearing.intervalMs)), window)
  }

  /** All that are watched, or those of which time alone may have changed what their samples say. */
  function watched(dueAt = Number.POSITIVE_INFINITY): Watched[] {
    const found: Watched[] = []
    for (const server of roster.all()) {
      if ((restsUntil.get(server.id) ?? 0) > dueAt) continue
      const one = watchedOf(server)
      if (one !== null) found.push(one)
    }
    return found
  }

  /** A server whose judgement fails must not keep the others from being judged. Answers the failures. */
  async function judgeAll(servers: readonly Watched[], cadence: Cadence, at: number): Promise<unknown[]> {
    const failed: { subject: JudgedSubject; error: unknown }[] = []
    await inSlices(servers, async next => {
      const judged: Judged[] = []
      let changed = 0
      for (let server = next(); server !== undefined; server = changed < CHANGED_TOGETHER ? next() : undefined) {
        try {
          const one = await judge(server, cadence, at)
          judged.push(one)
          if (one.verdicts.length > 0) changed += 1
        } catch (error) {
          failed.push({ subject: server, error })
        }
      }
      const refused = await settle(
        judged.filter(({ verdicts }) => verdicts.length > 0),
        at,
      )
      failed.push(...refused)
      const unwritten = new Set(refused.map(({ subject }) => subject.id))
      for (const one of judged) {
        if (cadence === 'samples' && !unwritten.has(one.subject.id)) restsUntil.set(one.subject.id, one.restsUntil)
      }
    })
    tellFailed(failed)
    return failed.map(({ error }) => error)
  }

  function tellFailed(failed: readonly { subject: JudgedSubject; error: unknown }[]): void {
    for (const { subject, error } of failed) {
      deps.log.error({ server: subject.slug, err: error }, 'A server could not be judged')
    }
  }

  function raiseAgain(at: number): Promise<void> {
    return inSlices(standings.unmet(), async next => {
      for (let standing = next(); standing !== undefined; standing = next()) {
        const { ruleId, subjectId } = standing
        const rule = deps.rules.find(({ id }) => id === ruleId)
        const limits = rule === undefined ? 'gone' : limitsOf(rule)
        if (rule === undefined || typeof limits === 'string' || !isKept(subjectId)) continue
        const signal = signalFor(board, rule, limits, standing, at)
        if (signal === null) continue
        const id = await records.transaction().execute(tx => applySignal(tx, signal, at))
        if (id !== null) deps.changes.append({ kind: 'incident', id, subjectId })
      }
    })
  }

  /** A device turned out to be of another kind: rules for what it was do not apply, and what they raised is over. */
  function letGoOfOtherKinds(at: number): Promise<void> {
    return inSlices(watched(), async next => {
      for (let server = next(); server !== undefined; server = next()) {
        const verdicts = ofOtherKinds(deps.rules, standings.ofSubject(server.id), server.kind, at)
        if (verdicts.length > 0) tellFailed(await settle([{ subject: server, verdicts }], at))
      }
    })
  }

  function isKept(id: string): boolean {
    return roster.get(id) !== undefined || datasetIds.has(id) || board.subjects().some(subject => subject.id === id)
  }

  /** A server that was taken off the wall leaves no incident behind and stands nowhere; its evidence stays. */
  async function letGoOfRemoved(at: number): Promise<void> {
    const removed = standings.subjects().filter(id => !isKept(id))
    const resolved = await records.transaction().execute(async tx => {
      for (const id of removed) await tx.deleteFrom('verdict').where('subject_id', '=', id).execute()
      return await resolveIncidentsOfRemoved(tx, at)
    })
    for (const id of removed) {
      standings.forget(id)
      restsUntil.delete(id)
    }
    for (const incident of resolved) {
      deps.changes.append({ kind: 'incident', id: incident.id, subjectId: incident.subjectId })
    }
  }

  /** After a pause the collector was as deaf as after a start: what came meanwhile still waits outside. */
  function noteTick(at: number): void {
    const pauseMs = at - tickedAt
    tickedAt = at
    if (pauseMs <= COLLECTOR_PATIENCE_MS) return
    listeningSince = at
    deps.log.warn({ pauseMs }, 'The collector was away; silence is not judged for a while')
  }

  return {
    evaluateState: (subjectId, at) =>
      inTurn(async () => {
        const subject = board.subjects().find(({ id }) => id === subjectId)
        if (subject !== undefined) await judgeProbed(subject, 'state', at)
      }),
    async evaluateSamples(serverIds, at) {
      const servers = serverIds.flatMap(id => watchedOf(roster.get(id)) ?? [])
      const [failure] = await judgeAll(servers, 'samples', at)
      if (failure !== undefined) throw failure
    },
    hearsLate(at) {
      listeningSince = Math.max(listeningSince, at)
    },
    async tick(at) {
      noteTick(at)
      await judgeAll(watched(at), 'samples', at)
      await judgeAllProbed('state', at)
    },
    async evaluateWindows(at) {
      await judgeAll(watched(), 'window', at)
      await judgeAllProbed('window', at)
      await judgeBackups(at)
      await letGoOfOtherKinds(at)
      await inTurn(() => letGoOfRemoved(at))
      await raiseAgain(at)
    },
  }
}
