// What the consumer "state" does with journal entries: who spoke and when, what is true of the machine, and which rules
// that touches. It needs no series store, so verdicts go on while that one is away.
import type { BackupReport } from '../../protocol/backups.ts'
import { PROBE_METRICS } from '../../protocol/probe-words.ts'
import { createPresence, type Heard } from '../availability/presence.ts'
import type { StateBoard } from '../availability/state-board.ts'
import { evidenceLastsMs } from '../availability/subject-state.ts'
import { recordReports } from '../backups/record-reports.ts'
import { type AgentObservation, recordFacts, recordObservations } from '../inventory/observation.ts'
import { recordDiscovery } from '../inventory/record-discovery.ts'
import { recordDeviceEvents, recordPoll } from '../inventory/record-poll.ts'
import type { Roster } from '../inventory/roster.ts'
import type { Evaluator } from '../rules/evaluator.ts'
import { recordClosedSilence } from '../rules/late-truth.ts'
import type { ChangeFeed } from '../stores/change-feed.ts'
import type { CurrentValues } from '../stores/current-values.ts'
import type { Records, RecordsTransaction } from '../stores/records/records.ts'
import { type DecodedBatch, type PackedBatch, skewMsOf, unpackBatch } from './decode-batch.ts'
import { createReadEntry, type DecodeEntry } from './decode-entries.ts'
import type { JournalEntry } from './journal-entry.ts'
import { createLookedAt } from './looked-at.ts'
import { createObserveProbes, type ProbeVotes } from './observe-probes.ts'
import { createPace } from './pace.ts'
import { type Hearing, hearingOfOwn, hearingOfSubjects } from './subjects-heard.ts'
import { createInterfaceWatch } from './watch-interfaces.ts'

export type ObserveBatchesDeps = {
  records: Records
  changes: ChangeFeed
  current: CurrentValues
  roster: Roster
  evaluator: Pick<Evaluator, 'evaluateSamples' | 'evaluateState' | 'hearsLate'>
  board: StateBoard
  subjectOf: (agentId: string) => Promise<string | null>
  decode?: DecodeEntry
  now: () => number
}

/** A batch that waited longer than this in the journal: others wait behind it, and their servers are not silent. */
const HEARD_IN_TIME_MS = 5_000
/**
 * Batches share a transaction, as many as fit into a slice: requests wait meanwhile. What is heard for the first time takes a
 * millisecond, later words a tenth.
 */
const LEAST_TOGETHER = 4
const MOST_TOGETHER = 1_000

type Observed = AgentObservation &
  Pick<DecodedBatch, 'entries' | 'facts' | 'discoveries' | 'events' | 'correctedByMs'> & {
    packed: PackedBatch
    subjects: Hearing[]
    backups: readonly BackupReport[]
  }

/** Idempotent, as a consumer's `handle` must be: everything it writes only ever moves forward or says the same again. */
export function createObserveBatches(deps: ObserveBatchesDeps) {
  const { records, changes, current, roster, decode = createReadEntry() } = deps
  const presence = createPresence()
  const interfaces = createInterfaceWatch()
  const probes = createObserveProbes(deps)
  /** Per agent, whether it had a network itself. */
  const sights = new Map<string, { at: number; ok: boolean }>()
  const lookedAt = createLookedAt()
  const pace = createPace()
  let together = LEAST_TOGETHER

  async function observe(entry: JournalEntry): Promise<Observed | null> {
    const deviceId = await deps.subjectOf(entry.agentId)
    if (deviceId === null) return null
    const { agentId, receivedAt } = entry
    const packed = decode(entry)
    const { agentVersion: version, intervalMs, backups = [] } = packed.rest
    const isOwnOnly = isOfItselfOnly(packed)
    const told = unpackBatch(packed, { subjectId: deviceId, agentId }, isOwnOnly ? lookedAt(packed.shape) : undefined)
    const { correctedByMs, entries } = told
    const isBlind = isBlindNow(agentId, deviceId, entries)
    const of = { ownId: deviceId, receivedAt, correctedByMs, isBlind }
    const subjects = isOwnOnly ? [hearingOfOwn(packed.ats, entries, of)] : hearingOfSubjects(entries, of)
    const newestSampleAt = subjects.find(({ id }) => id === deviceId)?.heard.at(-1) ?? null
    return {
      ...{ agentId, deviceId, version, intervalMs, receivedAt, newestSampleAt, skewMs: skewMsOf(entry) },
      ...{ ...told, packed, subjects, backups },
    }
  }

  /** By the newest word of its self-check, of this batch or an earlier one. */
  function isBlindNow(agentId: string, deviceId: string, entries: DecodedBatch['entries']): boolean {
    const words = entries.filter(({ key }) => key.subjectId === deviceId && key.metric === PROBE_METRICS.selfOk)
    for (const [at, value] of words.flatMap(({ samples }) => samples))
      if (at >= (sights.get(agentId)?.at ?? 0)) sights.set(agentId, { at, ok: value === 1 })
    return sights.get(agentId)?.ok === false
  }

  async function recordTold(tx: RecordsTransaction, one: Observed): Promise<void> {
    await recordFacts(tx, one.facts)
    for (const found of one.discoveries) {
      await recordDiscovery(tx, found)
      interfaces.forget(found.subject)
    }
    await recordDeviceEvents(tx, one.events)
  }

  /** Answers how long the writing kept this thread, in ms. */
  async function take(journalEntries: readonly JournalEntry[]): Promise<number> {
    const observed: Observed[] = []
    for (const entry of journalEntries) {
      const one = await observe(entry)
      if (one !== null) observed.push(one)
    }
    const committed: (() => void)[] = []
    const votes: ProbeVotes[] = []
    const backedUp = new Set<string>()
    let tookMs = 0
    await records.transaction().execute(async tx => {
      const startedMs = performance.now()
      await recordObservations(tx, observed)
      const heard: Heard[] = []
      for (const one of observed) {
        if (one.entries.length > 0) votes.push(...(await probes.record(tx, one)))
        if (saysMore(one)) await recordTold(tx, one)
        if (one.backups.length > 0) for (const id of await recordReports(tx, one.backups, one)) backedUp.add(id)
        for (const { subject } of one.discoveries) committed.push(() => interfaces.forget(subject))
        for (const subject of one.subjects) {
          const patienceMs = patienceOf(one, subject)
          if (patienceMs === null) continue
          const { id, heard: times, polledAt, bootedAt } = subject
          if (polledAt !== null) await recordPoll(tx, { deviceId: id, polledAt, heardAt: times.at(-1) ?? null })
          heard.push({ subjectId: id, times, patienceMs, bootedAt })
          if (subject.entries.length > 0) committed.push((await interfaces.record(tx, id, subject.entries)).kept)
        }
      }
      committed.push(await presence.record(tx, heard, closed => recordClosedSilence(tx, { ...closed, at: deps.now() })))
      // SQLite answers on this thread, so nothing else ran meanwhile.
      tookMs = performance.now() - startedMs
    })
    for (const keep of committed) keep()
    for (const datasetId of backedUp) changes.append({ kind: 'backup', datasetId })
    await remember(observed)
    // All at one moment: then the board draws its picture once.
    const at = deps.now()
    for (const subjectId of probes.committed(votes)) await deps.evaluator.evaluateState(subjectId, at)
    return tookMs
  }

  /** Null for a device that is not watched any more. */
  function patienceOf(one: Observed, { id }: Hearing): number | null {
    if (id === one.deviceId) return evidenceLastsMs(one.intervalMs)
    const poll = roster.get(id)?.poll
    return poll === undefined || poll === null ? null : evidenceLastsMs(poll.intervalMs)
  }

  /** What is in memory follows what was written. */
  async function remember(observed: readonly Observed[]): Promise<void> {
    const touched = new Set<string>()
    const told = new Set<string>()
    for (const one of observed) {
      if (isOfItselfOnly(one.packed)) {
        const { shape, ats, values } = one.packed
        current.putAll(one.deviceId, { series: shape.series, ats, values, latest: one.receivedAt })
      } else rememberSamples(one)
      for (const { id, heard, polledAt } of one.subjects) {
        touched.add(id)
        if (polledAt !== null) roster.polled(id, { polledAt, heardAt: heard.at(-1) ?? null })
      }
      touched.add(one.deviceId)
      if (saysMore(one)) {
        for (const { subject } of [...one.facts, ...one.discoveries, ...one.events]) told.add(subject)
        for (const { subject } of one.discoveries) await roster.refresh(subject)
      }
      rememberAgent(one)
    }
    for (const id of touched) changes.append({ kind: 'samples', serverId: id })
    for (const id of told) changes.append({ kind: 'server', id })
    await deps.evaluator.evaluateSamples([...touched], deps.now())
  }

  function rememberSamples({ entries, deviceId, receivedAt }: Observed): void {
    for (const { key, samples } of entries) {
      // What a person took off the wall may still be spoken of by what was spooled before.
      const isKnown = roster.get(key.subjectId) !== undefined || deps.board.has(key.subjectId)
      if (key.subjectId !== deviceId && !isKnown) continue
      for (const [at, value] of samples) {
        current.put(key.subjectId, { metric: key.metric, labels: key.labels, at: Math.min(at, receivedAt), value })
      }
    }
  }

  function rememberAgent(one: Observed): void {
    const { deviceId, agentId, version, intervalMs, skewMs, receivedAt, newestSampleAt } = one
    if (roster.get(deviceId)?.agent?.id !== agentId) return
    roster.observed(deviceId, {
      ...{ version, intervalMs, skewMs, lastContactAt: receivedAt },
      ...(newestSampleAt === null ? {} : { lastSampleAt: newestSampleAt }),
    })
  }

  return async (journalEntries: readonly JournalEntry[]): Promise<void> => {
    const waitedMs = deps.now() - (journalEntries.at(-1)?.receivedAt ?? deps.now())
    if (waitedMs > HEARD_IN_TIME_MS) deps.evaluator.hearsLate(deps.now())
    for (let from = 0; from < journalEntries.length; ) {
      await pace.turn()
      const some = journalEntries.slice(from, from + together)
      const tookMs = await take(some)
      from += some.length
      const wished = Math.round((some.length * pace.sliceMs()) / Math.max(1, tookMs))
      together = Math.min(MOST_TOGETHER, Math.max(LEAST_TOGETHER, wished))
    }
  }
}

/** Than samples. */
function saysMore({ facts, discoveries, events }: Observed): boolean {
  return facts.length > 0 || discoveries.length > 0 || events.length > 0
}

/** One sample of each series, and nothing of other devices: as nearly every batch is. */
function isOfItselfOnly({ counts, shape }: PackedBatch): boolean {
  return counts === null && shape.others.length === 0 && shape.series.length > 0
}
