// What changed, in order, for whoever shows it. A lower room writes here and never learns who reads.

export type Change =
  | { kind: 'server'; id: string }
  | { kind: 'incident'; id: string; subjectId: string }
  | { kind: 'samples'; serverId: string; series: ChangedSeries[] }
  | { kind: 'access'; userId: string }
export type ChangedSeries = { metric: string; labels: Record<string, string>; points: [at: number, value: number][] }

export type ChangeFeed = {
  append(change: Change): void
  /** Changes after `seq` in order; `lost` when the feed has already forgotten some of them. */
  since(seq: number): { changes: Change[]; seq: number; lost: boolean }
  /** `wake` is called at each append; the answer ends that. */
  onAppend(wake: () => void): () => void
}

const KEPT_CHANGES = 10_000

export function createChangeFeed(): ChangeFeed {
  const kept: Change[] = []
  let newest = 0
  const wakers = new Set<() => void>()
  return {
    append(change) {
      kept.push(change)
      newest += 1
      if (kept.length > 2 * KEPT_CHANGES) kept.splice(0, kept.length - KEPT_CHANGES)
      for (const wake of wakers) wake()
    },
    since(seq) {
      const missed = newest - seq
      return { changes: kept.slice(Math.max(0, kept.length - missed)), seq: newest, lost: missed > kept.length }
    },
    onAppend(wake) {
      wakers.add(wake)
      return () => wakers.delete(wake)
    },
  }
}
