// The series by number, in the main thread: who asks by subject and metric is answered with ids, and the worker deals in ids only.
import type { Labels } from '../../../../protocol/shapes.ts'
import { isSameKey, isSelected, listFilter, listOf, parseSeriesKeyText, seriesKeyText } from '../series-key.ts'
import type { SeriesKey, SeriesListFilter, SeriesSelection } from '../series-store.ts'
import { createKeyTree } from './key-tree.ts'
import type { SeriesName } from './ledger.ts'

export type SeriesNames = {
  /** The id of a key; a new one where there was none. `before`: the id that was asked for just before it, -1 for none. */
  idOf(key: SeriesKey, before?: number): number
  /** The store's own copy of a key, of a new series where there was none. */
  ownKey(key: SeriesKey): SeriesKey
  /** Whether it is one of those. */
  isOwn(key: SeriesKey): boolean
  /** Frozen, the same one for everyone who asks: copies of 90,000 keys are tens of megabytes an answer. */
  keyOf(id: number): SeriesKey
  /** Ascending. */
  select(selection: SeriesSelection): Uint32Array
  /** Ascending; null: all. */
  list(filter: SeriesListFilter): Uint32Array | null
  /** Whether the worker knows the series for sure. */
  isTold(id: number): boolean
  nameOf(id: number): SeriesName
  /** The worker has these now. */
  told(names: readonly SeriesName[]): void
  /** These are nobody's numbers any more: their keys, when they come again, get others. What they were is known until `forget`. */
  leave(ids: Iterable<number>): void
  forget(ids: Iterable<number>): void
  count(): number
}

const NO_LABELS: Readonly<Labels> = Object.freeze({})
/** Own keys know their number; nobody else sees it. */
const ID = Symbol('id')
type OwnKey = SeriesKey & { readonly [ID]?: number }

/** What the worker knows when it starts. */
export function createSeriesNames(known: { names: readonly SeriesName[]; nextId: number }): SeriesNames {
  const keys: (SeriesKey | undefined)[] = []
  const leaving = new Map<number, SeriesKey>()
  const keyOf = (id: number) => (keys[id] ?? leaving.get(id)) as SeriesKey
  const tree = createKeyTree(keyOf)
  const bySubject = new Map<string, number[]>()
  const untold = new Set<number>()
  /** Equal texts are kept once: thousands of series share a subject, a metric, an agent. */
  const texts = new Map<string, { text: string; uses: number }>()
  /** Which series followed series i last. Agents send theirs in the same order again and again, so it is a good guess. */
  let followers = new Int32Array(1024).fill(-1)
  /** The last guess that was wrong, and after whom. */
  let missed = { before: -1, id: -1 }
  let { nextId } = known
  let count = 0

  function shared(text: string): string {
    const found = texts.get(text)
    if (found === undefined) texts.set(text, { text, uses: 1 })
    else found.uses++
    return found?.text ?? text
  }

  function unshare(text: string): void {
    const found = texts.get(text)
    if (found !== undefined && --found.uses === 0) texts.delete(text)
  }

  function sharedLabels(labels: Readonly<Labels>): Readonly<Labels> {
    const sorted = Object.entries(labels)
    if (sorted.length === 0) return NO_LABELS
    return Object.freeze(
      Object.fromEntries(
        sorted.sort(([a], [b]) => (a < b ? -1 : 1)).map(([name, value]) => [shared(name), shared(value)]),
      ),
    )
  }

  function add(id: number, { subjectId, metric, labels, agentId }: SeriesKey): void {
    const key: SeriesKey = {
      subjectId: shared(subjectId),
      metric: shared(metric),
      labels: sharedLabels(labels),
      agentId: shared(agentId),
    }
    keys[id] = Object.freeze(Object.defineProperty(key, ID, { value: id }))
    tree.add(key, id)
    count++
    const siblings = bySubject.get(key.subjectId)
    if (siblings === undefined) bySubject.set(key.subjectId, [id])
    else siblings.push(id)
    nextId = Math.max(nextId, id + 1)
  }

  function follow(before: number, id: number): void {
    if (before >= followers.length) {
      const wider = new Int32Array(before * 2).fill(-1)
      wider.set(followers)
      followers = wider
    }
    followers[before] = id
  }

  function isId(id: number, key: SeriesKey): boolean {
    const known = keys[id]
    return known !== undefined && (known === key || isSameKey(known, key))
  }

  /** The id of a key that is the store's own; -1 of any other. */
  function ownId(key: OwnKey): number {
    const own = key[ID]
    return own !== undefined && keys[own] === key ? own : -1
  }

  function find(key: SeriesKey): number {
    const own = ownId(key)
    if (own >= 0) return own
    const found = tree.find(key)
    if (found >= 0) return found
    const id = nextId
    add(id, key)
    untold.add(id)
    return id
  }

  for (const [id, text] of known.names) add(id, parseSeriesKeyText(text))

  function ascending(ids: number[]): Uint32Array {
    return Uint32Array.from(ids).sort()
  }

  return {
    idOf(key, before = -1) {
      if (before < 0) return find(key)
      const guess = followers[before] ?? -1
      if (isId(guess, key)) return guess
      if (isId(missed.id, key)) {
        // The one between was late or came twice: the order is still the same.
        follow(missed.before, missed.id)
        return missed.id
      }
      const id = find(key)
      follow(before, id)
      missed = { before, id: guess }
      return id
    },
    ownKey: key => keyOf(find(key)),
    isOwn: key => ownId(key) >= 0,
    keyOf,
    select(selection) {
      const candidates = listOf(selection.subjectId).flatMap(subjectId => bySubject.get(subjectId) ?? [])
      return ascending(candidates.filter(id => isSelected(keys[id] as SeriesKey, selection)))
    },
    list(filter) {
      if (filter.subjectIds === undefined && filter.metrics === undefined) return null
      const wanted = listFilter(filter)
      const candidates =
        filter.subjectIds === undefined
          ? Array.from(keys.keys())
          : [...new Set(filter.subjectIds)].flatMap(subjectId => bySubject.get(subjectId) ?? [])
      return ascending(candidates.filter(id => keys[id] !== undefined && wanted(keys[id])))
    },
    isTold: id => untold.size === 0 || !untold.has(id),
    nameOf: id => [id, seriesKeyText(keyOf(id))],
    told(names) {
      for (const [id] of names) untold.delete(id)
    },
    leave(ids) {
      const subjects = new Set<string>()
      for (const id of ids) {
        const key = keys[id]
        if (key === undefined) continue
        const { subjectId, metric, labels, agentId } = key
        tree.remove(key)
        keys[id] = undefined
        leaving.set(id, key)
        untold.delete(id)
        count--
        subjects.add(subjectId)
        for (const text of [subjectId, metric, agentId, ...Object.entries(labels).flat()]) unshare(text)
      }
      for (const subjectId of subjects) {
        const left = bySubject.get(subjectId)?.filter(id => keys[id] !== undefined) ?? []
        if (left.length > 0) bySubject.set(subjectId, left)
        else bySubject.delete(subjectId)
      }
    },
    forget(ids) {
      for (const id of ids) leaving.delete(id)
    },
    count: () => count,
  }
}
