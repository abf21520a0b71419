// What the consumer "state" does with journal entries: who spoke and when, what is true of the machine, and which rules
// that touches. It needs no series store, so verdicts go on while that one is away.
import { recordHeard } from '../availability/heard.ts'
import type { StateBoard } from '../availability/state-board.ts'
import { evidenceLastsMs } from '../availability/subject-state.ts'
import { type AgentObservation, recordObservation } from '../inventory/observation.ts'
import type { Roster } from '../inventory/roster.ts'
import type { Evaluator } from '../rules/evaluator.ts'
import { recordClosedSilence } from '../rules/late-truth.ts'
import type { ChangeFeed } from '../stores/change-feed.ts'
import type { CurrentValues } from '../stores/current-values.ts'
import type { Records } from '../stores/records/records.ts'
import type { SeriesEntry } from '../stores/series/series-store.ts'
import { decodeBatch, readStoredBatch, skewMsOf } from './decode-batch.ts'
import type { JournalEntry } from './journal.ts'
import { createObserveProbes, type ProbeVotes } from './observe-probes.ts'

export type ObserveBatchesDeps = {
  records: Records
  changes: ChangeFeed
  current: CurrentValues
  roster: Roster
  evaluator: Pick<Evaluator, 'evaluateSamples' | 'evaluateState'>
  board: StateBoard
  subjectOf: (agentId: string) => Promise<string | null>
  now: () => number
}

type Observed = AgentObservation & {
  entries: readonly SeriesEntry[]
  sampleTimes: number[]
  bootedAt: number | null
  correctedByMs: number
}

/** Idempotent, as a consumer's `handle` must be: everything it writes only ever moves forward or says the same again. */
export function createObserveBatches(deps: ObserveBatchesDeps) {
  const { records, changes, current, roster } = deps
  const probes = createObserveProbes(deps)

  async function observe(entry: JournalEntry): Promise<Observed | null> {
    const deviceId = await deps.subjectOf(entry.agentId)
    if (deviceId === null) return null
    const batch = readStoredBatch(entry.body)
    const skewMs = skewMsOf(entry)
    const { entries, facts, correctedByMs } = decodeBatch(batch, {
      subjectId: deviceId,
      agentId: entry.agentId,
      skewMs,
    })
    // Nobody can have been heard later than now; a clock that runs ahead must not keep a dead server alive.
    const own = entries.filter(({ key }) => key.subjectId === deviceId)
    const times = own.flatMap(({ samples }) => samples.map(([at]) => Math.min(at, entry.receivedAt)))
    const sampleTimes = [...new Set(times)].sort((left, right) => left - right)
    return {
      agentId: entry.agentId,
      deviceId,
      version: batch.agentVersion,
      intervalMs: batch.intervalMs,
      receivedAt: entry.receivedAt,
      newestSampleAt: sampleTimes.at(-1) ?? null,
      skewMs,
      facts,
      entries,
      sampleTimes,
      bootedAt: bootedAtOf(own, correctedByMs),
      correctedByMs,
    }
  }

  return async (journalEntries: readonly JournalEntry[]): Promise<void> => {
    const observed: Observed[] = []
    for (const entry of journalEntries) {
      const one = await observe(entry)
      if (one !== null) observed.push(one)
    }
    const told = await records.transaction().execute(async tx => {
      const votes: ProbeVotes[] = []
      for (const one of observed) {
        votes.push(...(await probes.record(tx, one)))
        await recordObservation(tx, one)
        const closed = await recordHeard(tx, {
          subjectId: one.deviceId,
          times: one.sampleTimes,
          patienceMs: evidenceLastsMs(one.intervalMs),
          bootedAt: one.bootedAt,
        })
        for (const gap of closed) {
          await recordClosedSilence(tx, { subjectId: one.deviceId, ...gap, at: deps.now() })
        }
      }
      return votes
    })
    for (const one of observed) remember(one)
    for (const [deviceId, last] of new Map(observed.map(one => [one.deviceId, one]))) {
      changes.append({ kind: 'samples', serverId: deviceId })
      if (last.facts.length > 0) changes.append({ kind: 'server', id: deviceId })
      await deps.evaluator.evaluateSamples(deviceId, deps.now())
    }
    // All at one moment: then the board draws its picture once.
    const at = deps.now()
    for (const subjectId of probes.committed(told)) {
      changes.append({ kind: 'server', id: subjectId })
      await deps.evaluator.evaluateState(subjectId, at)
    }
  }

  function remember(one: Observed): void {
    for (const { key, samples } of one.entries) {
      for (const [at, value] of samples) {
        current.put(key.subjectId, { metric: key.metric, labels: key.labels, at: Math.min(at, one.receivedAt), value })
      }
    }
    const agent = roster.get(one.deviceId)?.agent
    if (agent?.id !== one.agentId) return
    roster.observed(one.deviceId, {
      version: one.version,
      intervalMs: one.intervalMs,
      skewMs: one.skewMs,
      lastContactAt: one.receivedAt,
      ...(one.newestSampleAt === null ? {} : { lastSampleAt: one.newestSampleAt }),
    })
  }
}

/** By the collector's clock, like the sample times that it is compared with. */
function bootedAtOf(entries: readonly SeriesEntry[], correctedByMs: number): number | null {
  const seconds = entries.find(({ key }) => key.metric === 'node_boot_time_seconds')?.samples.at(-1)?.[1]
  return seconds === undefined ? null : Math.round(seconds * 1000) + correctedByMs
}
