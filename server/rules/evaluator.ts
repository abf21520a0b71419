// Which rules does this touch; and a tick for "nothing came". One transaction a subject: verdicts, evidence, incidents,
// outbox and audit stand or fall together.
import type { Availability } from '../availability/availability.ts'
import { availabilityOf, readIntervals, upUntil } from '../availability/history.ts'
import type { BoardSubject, StateBoard } from '../availability/state-board.ts'
import { COLLECTOR_PATIENCE_MS, evidenceLastsMs } from '../availability/subject-state.ts'
import { applySignal } from '../incidents/apply.ts'
import { resolveIncidentsOfRemoved } from '../incidents/resolve-removed.ts'
import { type Hearing, hearingOf, type Roster, type Server } from '../inventory/roster.ts'
import type { Logger } from '../platform/logs.ts'
import type { ChangeFeed } from '../stores/change-feed.ts'
import type { CurrentValues } from '../stores/current-values.ts'
import type { Records, RecordsTransaction } from '../stores/records/records.ts'
import { appendEvidence } from './evidence.ts'
import { type Judged, ofOtherKinds } from './judged.ts'
import { recordLateTruth } from './late-truth.ts'
import { measureProbed } from './measure-probed.ts'
import type { Measurement } from './measures/measure.ts'
import { MEASURES } from './measures/registry.ts'
import { type Rule, requireParameter } from './pack.ts'
import { signalFor } from './signal-of.ts'
import type { Standings } from './standings.ts'
import { decide, type Limits, limitsOf } from './verdict.ts'

export type Evaluator = {
  /** Judges one device or link by what its probes told. */
  evaluateState(subjectId: string, at: number): Promise<void>
  /** Judges one server by the samples it has; called for each batch. */
  evaluateSamples(serverId: string, at: number): Promise<void>
  /** Judges silence of every server; called each second. */
  tick(at: number): Promise<void>
  /** Judges windows of time, and raises again what a person closed although it is still broken; called each minute. */
  evaluateWindows(at: number): Promise<void>
}

type Watched = Server & { hearing: Hearing }
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
  let queue: Promise<void> = Promise.resolve()
  let listeningSince = deps.listeningSince
  let tickedAt = deps.listeningSince

  /** One judgement at a time: a tick and a batch must not decide on the same standing at once. */
  function inTurn(work: () => Promise<void>): Promise<void> {
    const turn = queue.then(work)
    queue = turn.catch(() => {})
    return turn
  }

  async function judge(server: Watched, cadence: 'samples' | 'window', at: number) {
    const judged: Judged[] = []
    for (const rule of deps.rules) {
      const measure = MEASURES[rule.measure]
      if (measure === undefined || measure.cadence !== cadence || rule.subject !== server.kind) continue
      const limits = limitsOf(rule)
      if (typeof limits === 'string') throw new Error(`rule ${rule.id}: ${limits}`)
      const measurements = measure.evaluate({
        at,
        subject: {
          id: server.id,
          intervalMs: server.hearing.intervalMs,
          enrolledAt: server.hearing.since,
          lastSampleAt: server.hearing.lastHeardAt,
          listenedUntil: server.hearing.listenedUntil,
        },
        current: metric => current.of(server.id, metric),
        silenceCountsFrom: listeningSince + evidenceLastsMs(server.hearing.intervalMs),
        availability: cadence === 'window' ? await readAvailability(rule, server, at) : null,
        parameter: name => requireParameter(rule, name),
        knownParts: standings.partsOf(rule.id, server.id),
      })
      for (const measurement of measurements) consider(rule, limits, server.id, measurement, judged, at)
    }
    if (judged.length > 0) await settle(server, judged, at)
  }

  /** Without a change of verdict only what is in memory moves on. */
  function consider(
    rule: Rule,
    limits: Limits,
    subjectId: string,
    measurement: Measurement,
    judged: Judged[],
    at: number,
  ): void {
    const before = standings.get(rule.id, subjectId, measurement.part) ?? null
    // What is no number is no evidence.
    const value = Number.isFinite(measurement.value) ? measurement.value : null
    const next = decide(before, value, limits, at)
    const after = {
      ...next,
      ruleId: rule.id,
      subjectId,
      part: measurement.part,
      value,
      evidenceId: before?.evidenceId ?? null,
    }
    if (before?.verdict === after.verdict) standings.put(after)
    else judged.push({ rule, limits, measurement, before, after })
  }

  /** Devices and links that probes decide on. */
  async function judgeProbed(subject: BoardSubject, cadence: 'state' | 'window', at: number): Promise<void> {
    const judged: Judged[] = []
    const measured = await measureProbed({ ...deps, listeningSince }, subject, cadence, at)
    for (const { rule, limits, measurement } of measured) consider(rule, limits, subject.id, measurement, judged, at)
    if (judged.length > 0) await settle(subject, judged, at)
  }

  async function judgeAllProbed(cadence: 'state' | 'window', at: number): Promise<void> {
    for (const subject of board.subjects()) {
      try {
        await judgeProbed(subject, cadence, at)
      } catch (error) {
        deps.log.error({ subject: subject.slug, err: error }, 'A device or link could not be judged')
      }
    }
  }

  async function settle(server: { id: string; slug: string }, judged: readonly Judged[], at: number): Promise<void> {
    const incidents = await records.transaction().execute(async tx => {
      const changed: string[] = []
      for (const one of judged) {
        one.after.evidenceId = await writeVerdict(tx, one, at)
        const signal = signalFor(board, one.rule, one.limits, one.after, at)
        const incidentId = signal === null ? null : await applySignal(tx, signal, at)
        if (incidentId !== null) changed.push(incidentId)
        if (one.rule.measure === 'heartbeat' && one.before?.verdict === 'unmet') {
          await recordLateTruth(tx, { subjectId: server.id, silentSince: one.before.since, until: at, at })
        }
      }
      return changed
    })
    for (const { rule, before, after } of judged) {
      standings.put(after)
      deps.log.info(
        {
          server: server.slug,
          rule: rule.id,
          part: after.part,
          from: before?.verdict ?? null,
          to: after.verdict,
          value: after.value,
        },
        'Verdict changed',
      )
    }
    deps.changes.append({ kind: 'server', id: server.id })
    for (const id of incidents) deps.changes.append({ kind: 'incident', id, subjectId: server.id })
  }

  async function writeVerdict(
    tx: RecordsTransaction,
    { rule, limits, measurement, before, after }: Judged,
    at: number,
  ) {
    const evidenceId = await appendEvidence(tx, {
      at,
      ruleId: rule.id,
      ruleVersion: `${rule.packId}@${rule.packVersion}`,
      subjectId: after.subjectId,
      part: after.part,
      verdict: after.verdict,
      previous: before?.verdict ?? null,
      value: after.value,
      basis: { ...measurement.basis, limits },
    })
    const row = {
      verdict: after.verdict,
      since: after.since,
      value: after.value,
      threshold: limits.unmet,
      evidence_id: evidenceId,
    }
    await tx
      .insertInto('verdict')
      .values({ rule_id: rule.id, subject_id: after.subjectId, part: after.part, ...row })
      .onConflict(conflict => conflict.columns(['rule_id', 'subject_id', 'part']).doUpdateSet(row))
      .execute()
    return evidenceId
  }

  async function readAvailability(rule: Rule, server: Watched, at: number): Promise<Availability> {
    const windowMs = requireParameter(rule, 'windowDays') * 86_400_000
    const window = { from: Math.max(server.createdAt, at - windowMs), to: at }
    const recorded = await readIntervals(records, server.id, window, server.poll?.pollerId)
    return availabilityOf(upUntil(recorded, at, evidenceLastsMs(server.hearing.intervalMs)), window)
  }

  function watched(): Watched[] {
    return roster.all().flatMap(server => watchedOf(server) ?? [])
  }

  /** A server whose judgement fails must not keep the others from being judged. */
  async function judgeAll(cadence: 'samples' | 'window', at: number): Promise<void> {
    for (const server of watched()) {
      try {
        await judge(server, cadence, at)
      } catch (error) {
        deps.log.error({ server: server.slug, err: error }, 'A server could not be judged')
      }
    }
  }

  async function raiseAgain(at: number): Promise<void> {
    for (const standing of standings.unmet()) {
      const rule = deps.rules.find(({ id }) => id === standing.ruleId)
      const limits = rule === undefined ? 'gone' : limitsOf(rule)
      if (rule === undefined || typeof limits === 'string' || !isKept(standing.subjectId)) continue
      const signal = signalFor(board, rule, limits, standing, at)
      if (signal === null) continue
      const id = await records.transaction().execute(tx => applySignal(tx, signal, at))
      if (id !== null) deps.changes.append({ kind: 'incident', id, subjectId: standing.subjectId })
    }
  }

  function isKept(id: string): boolean {
    return roster.get(id) !== undefined || board.subjects().some(subject => subject.id === id)
  }

  /** A device turned out to be of another kind: rules for what it was do not apply, and what they raised is over. */
  async function letGoOfOtherKinds(at: number): Promise<void> {
    for (const server of watched()) {
      const judged = ofOtherKinds(deps.rules, standings.ofSubject(server.id), server.kind, at)
      if (judged.length > 0) await settle(server, judged, at)
    }
  }

  /** A server that was taken off the wall leaves no incident behind and stands nowhere; its evidence stays. */
  async function letGoOfRemoved(at: number): Promise<void> {
    const removed = standings.subjects().filter(id => !isKept(id))
    const resolved = await records.transaction().execute(async tx => {
      for (const id of removed) await tx.deleteFrom('verdict').where('subject_id', '=', id).execute()
      return await resolveIncidentsOfRemoved(tx, at)
    })
    for (const id of removed) standings.forget(id)
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
    evaluateSamples: (serverId, at) =>
      inTurn(async () => {
        const server = roster.get(serverId)
        const one = server === undefined ? null : watchedOf(server)
        if (one !== null) await judge(one, 'samples', at)
      }),
    tick: at =>
      inTurn(() => {
        noteTick(at)
        return judgeAll('samples', at).then(() => judgeAllProbed('state', at))
      }),
    evaluateWindows: at =>
      inTurn(async () => {
        await judgeAll('window', at)
        await judgeAllProbed('window', at)
        await letGoOfOtherKinds(at)
        await letGoOfRemoved(at)
        await raiseAgain(at)
      }),
  }
}

function watchedOf(server: Server): Watched | null {
  const hearing = hearingOf(server)
  return hearing === null ? null : { ...server, hearing }
}
