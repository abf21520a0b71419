// From a series' key to its number by way of subject and metric, and where one metric has several series, by labels and agent.
// Each step compares what is there already: putting one long text together for every sample would cost more than all the rest.
import type { Labels } from '../../../../protocol/shapes.ts'
import { isSameKey } from '../series-key.ts'
import type { SeriesKey } from '../series-store.ts'

/** Nearly always one series, which nothing but its number is kept of; a router has one an interface: those by their text. */
type Branch = number | Map<string, number>

export type KeyTree = {
  /** -1 where there is none. */
  find(key: SeriesKey): number
  add(key: SeriesKey, id: number): void
  remove(key: SeriesKey): void
}

/** The same for the same labels in any order; unambiguous, for every text says how long it is. */
function labelText(labels: Readonly<Labels>): string {
  let names: string[] | null = null
  for (const name in labels) {
    if (names === null) names = [name]
    else names.push(name)
  }
  if (names === null) return ''
  if (names.length > 1) names.sort()
  let text = ''
  for (const name of names) {
    const value = labels[name] ?? ''
    text += `${name.length},${value.length}:${name}${value}`
  }
  return text
}

/** `keyOf` tells the keys that were added. */
export function createKeyTree(keyOf: (id: number) => SeriesKey): KeyTree {
  const subjects = new Map<string, Map<string, Branch>>()
  const textOf = ({ agentId, labels }: SeriesKey) => `${agentId.length}:${agentId}${labelText(labels)}`

  return {
    find(key) {
      const branch = subjects.get(key.subjectId)?.get(key.metric)
      if (branch === undefined) return -1
      if (typeof branch === 'number') return isSameKey(keyOf(branch), key) ? branch : -1
      return branch.get(textOf(key)) ?? -1
    },
    add(key, id) {
      const { subjectId, metric } = key
      let metrics = subjects.get(subjectId)
      if (metrics === undefined) {
        metrics = new Map()
        subjects.set(subjectId, metrics)
      }
      const branch = metrics.get(metric)
      if (branch === undefined) metrics.set(metric, id)
      else if (typeof branch !== 'number') branch.set(textOf(key), id)
      else {
        const both: [string, number][] = [branch, id].map(one => [textOf(keyOf(one)), one])
        metrics.set(metric, new Map(both))
      }
    },
    remove(key) {
      const metrics = subjects.get(key.subjectId)
      const branch = metrics?.get(key.metric)
      if (metrics === undefined || branch === undefined) return
      if (typeof branch !== 'number') branch.delete(textOf(key))
      if (typeof branch === 'number' || branch.size === 0) metrics.delete(key.metric)
      if (metrics.size === 0) subjects.delete(key.subjectId)
    },
  }
}
