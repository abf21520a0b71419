// From the samples of a batch to who was heard when. Pure.
import type { SeriesEntry } from '../stores/series/series-store.ts'
import { BOOT_TIME, SNMP_UP } from './looked-at.ts'

export type Hearing = {
  id: string
  /** When it was heard, oldest first, by the collector's clock. */
  heard: number[]
  /** When a poller asked it last, whether it answered or not; null for the agent's own device. */
  polledAt: number | null
  bootedAt: number | null
  entries: SeriesEntry[]
}

type HeardHow = { ownId: string; receivedAt: number; correctedByMs: number; isBlind: boolean }

/** The same for samples that are all of the agent's own device, at these instants; `entries` are those that are looked at. */
export function hearingOfOwn(
  ats: Float64Array,
  entries: SeriesEntry[],
  { ownId, receivedAt, correctedByMs }: HeardHow,
): Hearing {
  const times: number[] = []
  let last = Number.NaN
  // By places: an iterator makes an object of each sample.
  for (let place = 0; place < ats.length; place++) {
    const at = Math.min(ats[place] ?? 0, receivedAt)
    if (at !== last) times.push(at)
    last = at
  }
  const heard = times.length < 2 ? times : [...new Set(times)].sort((left, right) => left - right)
  return { id: ownId, heard, entries, polledAt: null, bootedAt: bootedAtOf(entries, correctedByMs) }
}

/**
 * The agent's own device is heard by any of its samples; another one by its poller's word that it answered. Nobody can
 * have been heard later than now (`receivedAt`): a clock that runs ahead must not keep a dead server alive. A poller that
 * has no network itself (`isBlind`) asked nobody who did not answer.
 */
export function hearingOfSubjects(entries: readonly SeriesEntry[], told: HeardHow): Hearing[] {
  const { ownId, receivedAt, correctedByMs, isBlind } = told
  return [...Map.groupBy(entries, ({ key }) => key.subjectId)].map(([id, own]) => {
    const isOwn = id === ownId
    const rounds = own.filter(({ key }) => key.metric === SNMP_UP).flatMap(({ samples }) => samples)
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
  const seconds = entries.find(({ key }) => key.metric === BOOT_TIME)?.samples.at(-1)?.[1]
  return seconds === undefined ? null : Math.round(seconds * 1000) + correctedByMs
}
