import type { Counter, Delta } from './source.ts'

/** Totals of one source as of its last reading, by counter. */
export type CounterMemory = ReadonlyMap<string, { total: bigint; readAtMs: number }>

/** The wire takes no growth over a longer time. */
const LONGEST_MS = 31 * 24 * 3_600_000

const keyOf = (counter: Counter): string =>
  `${counter.group}\n${counter.metric}\n${counter.labels === undefined ? '' : JSON.stringify(counter.labels)}`

/**
 * Growth since the reading before. The first sight of a counter gives none, one that vanished is forgotten, and a group
 * in which any counter fell was reset: nobody knows what it counted in between, so it gives none either.
 */
export function growthSince(
  before: CounterMemory,
  counters: Counter[],
  readAtMs: number,
): { deltas: Delta[]; memory: CounterMemory } {
  const memory = new Map<string, { total: bigint; readAtMs: number }>()
  const reset = new Set<string>()
  const grown: { counter: Counter; delta: Delta }[] = []
  for (const counter of counters) {
    const key = keyOf(counter)
    memory.set(key, { total: counter.total, readAtMs })
    const previous = before.get(key)
    if (previous === undefined) continue
    if (counter.total < previous.total) {
      reset.add(counter.group)
      continue
    }
    const overMs = Math.round((readAtMs - previous.readAtMs) * 1_000) / 1_000
    if (overMs <= 0 || overMs > LONGEST_MS) continue
    const growth = counter.total - previous.total
    const perOne = counter.unitsPerOne
    grown.push({
      counter,
      delta: {
        metric: counter.metric,
        ...(counter.labels === undefined ? {} : { labels: counter.labels }),
        growth: perOne === undefined ? growth : Number(growth) / perOne,
        overMs,
      },
    })
  }
  return { deltas: grown.filter(({ counter }) => !reset.has(counter.group)).map(({ delta }) => delta), memory }
}
