// From the samples of a batch to who was heard when. Pure.
import type { SeriesEntry } from '../stores/series/series-store.ts'

export type Hearing = {
  id: string
  /** When it was heard, oldest first, by the collector's clock. */
  heard: number[]
  /** When a poller asked it last, whether it answered or not; null for the agent's own device. */
  polledAt: number | null
  bootedAt: number | null
  entries: SeriesEntry[]
}

/**
 * The agent's own device is heard by any of its samples; another one by its poller's word that it answered. Nobody can
 * have been heard later than now (`receivedAt`): a clock that runs ahead must not keep a dead server alive. A poller that
 * has no network itself (`isBlind`) asked nobody who did not answer.
 */
export function hearingOfSubjects(
  entries: readonly SeriesEntry[],
  told: { ownId: string; receivedAt: number; correctedByMs: number; isBlind: boolean },
): Hearing[] {
  const { ownId, receivedAt, correctedByMs, isBlind } = told
  return [...Map.groupBy(entries, ({ key }) => key.subjectId)].map(([id, own]) => {
    const isOwn = id === ownId
    const rounds = own.filter(({ key }) => key.metric === 'snmp_up').flatMap(({ samples }) => samples)
    const samples = isOwn ? own.flatMap(entry => entry.samples) : rounds.filter(([, value]) => value === 1)
    const times = new Set(samples.map(([at]) => Math.min(at, receivedAt)))
    const asked = rounds.filter(([, value]) => value === 1 || !isBlind).map(([at]) => Math.min(at, receivedAt))
    return {
      ...{ id, heard: [...times].sort((left, right) => left - right), entries: own },
      polledAt: isOwn || asked.length === 0 ? null : Math.max(...asked),
      bootedAt: bootedAtOf(own, correctedByMs),
    }
  })
}

/** By the collector's clock, like the sample times that it is compared with. */
function bootedAtOf(entries: readonly SeriesEntry[], correctedByMs: number): number | null {
  const seconds = entries.find(({ key }) => key.metric === 'node_boot_time_seconds')?.samples.at(-1)?.[1]
  return seconds === undefined ? null : Math.round(seconds * 1000) + correctedByMs
}
