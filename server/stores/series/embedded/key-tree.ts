// From a series' key to its number by way of subject, metric, labels and agent. Each step compares a short text that is there
// already: putting one long text together for every sample would cost more than all the rest of taking it in.
import type { Labels } from '../../../../protocol/shapes.ts'
import type { SeriesKey } from '../series-store.ts'

type Leaf = { labels: string; agentId: string; id: number }
/** Nearly always one series; a router has one an interface. */
type Branch = { first: Leaf; others: Map<string, Leaf> | null }

export type KeyTree = {
  /** -1 where there is none. */
  find(key: SeriesKey): number
  add(key: SeriesKey, id: number): void
}

/** The same for the same labels in any order; unambiguous, for every text says how long it is. */
function labelText(labels: Labels): string {
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

export function createKeyTree(): KeyTree {
  const subjects = new Map<string, Map<string, Branch>>()
  const otherText = (agentId: string, labels: string) => `${agentId.length}:${agentId}${labels}`

  return {
    find({ subjectId, metric, agentId, labels }) {
      const branch = subjects.get(subjectId)?.get(metric)
      if (branch === undefined) return -1
      const text = labelText(labels)
      const { first, others } = branch
      if (first.labels === text && first.agentId === agentId) return first.id
      return others?.get(otherText(agentId, text))?.id ?? -1
    },
    add({ subjectId, metric, agentId, labels }, id) {
      let metrics = subjects.get(subjectId)
      if (metrics === undefined) {
        metrics = new Map()
        subjects.set(subjectId, metrics)
      }
      const leaf: Leaf = { labels: labelText(labels), agentId, id }
      const branch = metrics.get(metric)
      if (branch === undefined) metrics.set(metric, { first: leaf, others: null })
      else {
        branch.others ??= new Map()
        branch.others.set(otherText(agentId, leaf.labels), leaf)
      }
    },
  }
}
