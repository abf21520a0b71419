// What probes tell in a batch: votes on the state of devices and links, and since when those run. The record is written in
// the transaction of the batch; the board follows after the commit.
import { PROBE_METRICS } from '../../protocol/probe-words.ts'
import { isSameBoot } from '../availability/cause.ts'
import { recordBoot, recordSightings } from '../availability/record-sightings.ts'
import type { Word } from '../availability/sightings.ts'
import type { ProbeVotes, StateBoard } from '../availability/state-board.ts'
import { evidenceLastsMs } from '../availability/subject-state.ts'
import type { RecordsTransaction } from '../stores/records/records.ts'
import type { SeriesEntry } from '../stores/series/series-store.ts'
import { BOOT_TIME } from './looked-at.ts'

const BOOT_KEPT_EVERY_MS = 60_000

export type { ProbeVotes }

export type ProbeBatch = {
  agentId: string
  receivedAt: number
  intervalMs: number
  /** What was added to the times of the agent's clock. */
  correctedByMs: number
  entries: readonly SeriesEntry[]
}

export type ObserveProbes = {
  record(tx: RecordsTransaction, batch: ProbeBatch): Promise<ProbeVotes[]>
  /** After the commit; answers whose state may be another one now. */
  committed(observed: readonly ProbeVotes[]): string[]
}

export function createObserveProbes(deps: { board: StateBoard }): ObserveProbes {
  const { board } = deps
  /** Per subject and observer, since when late words fill a gap. */
  const lateSince = new Map<string, number>()
  const bootsKept = new Map<string, { bootedAt: number; seenAt: number }>()

  /** A boot that runs on is written once a minute: that is soon enough to tell what an outage was. */
  async function keepBoot(tx: RecordsTransaction, seen: { subjectId: string; bootedAt: number; seenAt: number }) {
    const kept = bootsKept.get(seen.subjectId)
    const sinceMs = seen.seenAt - (kept?.seenAt ?? 0)
    if (
      kept !== undefined &&
      isSameBoot(kept.bootedAt, seen.bootedAt) &&
      sinceMs >= 0 &&
      sinceMs < BOOT_KEPT_EVERY_MS
    ) {
      return
    }
    await recordBoot(tx, seen)
    bootsKept.set(seen.subjectId, seen)
  }

  return {
    async record(tx, { agentId, receivedAt, intervalMs, correctedByMs, entries }) {
      const observed: ProbeVotes[] = []
      for (const { key, samples } of entries) {
        const { subjectId, metric, labels } = key
        if (metric === BOOT_TIME) {
          for (const [at, seconds] of samples) {
            await keepBoot(tx, {
              ...{ subjectId, bootedAt: Math.round(seconds * 1_000) + correctedByMs },
              seenAt: Math.min(at, receivedAt),
            })
          }
        }
        if (metric !== PROBE_METRICS.up) continue
        const words = samples.map(
          ([at, value]): Word => ({ at: Math.min(at, receivedAt), vote: value === 1 ? 'up' : 'down' }),
        )
        if (words.length === 0 || !board.decides(subjectId, labels.probe ?? '', words)) continue
        const observer = `${agentId}/${labels.probe ?? ''}`
        const name = `${subjectId} ${observer}`
        const since = await recordSightings(tx, {
          ...{ subjectId, observer, words, intervalMs, at: receivedAt },
          lateSince: lateSince.get(name) ?? null,
        })
        if (since === null) lateSince.delete(name)
        else lateSince.set(name, since)
        observed.push({ subjectId, observer, words, patienceMs: evidenceLastsMs(intervalMs) })
      }
      return observed
    },
    committed(observed) {
      for (const one of observed) board.heard(one)
      return [...new Set(observed.map(({ subjectId }) => subjectId))]
    },
  }
}
